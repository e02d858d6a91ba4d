/* Values to hashes: the walk over domain and message that checks, encodes and hashes in one. */
#ifndef PARASIGN_PROTO_SNIP12_VALUE_H
#define PARASIGN_PROTO_SNIP12_VALUE_H

#include <proto/snip12/type_table.h>

/* Every single value met, as felt. */
struct ps_typed_felts {
    ps_felt *items; /* owned */
    size_t count;
    size_t capacity;
};

struct ps_typed_walk {
    struct ps_type_table *table;  /* type hashes are kept in it */
    struct ps_typed_felts *felts; /* appended to */
    size_t left;                  /* values that the document may still have */
    struct ps_error *err;
};

/* The struct hash of value as the type; name: of the document's member, for pointers. */
PS_MUST_USE enum ps_code ps_typed_struct_hash_var(struct ps_typed_walk *walk, size_t type,
                                                  json_t *value, const char *name, ps_felt *out);

#endif
