/*
 * The root of a SNIP-12 Merkle tree: nodes are hash(min, max) of their children, a node without a
 * sibling is paired with 0, a single leaf is its own root (as starknet.js and the exchange have it;
 * starknet-rs pairs a single leaf with 0).
 */
#ifndef PARASIGN_PROTO_SNIP12_MERKLE_H
#define PARASIGN_PROTO_SNIP12_MERKLE_H

#include <proto/stark/felt.h>
#include <stddef.h>

/* leaves: at least one; overwritten. revision: 0 Pedersen, 1 Poseidon. */
void ps_merkle_root_var(ps_felt *out, ps_felt *leaves, size_t count, unsigned revision);

#endif
