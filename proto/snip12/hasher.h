/* The hash of a revision over a sequence of felts: Pedersen chain (0) or Poseidon sponge (1). */
#ifndef PARASIGN_PROTO_SNIP12_HASHER_H
#define PARASIGN_PROTO_SNIP12_HASHER_H

#include <proto/stark/pedersen.h>
#include <proto/stark/poseidon.h>

/* Plain data. */
struct ps_typed_hasher {
    unsigned revision;
    union {
        struct ps_pedersen_chain pedersen;
        struct ps_poseidon_sponge poseidon;
    } state;
};

void ps_typed_hasher_init(struct ps_typed_hasher *h, unsigned revision);
void ps_typed_hasher_add_var(struct ps_typed_hasher *h, const ps_felt *element);
/* Leaves h as it was. */
void ps_typed_hasher_end_var(const struct ps_typed_hasher *h, ps_felt *out);

/* The hash of two felts, as the nodes of Merkle trees use it. */
void ps_typed_pair_var(ps_felt *out, unsigned revision, const ps_felt *a, const ps_felt *b);

#endif
