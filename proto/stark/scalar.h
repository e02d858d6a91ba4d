/*
 * Integers modulo N, the order of the STARK curve: what verification needs of them, for public
 * data only. Plain (not Montgomery) form, v[0] least significant, always below N.
 *
 * N = 0x0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f, between 2^251 and P.
 */
#ifndef PARASIGN_PROTO_STARK_SCALAR_H
#define PARASIGN_PROTO_STARK_SCALAR_H

#include <parasign/error.h>
#include <stdint.h>

typedef struct {
    uint64_t v[4];
} ps_scalar;

/* From 32 bytes big-endian. PS_INVALID_PARAMS when the number is not below N; no message. */
PS_MUST_USE enum ps_code ps_scalar_from_be32(ps_scalar *out, const uint8_t in32[32]);
void ps_scalar_to_be32(uint8_t out32[32], const ps_scalar *in);
bool ps_scalar_is_zero(const ps_scalar *a);
/* Whether a < 2^251. */
bool ps_scalar_below_2_251(const ps_scalar *a);
void ps_scalar_mul(ps_scalar *out, const ps_scalar *a, const ps_scalar *b);
/* 1/a; 0 for 0. */
void ps_scalar_inv_var(ps_scalar *out, const ps_scalar *a);

#endif
