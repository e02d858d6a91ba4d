#include <proto/snip12/type_table.h>

#include <assert.h>
#include <proto/snip12/type_ref.h>
#include <proto/snip12/typed_data.h>
#include <stdlib.h>
#include <string.h>

#define PRESET_FIELDS 2

/* SNIP-12 revision 1, "Preset types". */
static const struct {
    const char *name;
    struct {
        const char *name;
        const char *text;
    } fields[PRESET_FIELDS];
} presets[] = {
    {"u256", {{"low", "u128"}, {"high", "u128"}}},
    {"TokenAmount", {{"token_address", "ContractAddress"}, {"amount", "u256"}}},
    {"NftId", {{"collection_address", "ContractAddress"}, {"token_id", "u256"}}},
};
#define PRESETS (sizeof presets / sizeof presets[0])

bool ps_type_name_ok(const char *name, size_t length)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ ";
    size_t i;

    if (length < 1 || length > PS_TYPED_NAME_MAX)
        return false;
    for (i = 0; i < length; i++) {
        if (memchr(allowed, name[i], sizeof allowed - 1) == NULL)
            return false;
    }
    return true;
}

bool ps_type_table_find(const struct ps_type_table *table, const char *name, size_t length,
                        size_t *index)
{
    size_t i;

    for (i = 0; i < table->count; i++) {
        if (strlen(table->types[i].name) == length &&
            memcmp(table->types[i].name, name, length) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool is_reserved(unsigned revision, const char *name)
{
    enum ps_type_base base;
    size_t i;

    if (ps_type_basic(revision, name, strlen(name), &base))
        return true;
    for (i = 0; revision == 1 && i < PRESETS; i++) {
        if (strcmp(name, presets[i].name) == 0)
            return true;
    }
    return false;
}

static enum ps_code out_of_memory(struct ps_error *err)
{
    return ps_fail(err, PS_INTERNAL_ERROR, "out of memory while reading types");
}

static enum ps_code allocate_fields(struct ps_type *type, size_t count, struct ps_error *err)
{
    type->fields = calloc(count > 0 ? count : 1, sizeof *type->fields);
    return type->fields != NULL ? PS_OK : out_of_memory(err);
}

static enum ps_code add_presets(struct ps_type_table *table, struct ps_error *err)
{
    size_t i;
    size_t f;

    for (i = 0; i < PRESETS; i++) {
        struct ps_type *type = &table->types[table->count++];

        type->name = presets[i].name;
        type->preset = true;
        if (allocate_fields(type, PRESET_FIELDS, err) != PS_OK)
            return PS_INTERNAL_ERROR;
        for (f = 0; f < PRESET_FIELDS; f++) {
            type->fields[f].name = presets[i].fields[f].name;
            type->fields[f].text = presets[i].fields[f].text;
        }
        type->count = PRESET_FIELDS;
    }
    return PS_OK;
}

/* A text member of a field's description; one that is absent is NULL. */
static enum ps_code text_member(const json_t *object, const char *name, const char **out,
                                const struct ps_typed_path *at, struct ps_error *err)
{
    const json_t *value = json_object_get(object, name);
    struct ps_typed_path member = {.parent = at, .name = name};

    *out = json_string_value(value);
    if (value != NULL && *out == NULL)
        return ps_typed_fail(err, &member, "must be a text");
    if (*out != NULL && strlen(*out) != json_string_length(value))
        return ps_typed_fail(err, &member, "must not have a NUL character in it");
    return PS_OK;
}

static enum ps_code refuse_unknown(json_t *object, const struct ps_typed_path *at,
                                   struct ps_error *err)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        struct ps_typed_path member = {.parent = at, .name = key};

        if (strcmp(key, "name") != 0 && strcmp(key, "type") != 0 && strcmp(key, "contains") != 0)
            return ps_typed_fail(err, &member,
                                 "a field has the members name, type and contains only");
    }
    return PS_OK;
}

/* Every type hash may have to read all of it. */
static enum ps_code take_text(struct ps_type_table *table, size_t length,
                              const struct ps_typed_path *at, struct ps_error *err)
{
    table->text += length;
    if (table->text > PS_TYPED_TEXT_MAX)
        return ps_typed_fail(err, at, "the types of a document have at most %d characters in all",
                             PS_TYPED_TEXT_MAX);
    return PS_OK;
}

static enum ps_code read_field(struct ps_type_table *table, struct ps_type *type, json_t *object,
                               const struct ps_typed_path *at, struct ps_error *err)
{
    struct ps_type_field *field = &type->fields[type->count];
    struct ps_typed_path name = {.parent = at, .name = "name"};
    size_t i;
    enum ps_code rc;

    if (!json_is_object(object))
        return ps_typed_fail(err, at, "must be an object with name and type");
    if ((rc = refuse_unknown(object, at, err)) != PS_OK ||
        (rc = text_member(object, "name", &field->name, at, err)) != PS_OK ||
        (rc = text_member(object, "type", &field->text, at, err)) != PS_OK ||
        (rc = text_member(object, "contains", &field->contains, at, err)) != PS_OK)
        return rc;
    if (field->name == NULL || field->text == NULL)
        return ps_typed_fail(err, at, "must have a name and a type");
    if (!ps_type_name_ok(field->name, strlen(field->name)))
        return ps_typed_fail(err, &name, "a name is 1 to %d of letters, digits, _ and space",
                             PS_TYPED_NAME_MAX);
    for (i = 0; i < type->count; i++) {
        assert(type->fields[i].name != NULL);
        if (strcmp(type->fields[i].name, field->name) == 0)
            return ps_typed_fail(err, &name, "the type has a field %s already", field->name);
    }
    type->count++;
    return take_text(table, strlen(field->name) + strlen(field->text), at, err);
}

/* A type is an enum when its fields are variants; a type that is half of each is neither. */
static enum ps_code decide_kind(unsigned revision, struct ps_type *type,
                                const struct ps_typed_path *at, struct ps_error *err)
{
    size_t variants = 0;
    size_t i;

    for (i = 0; i < type->count; i++) {
        assert(type->fields[i].text != NULL);
        variants += type->fields[i].text[0] == '(';
    }
    if (variants == 0)
        return PS_OK;
    if (revision == 0)
        return ps_typed_fail(err, at, "revision 0 has no enums");
    if (variants != type->count)
        return ps_typed_fail(err, at, "either all fields are variants of an enum, as (), or none");
    type->is_enum = true;
    return PS_OK;
}

static enum ps_code read_type(struct ps_type_table *table, const char *name, json_t *fields,
                              const struct ps_typed_path *at, struct ps_error *err)
{
    struct ps_type *type = &table->types[table->count++];
    struct ps_typed_path element = {.parent = at};
    size_t count = json_array_size(fields);
    enum ps_code rc;

    type->name = name;
    if (!ps_type_name_ok(name, strlen(name)))
        return ps_typed_fail(err, at, "a type's name is 1 to %d of letters, digits, _ and space",
                             PS_TYPED_NAME_MAX);
    if (is_reserved(table->revision, name))
        return ps_typed_fail(err, at, "%s is a type of the standard: choose another name", name);
    if (!json_is_array(fields))
        return ps_typed_fail(err, at, "must be an array of fields");
    if (count > PS_TYPED_FIELDS_MAX)
        return ps_typed_fail(err, at, "a type has at most %d fields", PS_TYPED_FIELDS_MAX);
    if ((rc = allocate_fields(type, count, err)) != PS_OK)
        return rc;
    for (element.index = 0; element.index < count; element.index++) {
        rc = read_field(table, type, json_array_get(fields, element.index), &element, err);
        if (rc != PS_OK)
            return rc;
    }
    return decide_kind(table->revision, type, at, err);
}

static enum ps_code resolve_all(struct ps_type_table *table, const struct ps_typed_path *at,
                                struct ps_error *err)
{
    size_t i;
    enum ps_code rc;

    for (i = 0; i < table->count; i++) {
        struct ps_typed_path type = {.parent = at, .name = table->types[i].name};
        struct ps_typed_path field = {.parent = &type};

        for (field.index = 0; field.index < table->types[i].count; field.index++) {
            rc = ps_type_field_resolve(table, &table->types[i].fields[field.index], &field, err);
            if (rc != PS_OK)
                return rc;
        }
    }
    return PS_OK;
}

enum ps_code ps_type_table_read(struct ps_type_table *out, const json_t *types, unsigned revision,
                                struct ps_error *err)
{
    struct ps_typed_path at = {.name = "types"};
    const char *name;
    json_t *fields;
    enum ps_code rc;

    memset(out, 0, sizeof *out);
    out->revision = revision;
    if (!json_is_object(types))
        return ps_typed_fail(err, &at, "must be an object of types");
    if (json_object_size(types) > PS_TYPED_TYPES_MAX)
        return ps_typed_fail(err, &at, "a document has at most %d types", PS_TYPED_TYPES_MAX);
    out->types = calloc(json_object_size(types) + PRESETS, sizeof *out->types);
    if (out->types == NULL)
        return out_of_memory(err);
    json_object_foreach((json_t *)types, name, fields)
    {
        struct ps_typed_path type = {.parent = &at, .name = name};

        if ((rc = read_type(out, name, fields, &type, err)) != PS_OK)
            return rc;
    }
    if (revision == 1 && (rc = add_presets(out, err)) != PS_OK)
        return rc;
    return resolve_all(out, &at, err);
}

void ps_type_table_free(struct ps_type_table *table)
{
    size_t i;
    size_t f;

    for (i = 0; i < table->count; i++) {
        for (f = 0; f < table->types[i].count; f++)
            free(table->types[i].fields[f].parts);
        free(table->types[i].fields);
    }
    free(table->types);
    memset(table, 0, sizeof *table);
}
