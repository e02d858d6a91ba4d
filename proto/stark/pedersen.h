/*
 * Pedersen hash of two felts: x(P0 + a_lo P1 + a_hi P2 + b_lo P3 + b_hi P4), lo = low 248 bits, hi
 * = top 4 bits (StarkWare, "Pedersen hash function"; the points are in pedersen_points.h).
 * Variable-time.
 */
#ifndef PARASIGN_PROTO_STARK_PEDERSEN_H
#define PARASIGN_PROTO_STARK_PEDERSEN_H

#include <proto/stark/felt.h>
#include <stddef.h>

void ps_pedersen_var(ps_felt *out, const ps_felt *a, const ps_felt *b);

/*
 * compute_hash_on_elements: h(...h(h(0, e1), e2)..., n), element by element. The state is plain
 * data, so a prefix that never changes can be hashed once and copied.
 */
struct ps_pedersen_chain {
    ps_felt state;
    uint64_t count;
};

void ps_pedersen_chain_init(struct ps_pedersen_chain *chain);
void ps_pedersen_chain_add_var(struct ps_pedersen_chain *chain, const ps_felt *element);
/* Leaves the chain as it was. */
void ps_pedersen_chain_end_var(ps_felt *out, const struct ps_pedersen_chain *chain);
void ps_pedersen_many_var(ps_felt *out, const ps_felt *elements, size_t count);

#endif
