/* The text of a type and its hash: what makes two documents of the same name different. */
#ifndef PARASIGN_PROTO_SNIP12_TYPE_HASH_H
#define PARASIGN_PROTO_SNIP12_TYPE_HASH_H

#include <proto/snip12/type_table.h>

/*
 * sn_keccak of the type's text: the type, then all types it needs sorted by name. The leaf type of
 * a merkletree is not among them.
 */
void ps_type_hash(const struct ps_type_table *table, size_t index, ps_felt *out);

#endif
