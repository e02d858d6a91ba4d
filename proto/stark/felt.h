/*
 * Elements of the STARK field, modulo P = 2^251 + 17 * 2^192 + 1.
 *
 * Everything in proto/stark works on public data: functions whose running time depends on their
 * input end in _var, the others happen to be constant-time but must not be relied on for secrets.
 *
 * Argument order: outputs, then inputs. Outputs may be the same object as inputs.
 */
#ifndef PARASIGN_PROTO_STARK_FELT_H
#define PARASIGN_PROTO_STARK_FELT_H

#include <parasign/error.h>
#include <stdint.h>

/*
 * Montgomery form, R = 2^256, always fully reduced (below P), so equality is equality of limbs.
 * v[0] is the least significant limb. Plain data.
 */
typedef struct {
    uint64_t v[4];
} ps_felt;

extern const ps_felt ps_felt_zero;
extern const ps_felt ps_felt_one;

void ps_felt_from_u64(ps_felt *out, uint64_t value);
/* low + high * 2^64 */
void ps_felt_from_u128(ps_felt *out, uint64_t high, uint64_t low);

/* From 32 bytes big-endian. PS_INVALID_PARAMS when the number is not below P; no message. */
PS_MUST_USE enum ps_code ps_felt_from_be32(ps_felt *out, const uint8_t in32[32]);
void ps_felt_to_be32(uint8_t out32[32], const ps_felt *in);
/* The number modulo P, for 32 bytes that may be P or more (hash outputs). */
void ps_felt_from_be32_mod(ps_felt *out, const uint8_t in32[32]);

/* The number itself, least significant limb first. */
void ps_felt_to_limbs(uint64_t out[4], const ps_felt *in);

bool ps_felt_is_zero(const ps_felt *a);
bool ps_felt_eq(const ps_felt *a, const ps_felt *b);
/* Compares as integers: negative, 0, positive. */
int ps_felt_cmp(const ps_felt *a, const ps_felt *b);

void ps_felt_add(ps_felt *out, const ps_felt *a, const ps_felt *b);
void ps_felt_sub(ps_felt *out, const ps_felt *a, const ps_felt *b);
void ps_felt_neg(ps_felt *out, const ps_felt *a);
void ps_felt_mul(ps_felt *out, const ps_felt *a, const ps_felt *b);
void ps_felt_sqr(ps_felt *out, const ps_felt *a);
/* 1/a; 0 for 0. */
void ps_felt_inv_var(ps_felt *out, const ps_felt *a);
/* A square root of a; PS_INVALID_PARAMS when there is none. Which of the two is unspecified. */
PS_MUST_USE enum ps_code ps_felt_sqrt_var(ps_felt *out, const ps_felt *a);

#endif
