/* One value that is not made of others: JSON to the felt that goes into the hash. */
#ifndef PARASIGN_PROTO_SNIP12_SCALAR_H
#define PARASIGN_PROTO_SNIP12_SCALAR_H

#include <proto/snip12/type_table.h>

/* Whether ps_typed_scalar_var takes the type. */
bool ps_type_is_scalar(unsigned revision, const struct ps_type_ref *ref);

/*
 * base: felt, bool, selector, string and shortstring (for the string of revision 1 use
 * byte_array.h), u128, i128, timestamp, ContractAddress, ClassHash.
 *
 * Numbers are decimal or 0x hex text, or JSON integers from 0 to 2^53 - 1 (what every JSON library
 * reads exactly). Where a short string may stand, any other text is one; a text that starknet.js
 * and starknet.py read differently (" 1", "0b1", "-1") is refused, so that no two judges see two
 * messages.
 */
PS_MUST_USE enum ps_code ps_typed_scalar_var(ps_felt *out, enum ps_type_base base,
                                             const json_t *value, const struct ps_typed_path *at,
                                             struct ps_error *err);

#endif
