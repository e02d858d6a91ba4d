/*
 * Poseidon over the STARK field (Hades: width 3, 4 + 83 + 4 rounds, S-box cube), as Starknet uses
 * it.
 */
#ifndef PARASIGN_PROTO_STARK_POSEIDON_H
#define PARASIGN_PROTO_STARK_POSEIDON_H

#include <proto/stark/felt.h>
#include <stddef.h>

void ps_poseidon_permute(ps_felt state[3]);
/* perm(a, b, 2)[0] */
void ps_poseidon_pair(ps_felt *out, const ps_felt *a, const ps_felt *b);
/* Sponge with padding 1 (and 0); the empty sequence is allowed. */
void ps_poseidon_many(ps_felt *out, const ps_felt *elements, size_t count);

/* The same, absorbing element by element. Plain data. */
struct ps_poseidon_sponge {
    ps_felt state[3];
    uint64_t count;
};
void ps_poseidon_init(struct ps_poseidon_sponge *sponge);
void ps_poseidon_add(struct ps_poseidon_sponge *sponge, const ps_felt *element);
void ps_poseidon_end(ps_felt *out, const struct ps_poseidon_sponge *sponge);

#endif
