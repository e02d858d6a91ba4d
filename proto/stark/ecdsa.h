/*
 * ECDSA on the STARK curve, the public half: checking keys and signatures. Signing is the token's.
 *
 * A verifier on Starknet wants 0 < r < 2^251, 0 < s < N, s^-1 mod N < 2^251 and z < 2^251
 * (starknet-rs, starknet-crypto/ecdsa.rs). We ask for 0 < s < 2^251 too (StarkWare's own library).
 */
#ifndef PARASIGN_PROTO_STARK_ECDSA_H
#define PARASIGN_PROTO_STARK_ECDSA_H

#include <proto/stark/felt.h>

/* A point that was checked to be on the curve and not the point at infinity. Plain data. */
struct ps_stark_public {
    ps_felt x;
    ps_felt y;
};

/* From 0x04 x y, 65 bytes. PS_INVALID_PARAMS when it is not a point of the curve. */
PS_MUST_USE enum ps_code ps_stark_public_from_bytes(struct ps_stark_public *out,
                                                    const uint8_t in65[65]);
/* From the x coordinate alone; the y is one of two. PS_INVALID_PARAMS when no point has that x. */
PS_MUST_USE enum ps_code ps_stark_public_from_x_var(struct ps_stark_public *out, const ps_felt *x);

enum ps_stark_verdict {
    PS_STARK_VALID,
    PS_STARK_OUT_OF_RANGE, /* may be valid ECDSA, but Starknet would refuse it: sign again */
    PS_STARK_INVALID
};

/* Whether z < 2^251, which every message hash must be. */
bool ps_stark_hash_in_range(const uint8_t hash32[32]);

/*
 * hash32, r32, s32: big-endian. Variable-time. A hash that is not in range is PS_STARK_INVALID, as
 * signing it again would not help. The one signature in 2^124 whose point has an x of N or more is
 * PS_STARK_OUT_OF_RANGE: ECDSA reduces that x modulo N, Starknet compares it as it is.
 */
enum ps_stark_verdict ps_stark_verify_var(const struct ps_stark_public *key,
                                          const uint8_t hash32[32], const uint8_t r32[32],
                                          const uint8_t s32[32]);
/* As above when only the x coordinate of the key is known: valid under either y. */
enum ps_stark_verdict ps_stark_verify_x_var(const ps_felt *key_x, const uint8_t hash32[32],
                                            const uint8_t r32[32], const uint8_t s32[32]);

/*
 * Multiples of one key, 52 KB, for keys that are checked often: making them costs about five
 * verifications without, a verification with them a quarter of one without. Immutable, so threads
 * may share it.
 */
struct ps_stark_key_table;
/* The caller frees it; NULL when memory is short. */
struct ps_stark_key_table *ps_stark_key_table_new(const struct ps_stark_public *key);
void ps_stark_key_table_free(struct ps_stark_key_table *table); /* NULL is fine */
/* As ps_stark_verify_var. */
enum ps_stark_verdict ps_stark_verify_table_var(const struct ps_stark_key_table *table,
                                                const uint8_t hash32[32], const uint8_t r32[32],
                                                const uint8_t s32[32]);

#endif
