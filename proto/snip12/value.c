#include <proto/snip12/value.h>

#include <assert.h>
#include <proto/snip12/byte_array.h>
#include <proto/snip12/hasher.h>
#include <proto/snip12/merkle.h>
#include <proto/snip12/scalar.h>
#include <proto/snip12/type_hash.h>
#include <proto/snip12/typed_data.h>
#include <proto/stark/felt_text.h>
#include <stdlib.h>
#include <string.h>

/* Where in the document the walk is: a step of the path, and how deep it is nested. */
struct place {
    struct ps_typed_path path;
    unsigned depth;
};

static enum ps_code encode(struct ps_typed_walk *walk, const struct ps_type_field *field,
                           const struct ps_type_ref *ref, json_t *value, const struct place *at,
                           ps_felt *out);

static struct place step_into(const struct place *at)
{
    struct place next = {.path = {.parent = &at->path}, .depth = at->depth + 1};

    return next;
}

static enum ps_code out_of_memory(struct ps_typed_walk *walk)
{
    return ps_fail(walk->err, PS_INTERNAL_ERROR, "out of memory while reading typed data");
}

static enum ps_code take(struct ps_typed_walk *walk, size_t values, const struct place *at)
{
    if (values > walk->left)
        return ps_typed_fail(walk->err, &at->path, "a document has at most %d values",
                             PS_TYPED_ELEMENTS_MAX);
    walk->left -= values;
    if (at->depth > PS_TYPED_DEPTH_MAX)
        return ps_typed_fail(walk->err, &at->path, "values are nested deeper than %d",
                             PS_TYPED_DEPTH_MAX);
    return PS_OK;
}

static enum ps_code record(struct ps_typed_walk *walk, const ps_felt *felt)
{
    struct ps_typed_felts *felts = walk->felts;
    size_t capacity = felts->capacity > 0 ? 2 * felts->capacity : 32;
    ps_felt *grown;

    if (felts->count == felts->capacity) {
        grown = realloc(felts->items, capacity * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(walk);
        felts->items = grown;
        felts->capacity = capacity;
    }
    felts->items[felts->count++] = *felt;
    return PS_OK;
}

/*
 * The string of revision 1 is hashed byte by byte. Recorded are the felts that its text would be
 * elsewhere, so that ps_typed_data_has_felt() also finds what is written as such a string.
 */
static enum ps_code encode_string(struct ps_typed_walk *walk, const json_t *value,
                                  const struct place *at, ps_felt *out)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    ps_felt felt;
    enum ps_code rc;

    if (text == NULL)
        return ps_typed_fail(walk->err, &at->path, "must be a text");
    if ((rc = take(walk, length / 31, at)) != PS_OK)
        return rc;
    if (ps_felt_from_short_string(&felt, text, length) == PS_OK &&
        (rc = record(walk, &felt)) != PS_OK)
        return rc;
    if (ps_felt_from_text(&felt, text, length) == PS_OK && (rc = record(walk, &felt)) != PS_OK)
        return rc;
    ps_byte_array_hash(out, text, length);
    return PS_OK;
}

static const ps_felt *type_hash(struct ps_type_table *table, size_t index)
{
    struct ps_type *type = &table->types[index];

    if (!type->hashed) {
        ps_type_hash(table, index, &type->hash);
        type->hashed = true;
    }
    return &type->hash;
}

static enum ps_code refuse_unknown(struct ps_typed_walk *walk, const struct ps_type *type,
                                   json_t *value, const struct place *at)
{
    struct ps_typed_path member = {.parent = &at->path};
    const char *key;
    json_t *ignored;
    size_t i;

    json_object_foreach(value, key, ignored)
    {
        for (i = 0; i < type->count && strcmp(type->fields[i].name, key) != 0; i++)
            ;
        member.name = key;
        if (i == type->count)
            return ps_typed_fail(walk->err, &member, "the type %s has no such field", type->name);
    }
    return PS_OK;
}

static enum ps_code encode_struct(struct ps_typed_walk *walk, size_t index, json_t *value,
                                  const struct place *at, ps_felt *out)
{
    const struct ps_type *type = &walk->table->types[index];
    struct ps_typed_hasher hasher;
    struct place field = step_into(at);
    ps_felt felt;
    size_t i;
    enum ps_code rc;

    if (!json_is_object(value))
        return ps_typed_fail(walk->err, &at->path, "must be an object of type %s", type->name);
    if ((rc = refuse_unknown(walk, type, value, at)) != PS_OK)
        return rc;
    ps_typed_hasher_init(&hasher, walk->table->revision);
    ps_typed_hasher_add_var(&hasher, type_hash(walk->table, index));
    for (i = 0; i < type->count; i++) {
        json_t *member = json_object_get(value, type->fields[i].name);

        field.path.name = type->fields[i].name;
        if (member == NULL)
            return ps_typed_fail(walk->err, &field.path, "is missing: the type %s needs it",
                                 type->name);
        rc = encode(walk, &type->fields[i], &type->fields[i].ref, member, &field, &felt);
        if (rc != PS_OK)
            return rc;
        ps_typed_hasher_add_var(&hasher, &felt);
    }
    ps_typed_hasher_end_var(&hasher, out);
    return PS_OK;
}

static enum ps_code encode_array(struct ps_typed_walk *walk, const struct ps_type_ref *ref,
                                 json_t *value, const struct place *at, ps_felt *out)
{
    struct ps_type_ref one = *ref;
    struct ps_typed_hasher hasher;
    struct place element = step_into(at);
    size_t count = json_array_size(value);
    ps_felt felt;
    enum ps_code rc;

    one.array = false;
    if (!json_is_array(value))
        return ps_typed_fail(walk->err, &at->path, "must be an array");
    ps_typed_hasher_init(&hasher, walk->table->revision);
    for (; element.path.index < count; element.path.index++) {
        rc = encode(walk, NULL, &one, json_array_get(value, element.path.index), &element, &felt);
        if (rc != PS_OK)
            return rc;
        ps_typed_hasher_add_var(&hasher, &felt);
    }
    ps_typed_hasher_end_var(&hasher, out);
    return PS_OK;
}

static enum ps_code encode_merkletree(struct ps_typed_walk *walk, const struct ps_type_ref *leaf,
                                      json_t *value, const struct place *at, ps_felt *out)
{
    struct place element = step_into(at);
    size_t count = json_array_size(value);
    ps_felt *leaves;
    enum ps_code rc;

    if (!json_is_array(value) || count == 0)
        return ps_typed_fail(walk->err, &at->path, "must be an array of at least one leaf");
    if (count > walk->left)
        return take(walk, count, at);
    leaves = calloc(count, sizeof *leaves);
    if (leaves == NULL)
        return out_of_memory(walk);
    for (; element.path.index < count; element.path.index++) {
        rc = encode(walk, NULL, leaf, json_array_get(value, element.path.index), &element,
                    &leaves[element.path.index]);
        if (rc != PS_OK)
            goto out;
    }
    ps_merkle_root_var(out, leaves, count, walk->table->revision);
    rc = PS_OK;
out:
    free(leaves);
    return rc;
}

/* {"Variant": [parts]}: the hash of the variant's number and its parts. */
static enum ps_code encode_enum(struct ps_typed_walk *walk, size_t index, json_t *value,
                                const struct place *at, ps_felt *out)
{
    const struct ps_type *type = &walk->table->types[index];
    struct ps_typed_hasher hasher;
    struct place variant = step_into(at);
    struct place part = step_into(&variant);
    const struct ps_type_field *field;
    json_t *parts;
    ps_felt felt;
    size_t i;
    enum ps_code rc;

    if (!json_is_object(value) || json_object_size(value) != 1)
        return ps_typed_fail(walk->err, &at->path,
                             "must be an object with one member: a variant of %s", type->name);
    variant.path.name = json_object_iter_key(json_object_iter(value));
    parts = json_object_iter_value(json_object_iter(value));
    for (i = 0; i < type->count && strcmp(type->fields[i].name, variant.path.name) != 0; i++)
        ;
    if (i == type->count)
        return ps_typed_fail(walk->err, &variant.path, "the enum %s has no such variant",
                             type->name);
    field = &type->fields[i];
    if (!json_is_array(parts) || json_array_size(parts) != field->part_count)
        return ps_typed_fail(walk->err, &variant.path, "must be an array of %zu values",
                             field->part_count);
    ps_typed_hasher_init(&hasher, walk->table->revision);
    ps_felt_from_u64(&felt, i);
    ps_typed_hasher_add_var(&hasher, &felt);
    for (; part.path.index < field->part_count; part.path.index++) {
        rc = encode(walk, NULL, &field->parts[part.path.index],
                    json_array_get(parts, part.path.index), &part, &felt);
        if (rc != PS_OK)
            return rc;
        ps_typed_hasher_add_var(&hasher, &felt);
    }
    /* A variant without parts hashes as if it had one that is 0: starknet.js, not starknet-rs. */
    if (field->part_count == 0)
        ps_typed_hasher_add_var(&hasher, &ps_felt_zero);
    ps_typed_hasher_end_var(&hasher, out);
    return PS_OK;
}

/* field: of a struct, where merkletree and enum say what they contain; NULL in arrays and tuples.
 */
static enum ps_code encode(struct ps_typed_walk *walk, const struct ps_type_field *field,
                           const struct ps_type_ref *ref, json_t *value, const struct place *at,
                           ps_felt *out)
{
    enum ps_code rc;

    if ((rc = take(walk, 1, at)) != PS_OK)
        return rc;
    if (ref->array)
        return encode_array(walk, ref, value, at, out);
    if (ref->base == PS_TYPE_STRUCT)
        return encode_struct(walk, ref->type, value, at, out);
    if (ref->base == PS_TYPE_ENUM)
        return encode_enum(walk, ref->type, value, at, out);
    if (ref->base == PS_TYPE_MERKLETREE) {
        assert(field != NULL);
        return encode_merkletree(walk, &field->parts[0], value, at, out);
    }
    if (!ps_type_is_scalar(walk->table->revision, ref))
        return encode_string(walk, value, at, out);
    if ((rc = ps_typed_scalar_var(out, ref->base, value, &at->path, walk->err)) != PS_OK)
        return rc;
    return record(walk, out);
}

enum ps_code ps_typed_struct_hash_var(struct ps_typed_walk *walk, size_t type, json_t *value,
                                      const char *name, ps_felt *out)
{
    struct place root = {.path = {.name = name}, .depth = 0};

    return encode_struct(walk, type, value, &root, out);
}
