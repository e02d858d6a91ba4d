#include <proto/snip12/typed_data.h>

#include <assert.h>
#include <proto/snip12/hasher.h>
#include <proto/snip12/path.h>
#include <proto/snip12/scalar.h>
#include <proto/snip12/type_hash.h>
#include <proto/snip12/value.h>
#include <proto/stark/felt_text.h>
#include <stdlib.h>
#include <string.h>

#define TYPED_DATA_MAGIC 0x54795044u

/* Everything is hashed when the document is read; afterwards there are only answers. */
struct ps_typed_data {
    unsigned magic;
    json_t *doc; /* a reference of our own */
    struct ps_type_table table;
    size_t domain_type;
    size_t primary_type;
    ps_felt domain_hash;
    ps_felt struct_hash;
    struct ps_typed_felts felts; /* of the domain, then of the message */
    size_t domain_felts;
};

static const char *const domain_types[] = {"StarkNetDomain", "StarknetDomain"};

static enum ps_code check_members(json_t *doc, struct ps_error *err)
{
    static const char *const known[] = {"types", "primaryType", "domain", "message"};
    const char *key;
    json_t *value;
    size_t i;

    if (!json_is_object(doc))
        return ps_typed_fail(err, NULL, "typed data must be an object");
    json_object_foreach(doc, key, value)
    {
        struct ps_typed_path at = {.name = key};

        for (i = 0; i < 4 && strcmp(key, known[i]) != 0; i++)
            ;
        if (i == 4)
            return ps_typed_fail(
                err, &at, "typed data has types, primaryType, domain and message, nothing else");
    }
    for (i = 0; i < 4; i++) {
        struct ps_typed_path at = {.name = known[i]};

        if (json_object_get(doc, known[i]) == NULL)
            return ps_typed_fail(err, &at, "is missing");
    }
    return PS_OK;
}

/* The domain says it; a domain that says nothing is of revision 0. */
static enum ps_code read_revision(json_t *doc, unsigned *out, struct ps_error *err)
{
    struct ps_typed_path domain = {.name = "domain"};
    struct ps_typed_path at = {.parent = &domain, .name = "revision"};
    const json_t *value = json_object_get(doc, "domain");
    const json_t *revision = json_object_get(value, "revision");
    const char *text = json_string_value(revision);

    if (!json_is_object(value))
        return ps_typed_fail(err, &domain, "must be an object");
    if (revision == NULL || (json_is_integer(revision) && json_integer_value(revision) == 0) ||
        (text != NULL && json_string_length(revision) == 1 && text[0] == '0'))
        *out = 0;
    else if ((json_is_integer(revision) && json_integer_value(revision) == 1) ||
             (text != NULL && json_string_length(revision) == 1 && text[0] == '1'))
        *out = 1;
    else
        return ps_typed_fail(err, &at, "must be \"0\" or \"1\"");
    return PS_OK;
}

static enum ps_code find_struct(const struct ps_type_table *table, const char *name, size_t length,
                                const char *where, size_t *out, struct ps_error *err)
{
    struct ps_typed_path at = {.name = where};

    if (name == NULL || !ps_type_table_find(table, name, length, out) ||
        table->types[*out].preset || table->types[*out].is_enum)
        return ps_typed_fail(err, &at, "must name a struct of types");
    return PS_OK;
}

static enum ps_code read_types(struct ps_typed_data *td, struct ps_error *err)
{
    const json_t *primary = json_object_get(td->doc, "primaryType");
    const char *domain;
    unsigned revision = 0;
    enum ps_code rc;

    if ((rc = check_members(td->doc, err)) != PS_OK ||
        (rc = read_revision(td->doc, &revision, err)) != PS_OK ||
        (rc = ps_type_table_read(&td->table, json_object_get(td->doc, "types"), revision, err)) !=
            PS_OK)
        return rc;
    domain = domain_types[revision];
    if (find_struct(&td->table, domain, strlen(domain), "types", &td->domain_type, NULL) != PS_OK) {
        struct ps_typed_path at = {.name = "types"};

        return ps_typed_fail(err, &at, "a document of revision %u needs the type %s", revision,
                             domain);
    }
    return find_struct(&td->table, json_string_value(primary), json_string_length(primary),
                       "primaryType", &td->primary_type, err);
}

static enum ps_code hash_values(struct ps_typed_data *td, struct ps_error *err)
{
    struct ps_typed_walk walk = {
        .table = &td->table, .felts = &td->felts, .left = PS_TYPED_ELEMENTS_MAX, .err = err};
    enum ps_code rc;

    rc = ps_typed_struct_hash_var(&walk, td->domain_type, json_object_get(td->doc, "domain"),
                                  "domain", &td->domain_hash);
    if (rc != PS_OK)
        return rc;
    td->domain_felts = td->felts.count;
    return ps_typed_struct_hash_var(&walk, td->primary_type, json_object_get(td->doc, "message"),
                                    "message", &td->struct_hash);
}

enum ps_code ps_typed_data_read(json_t *doc, struct ps_typed_data **out, struct ps_error *err)
{
    struct ps_typed_data *td = calloc(1, sizeof *td);
    enum ps_code rc;

    *out = NULL;
    if (td == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory while reading typed data");
    td->magic = TYPED_DATA_MAGIC;
    td->doc = json_incref(doc);
    if ((rc = read_types(td, err)) != PS_OK || (rc = hash_values(td, err)) != PS_OK)
        goto out;
    *out = td;
    td = NULL;
out:
    ps_typed_data_free(td);
    return rc;
}

void ps_typed_data_free(struct ps_typed_data *td)
{
    if (td == NULL)
        return;
    assert(td->magic == TYPED_DATA_MAGIC);
    td->magic = 0;
    ps_type_table_free(&td->table);
    free(td->felts.items);
    json_decref(td->doc);
    free(td);
}

unsigned ps_typed_data_revision(const struct ps_typed_data *td)
{
    return td->table.revision;
}

const char *ps_typed_data_primary_type(const struct ps_typed_data *td)
{
    return td->table.types[td->primary_type].name;
}

enum ps_code ps_typed_data_type_hash(const struct ps_typed_data *td, const char *type, ps_felt *out,
                                     struct ps_error *err)
{
    struct ps_typed_path at = {.name = "types"};
    size_t index;

    assert(td->magic == TYPED_DATA_MAGIC);
    if (!ps_type_table_find(&td->table, type, strlen(type), &index))
        return ps_typed_fail(err, &at, "has no type of that name");
    if (td->table.types[index].hashed)
        *out = td->table.types[index].hash;
    else
        ps_type_hash(&td->table, index, out);
    return PS_OK;
}

enum ps_code ps_typed_data_domain_hash_var(const struct ps_typed_data *td, ps_felt *out,
                                           struct ps_error *err)
{
    (void)err;
    assert(td->magic == TYPED_DATA_MAGIC);
    *out = td->domain_hash;
    return PS_OK;
}

enum ps_code ps_typed_data_message_hash_var(const struct ps_typed_data *td, const ps_felt *account,
                                            ps_felt *out, struct ps_error *err)
{
    static const char prefix_text[] = "StarkNet Message";
    struct ps_typed_hasher hasher;
    ps_felt prefix;
    enum ps_code rc;

    assert(td->magic == TYPED_DATA_MAGIC);
    rc = ps_felt_from_short_string(&prefix, prefix_text, sizeof prefix_text - 1);
    if (rc != PS_OK)
        return ps_fail(err, rc, "the prefix of messages is no short string");
    ps_typed_hasher_init(&hasher, td->table.revision);
    ps_typed_hasher_add_var(&hasher, &prefix);
    ps_typed_hasher_add_var(&hasher, &td->domain_hash);
    ps_typed_hasher_add_var(&hasher, account);
    ps_typed_hasher_add_var(&hasher, &td->struct_hash);
    ps_typed_hasher_end_var(&hasher, out);
    return PS_OK;
}

static enum ps_code member_felt(const struct ps_typed_data *td, size_t type_index,
                                const char *where, const char *member, ps_felt *out,
                                struct ps_error *err)
{
    const struct ps_type *type = &td->table.types[type_index];
    const json_t *object = json_object_get(td->doc, where);
    struct ps_typed_path parent = {.name = where};
    struct ps_typed_path at = {.parent = &parent, .name = member};
    size_t i;

    assert(td->magic == TYPED_DATA_MAGIC);
    for (i = 0; i < type->count && strcmp(type->fields[i].name, member) != 0; i++)
        ;
    if (i == type->count)
        return ps_typed_fail(err, &at, "is missing");
    if (!ps_type_is_scalar(td->table.revision, &type->fields[i].ref))
        return ps_typed_fail(err, &at, "is not a single value");
    return ps_typed_scalar_var(out, type->fields[i].ref.base, json_object_get(object, member), &at,
                               err);
}

enum ps_code ps_typed_data_domain_felt(const struct ps_typed_data *td, const char *member,
                                       ps_felt *out, struct ps_error *err)
{
    return member_felt(td, td->domain_type, "domain", member, out, err);
}

enum ps_code ps_typed_data_message_felt(const struct ps_typed_data *td, const char *member,
                                        ps_felt *out, struct ps_error *err)
{
    return member_felt(td, td->primary_type, "message", member, out, err);
}

bool ps_typed_data_has_felt(const struct ps_typed_data *td, const ps_felt *value)
{
    size_t i;

    assert(td->magic == TYPED_DATA_MAGIC);
    for (i = 0; i < td->felts.count; i++) {
        if (ps_felt_eq(&td->felts.items[i], value))
            return true;
    }
    return false;
}

size_t ps_typed_data_domain_felts(const struct ps_typed_data *td, const ps_felt **out)
{
    assert(td->magic == TYPED_DATA_MAGIC);
    *out = td->felts.items;
    return td->domain_felts;
}
