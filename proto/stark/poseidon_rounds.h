/* How many rounds the Hades permutation of Starknet has, and the order of the constants. */
#ifndef PARASIGN_PROTO_STARK_POSEIDON_ROUNDS_H
#define PARASIGN_PROTO_STARK_POSEIDON_ROUNDS_H

#define PS_POSEIDON_FULL_HALF 4 /* full rounds before, and again after, the partial ones */
#define PS_POSEIDON_PARTIAL 83

/* Three constants per full round, one per partial round; see gen/gen_poseidon_constants.c. */
#define PS_POSEIDON_CONSTANTS (6 * PS_POSEIDON_FULL_HALF + PS_POSEIDON_PARTIAL)

#endif
