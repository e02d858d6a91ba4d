/* Cairo's ByteArray: text as [number of whole 31-byte words, the words, the rest, its length]. */
#ifndef PARASIGN_PROTO_SNIP12_BYTE_ARRAY_H
#define PARASIGN_PROTO_SNIP12_BYTE_ARRAY_H

#include <proto/stark/felt.h>
#include <stddef.h>

/* Poseidon over the felts of a ByteArray. The rest is 0 when the length is a multiple of 31. */
void ps_byte_array_hash(ps_felt *out, const void *bytes, size_t length);

#endif
