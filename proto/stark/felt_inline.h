/*
 * The arithmetic of felts, inline, for the files of this folder that need it fast.
 *
 * Values here may be "loose": any 256-bit number stands for itself modulo P, and 2^256 is a little
 * under 32 P, so a few additions need no reduction. A comment "< kP" gives the bound of a loose
 * value. ps_fe_mul and its like take loose values whose bounds multiply to at most 31 P^2 and give
 * a number below P; when the bounds multiply to less than 500 P^2, the result is below (1 +
 * product/31) P. "25/32" beside a multiplication is that product over 32.
 *
 * Why reduction is cheap: P = 1 + p3 * 2^192 has two limbs that are not zero, and -1/P modulo 2^64
 * is -1. Taking away t[0] * P clears limb 0 and touches limbs 3 and 4 only.
 */
#ifndef PARASIGN_PROTO_STARK_FELT_INLINE_H
#define PARASIGN_PROTO_STARK_FELT_INLINE_H

#include <proto/stark/limbs.h>

#include <proto/stark/felt.h>

#define PS_FELT_P3 0x0800000000000011u /* limb 3 of P; limb 0 is 1, the others are 0 */

/* out = a, a loose; out < P */
static inline void ps_fe_normalize(ps_felt *out, const ps_felt *a)
{
    const uint64_t times = a->v[3] >> 59;
    unsigned char c = 0;
    uint64_t v0, v1, v2, v3, mask;

    /* a - times * P lies between -P and P. */
    v0 = ps_subb(a->v[0], times, &c);
    v1 = ps_subb(a->v[1], 0, &c);
    v2 = ps_subb(a->v[2], 0, &c);
    v3 = ps_subb(a->v[3], times * PS_FELT_P3, &c);
    mask = (uint64_t)0 - (v3 >> 63);
    c = 0;
    out->v[0] = ps_addc(v0, mask & 1, &c);
    out->v[1] = ps_addc(v1, 0, &c);
    out->v[2] = ps_addc(v2, 0, &c);
    out->v[3] = ps_addc(v3, mask & PS_FELT_P3, &c);
}

/* out < (bound of a + bound of b) */
static inline void ps_fe_add(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    unsigned char c = 0;

    out->v[0] = ps_addc(a->v[0], b->v[0], &c);
    out->v[1] = ps_addc(a->v[1], b->v[1], &c);
    out->v[2] = ps_addc(a->v[2], b->v[2], &c);
    out->v[3] = ps_addc(a->v[3], b->v[3], &c);
}

/* out = a - b + k P, where b <= k P; out < (bound of a + k P) */
static inline void ps_fe_sub(ps_felt *out, const ps_felt *a, const ps_felt *b, uint64_t k)
{
    unsigned char c = 0;
    uint64_t v0, v1, v2, v3;

    v0 = ps_subb(a->v[0], b->v[0], &c);
    v1 = ps_subb(a->v[1], b->v[1], &c);
    v2 = ps_subb(a->v[2], b->v[2], &c);
    v3 = ps_subb(a->v[3], b->v[3], &c);
    c = 0;
    out->v[0] = ps_addc(v0, k, &c);
    out->v[1] = ps_addc(v1, 0, &c);
    out->v[2] = ps_addc(v2, 0, &c);
    out->v[3] = ps_addc(v3, k * PS_FELT_P3, &c);
}

/* out = t / 2^256, t < 500 P^2 */
static inline void ps_fe_reduce(ps_felt *out, const uint64_t t[8])
{
    ps_u128 m;
    uint64_t u0, u1, u2, u3, t3, t4, t5, t6, t7, mask;
    unsigned char c = 0;

    m = (ps_u128)t[0] * PS_FELT_P3;
    u0 = (uint64_t)m;
    m = (ps_u128)t[1] * PS_FELT_P3 + (uint64_t)(m >> 64);
    u1 = (uint64_t)m;
    m = (ps_u128)t[2] * PS_FELT_P3 + (uint64_t)(m >> 64);
    u2 = (uint64_t)m;
    u3 = (uint64_t)(m >> 64);
    t3 = ps_subb(t[3], u0, &c);
    t4 = ps_subb(t[4], u1, &c);
    t5 = ps_subb(t[5], u2, &c);
    t6 = ps_subb(t[6], u3, &c);
    t7 = ps_subb(t[7], 0, &c);
    m = (ps_u128)t3 * PS_FELT_P3;
    c = 0;
    t6 = ps_subb(t6, (uint64_t)m, &c);
    t7 = ps_subb(t7, (uint64_t)(m >> 64), &c);
    /* What was taken away is below P, so the result lies above -P. */
    mask = (uint64_t)0 - (t7 >> 63);
    c = 0;
    out->v[0] = ps_addc(t4, mask & 1, &c);
    out->v[1] = ps_addc(t5, 0, &c);
    out->v[2] = ps_addc(t6, 0, &c);
    out->v[3] = ps_addc(t7, mask & PS_FELT_P3, &c);
}

static inline void ps_fe_mul(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    uint64_t t[8];

    ps_mul4(t, a->v, b->v);
    ps_fe_reduce(out, t);
}

static inline void ps_fe_sqr(ps_felt *out, const ps_felt *a)
{
    uint64_t t[8];

    ps_sqr4(t, a->v);
    ps_fe_reduce(out, t);
}

/* out = a b + c d with one reduction; the bounds as for ps_fe_mul, of the sum */
static inline void ps_fe_mul_add_mul(ps_felt *out, const ps_felt *a, const ps_felt *b,
                                     const ps_felt *c, const ps_felt *d)
{
    uint64_t t[8], u[8];
    unsigned char carry = 0;
    int i;

    ps_mul4(t, a->v, b->v);
    ps_mul4(u, c->v, d->v);
    for (i = 0; i < 8; i++)
        t[i] = ps_addc(t[i], u[i], &carry);
    ps_fe_reduce(out, t);
}

/* a < P */
static inline bool ps_fe_is_zero(const ps_felt *a)
{
    return (a->v[0] | a->v[1] | a->v[2] | a->v[3]) == 0;
}

/* Whether loose a is 0 modulo P; quick to say no. Multiples of P have limbs 1 and 2 zero. */
static inline bool ps_fe_is_zero_loose_var(const ps_felt *a)
{
    ps_felt t;

    if ((a->v[1] | a->v[2]) != 0)
        return false;
    ps_fe_normalize(&t, a);
    return ps_fe_is_zero(&t);
}

#endif
