#include <proto/snip12/type_ref.h>

#include <proto/snip12/typed_data.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum ps_type_base base;
    unsigned since; /* revision */
} basic_types[] = {
    {"felt", PS_TYPE_FELT, 0},
    {"bool", PS_TYPE_BOOL, 0},
    {"string", PS_TYPE_STRING, 0},
    {"selector", PS_TYPE_SELECTOR, 0},
    {"merkletree", PS_TYPE_MERKLETREE, 0},
    {"shortstring", PS_TYPE_SHORTSTRING, 1},
    {"u128", PS_TYPE_U128, 1},
    {"i128", PS_TYPE_I128, 1},
    {"timestamp", PS_TYPE_TIMESTAMP, 1},
    {"ContractAddress", PS_TYPE_CONTRACT_ADDRESS, 1},
    {"ClassHash", PS_TYPE_CLASS_HASH, 1},
    {"enum", PS_TYPE_ENUM, 1},
};

bool ps_type_basic(unsigned revision, const char *name, size_t length, enum ps_type_base *out)
{
    size_t i;

    for (i = 0; i < sizeof basic_types / sizeof basic_types[0]; i++) {
        if (basic_types[i].since <= revision && strlen(basic_types[i].name) == length &&
            memcmp(basic_types[i].name, name, length) == 0) {
            *out = basic_types[i].base;
            return true;
        }
    }
    return false;
}

/* A type that stands alone: basic without `contains`, or a struct of the table; then maybe "*". */
static enum ps_code resolve_plain(const struct ps_type_table *table, const char *text,
                                  size_t length, struct ps_type_ref *out,
                                  const struct ps_typed_path *at, struct ps_error *err)
{
    memset(out, 0, sizeof *out);
    if (length > 0 && text[length - 1] == '*') {
        out->array = true;
        length--;
    }
    if (!ps_type_name_ok(text, length))
        return ps_typed_fail(
            err, at, "write a type as a name, name* or, in an enum, (name,name) without spaces");
    if (ps_type_basic(table->revision, text, length, &out->base)) {
        if (out->base == PS_TYPE_MERKLETREE || out->base == PS_TYPE_ENUM)
            return ps_typed_fail(err, at, "merkletree and enum can only be the type of a field");
        return PS_OK;
    }
    if (!ps_type_table_find(table, text, length, &out->type))
        return ps_typed_fail(err, at, "there is no type %.*s in revision %u or in types",
                             (int)length, text, table->revision);
    if (table->types[out->type].is_enum)
        return ps_typed_fail(
            err, at, "%.*s is an enum: give the field the type enum and name it in contains",
            (int)length, text);
    out->base = PS_TYPE_STRUCT;
    return PS_OK;
}

static enum ps_code allocate_parts(struct ps_type_field *field, size_t count, struct ps_error *err)
{
    field->parts = calloc(count, sizeof *field->parts);
    if (field->parts == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory while reading types");
    field->part_count = count;
    return PS_OK;
}

static enum ps_code resolve_tuple(const struct ps_type_table *table, struct ps_type_field *field,
                                  const struct ps_typed_path *at, struct ps_error *err)
{
    size_t length = strlen(field->text);
    const char *part = field->text + 1;
    const char *end = field->text + length - 1;
    size_t count = 1;
    const char *c;
    size_t i;
    enum ps_code rc;

    field->ref.base = PS_TYPE_TUPLE;
    if (length < 2 || *end != ')')
        return ps_typed_fail(err, at, "write a variant's type as (), (name) or (name,name)");
    if (part == end)
        return PS_OK;
    for (c = part; c < end; c++)
        count += *c == ',';
    if (count > PS_TYPED_FIELDS_MAX)
        return ps_typed_fail(err, at, "a variant has at most %d parts", PS_TYPED_FIELDS_MAX);
    if ((rc = allocate_parts(field, count, err)) != PS_OK)
        return rc;
    for (i = 0; i < count; i++) {
        c = memchr(part, ',', (size_t)(end - part));
        if (c == NULL)
            c = end;
        if ((rc = resolve_plain(table, part, (size_t)(c - part), &field->parts[i], at, err)) !=
            PS_OK)
            return rc;
        part = c + 1;
    }
    return PS_OK;
}

static enum ps_code resolve_contains(const struct ps_type_table *table, struct ps_type_field *field,
                                     const struct ps_typed_path *at, struct ps_error *err)
{
    struct ps_typed_path contains = {.parent = at->parent, .name = "contains"};
    size_t length;
    enum ps_code rc;

    if (field->contains == NULL)
        return ps_typed_fail(err, at, "a %s needs the member contains beside its type",
                             field->text);
    length = strlen(field->contains);
    if (field->ref.base == PS_TYPE_ENUM) {
        if (!ps_type_table_find(table, field->contains, length, &field->ref.type) ||
            !table->types[field->ref.type].is_enum)
            return ps_typed_fail(
                err, &contains,
                "contains of an enum names a type of types whose fields are variants, as ()");
        return PS_OK;
    }
    if ((rc = allocate_parts(field, 1, err)) != PS_OK)
        return rc;
    if ((rc = resolve_plain(table, field->contains, length, &field->parts[0], &contains, err)) !=
        PS_OK)
        return rc;
    if (field->parts[0].array)
        return ps_typed_fail(err, &contains, "the leaves of a merkletree cannot be arrays");
    return PS_OK;
}

enum ps_code ps_type_field_resolve(const struct ps_type_table *table, struct ps_type_field *field,
                                   const struct ps_typed_path *at, struct ps_error *err)
{
    struct ps_typed_path type = {.parent = at, .name = "type"};
    struct ps_typed_path contains = {.parent = at, .name = "contains"};
    enum ps_type_base base;

    if (ps_type_basic(table->revision, field->text, strlen(field->text), &base) &&
        (base == PS_TYPE_MERKLETREE || base == PS_TYPE_ENUM)) {
        field->ref.base = base;
        return resolve_contains(table, field, &type, err);
    }
    if (field->contains != NULL)
        return ps_typed_fail(err, &contains, "only merkletree%s has contains",
                             table->revision == 1 ? " and enum" : "");
    if (field->text[0] == '(')
        return resolve_tuple(table, field, &type, err);
    return resolve_plain(table, field->text, strlen(field->text), &field->ref, &type, err);
}
