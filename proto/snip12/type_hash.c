#include <proto/snip12/type_hash.h>

#include <assert.h>
#include <proto/ethereum/keccak.h>
#include <proto/snip12/typed_data.h>
#include <stdlib.h>
#include <string.h>

#define ALL_TYPES_MAX (PS_TYPED_TYPES_MAX + 8) /* with the presets */

static void add_text(struct ps_keccak256 *k, const char *text, size_t length)
{
    ps_keccak256_add(k, text, length);
}

/* Revision 1 puts names in quotes, so that no name can pretend to be more than one. */
static void add_name(struct ps_keccak256 *k, unsigned revision, const char *name, size_t length)
{
    if (revision == 1)
        add_text(k, "\"", 1);
    add_text(k, name, length);
    if (revision == 1)
        add_text(k, "\"", 1);
}

static void add_tuple(struct ps_keccak256 *k, unsigned revision, const char *text)
{
    const char *part = text + 1;
    const char *end = text + strlen(text) - 1;

    add_text(k, "(", 1);
    while (part < end) {
        const char *comma = memchr(part, ',', (size_t)(end - part));
        const char *stop = comma != NULL ? comma : end;

        add_name(k, revision, part, (size_t)(stop - part));
        if (comma != NULL)
            add_text(k, ",", 1);
        part = stop + 1;
    }
    add_text(k, ")", 1);
}

static void add_type(struct ps_keccak256 *k, unsigned revision, const struct ps_type *type)
{
    size_t i;

    add_name(k, revision, type->name, strlen(type->name));
    add_text(k, "(", 1);
    for (i = 0; i < type->count; i++) {
        const struct ps_type_field *field = &type->fields[i];
        const char *text = field->ref.base == PS_TYPE_ENUM ? field->contains : field->text;

        if (i > 0)
            add_text(k, ",", 1);
        add_name(k, revision, field->name, strlen(field->name));
        add_text(k, ":", 1);
        if (field->ref.base == PS_TYPE_TUPLE)
            add_tuple(k, revision, text);
        else
            add_name(k, revision, text, strlen(text));
    }
    add_text(k, ")", 1);
}

struct needed {
    bool seen[ALL_TYPES_MAX];
    size_t indices[ALL_TYPES_MAX]; /* in the order of being met; [0] is the type itself */
    size_t count;
};

static void need(struct needed *n, const struct ps_type_ref *ref)
{
    if ((ref->base == PS_TYPE_STRUCT || ref->base == PS_TYPE_ENUM) && !n->seen[ref->type]) {
        n->seen[ref->type] = true;
        n->indices[n->count++] = ref->type;
    }
}

static void need_of(struct needed *n, const struct ps_type *type)
{
    size_t i;
    size_t p;

    for (i = 0; i < type->count; i++) {
        const struct ps_type_field *field = &type->fields[i];

        need(n, &field->ref);
        for (p = 0; field->ref.base == PS_TYPE_TUPLE && p < field->part_count; p++)
            need(n, &field->parts[p]);
    }
}

static int by_name(const void *a, const void *b, void *types)
{
    const struct ps_type *table = types;

    return strcmp(table[*(const size_t *)a].name, table[*(const size_t *)b].name);
}

void ps_type_hash(const struct ps_type_table *table, size_t index, ps_felt *out)
{
    struct needed needed = {.count = 1};
    struct ps_keccak256 keccak;
    size_t i;

    assert(table->count <= ALL_TYPES_MAX && index < table->count);
    needed.seen[index] = true;
    needed.indices[0] = index;
    for (i = 0; i < needed.count; i++)
        need_of(&needed, &table->types[needed.indices[i]]);
    qsort_r(needed.indices + 1, needed.count - 1, sizeof needed.indices[0], by_name, table->types);
    ps_keccak256_init(&keccak);
    for (i = 0; i < needed.count; i++)
        add_type(&keccak, table->revision, &table->types[needed.indices[i]]);
    ps_starknet_keccak_end(&keccak, out);
}
