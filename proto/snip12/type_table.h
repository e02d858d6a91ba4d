/*
 * The types of a document, read once: which exist, what their fields are, and what each field's
 * type text refers to. Texts are borrowed from the document.
 */
#ifndef PARASIGN_PROTO_SNIP12_TYPE_TABLE_H
#define PARASIGN_PROTO_SNIP12_TYPE_TABLE_H

#include <jansson.h>
#include <proto/snip12/path.h>
#include <proto/stark/felt.h>

enum ps_type_base {
    PS_TYPE_FELT,
    PS_TYPE_BOOL,
    PS_TYPE_STRING,
    PS_TYPE_SELECTOR,
    PS_TYPE_MERKLETREE,
    PS_TYPE_SHORTSTRING, /* from here to ENUM: revision 1 */
    PS_TYPE_U128,
    PS_TYPE_I128,
    PS_TYPE_TIMESTAMP,
    PS_TYPE_CONTRACT_ADDRESS,
    PS_TYPE_CLASS_HASH,
    PS_TYPE_ENUM,
    PS_TYPE_STRUCT, /* a name of the table */
    PS_TYPE_TUPLE   /* the "(a,b)" of an enum's variant */
};

struct ps_type_ref {
    enum ps_type_base base;
    bool array;
    size_t type; /* STRUCT, ENUM: index into the table */
};

struct ps_type_field {
    const char *name;
    const char *text;     /* the type as written */
    const char *contains; /* of merkletree and enum, else NULL */
    struct ps_type_ref ref;
    struct ps_type_ref *parts; /* TUPLE: its parts; MERKLETREE: one, the leaf. Owned. */
    size_t part_count;
};

struct ps_type {
    const char *name;
    struct ps_type_field *fields; /* owned */
    size_t count;
    bool is_enum; /* its fields are variants */
    bool preset;  /* of revision 1, not of the document */
    bool hashed;
    ps_felt hash; /* when hashed */
};

struct ps_type_table {
    unsigned revision;
    struct ps_type *types; /* owned */
    size_t count;
    size_t text; /* characters of names and types so far: what type hashes have to read */
};

/*
 * Fills *out from the member `types` of a document; the presets of revision 1 are added. On failure
 * too, out is to be freed.
 */
PS_MUST_USE enum ps_code ps_type_table_read(struct ps_type_table *out, const json_t *types,
                                            unsigned revision, struct ps_error *err);
void ps_type_table_free(struct ps_type_table *table);

/* true and its index when there is a type of that name (length bytes). */
bool ps_type_table_find(const struct ps_type_table *table, const char *name, size_t length,
                        size_t *index);

/* 1 to PS_TYPED_NAME_MAX of [A-Za-z0-9_ ]. */
bool ps_type_name_ok(const char *name, size_t length);

#endif
