/* Numbers of four 64-bit limbs, least significant first: what the two moduli have in common. */
#ifndef PARASIGN_PROTO_STARK_LIMBS_H
#define PARASIGN_PROTO_STARK_LIMBS_H

#include <stdint.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

__extension__ typedef unsigned __int128 ps_u128;
__extension__ typedef __int128 ps_i128;

/* a + b + *carry; *carry is 0 or 1 before and after. */
static inline uint64_t ps_addc(uint64_t a, uint64_t b, unsigned char *carry)
{
#ifdef __x86_64__
    /* gcc finds the add-with-carry instruction only this way. */
    unsigned long long sum;

    *carry = _addcarry_u64(*carry, a, b, &sum);
    return sum;
#else
    const ps_u128 sum = (ps_u128)a + b + *carry;

    *carry = (unsigned char)(sum >> 64);
    return (uint64_t)sum;
#endif
}

/* a - b - *borrow; *borrow is 0 or 1 before and after. */
static inline uint64_t ps_subb(uint64_t a, uint64_t b, unsigned char *borrow)
{
#ifdef __x86_64__
    unsigned long long difference;

    *borrow = _subborrow_u64(*borrow, a, b, &difference);
    return difference;
#else
    const ps_u128 difference = (ps_u128)a - b - *borrow;

    *borrow = (unsigned char)((difference >> 64) & 1);
    return (uint64_t)difference;
#endif
}

/* out = a * b, one row of the long multiplication */
static inline void ps_mul4x1(uint64_t out[5], uint64_t a, const uint64_t b[4])
{
    const ps_u128 m0 = (ps_u128)a * b[0], m1 = (ps_u128)a * b[1], m2 = (ps_u128)a * b[2],
                  m3 = (ps_u128)a * b[3];
    unsigned char c = 0;

    out[0] = (uint64_t)m0;
    out[1] = ps_addc((uint64_t)(m0 >> 64), (uint64_t)m1, &c);
    out[2] = ps_addc((uint64_t)(m1 >> 64), (uint64_t)m2, &c);
    out[3] = ps_addc((uint64_t)(m2 >> 64), (uint64_t)m3, &c);
    out[4] = (uint64_t)(m3 >> 64) + c;
}

/* t[0..3] += row, t[4] = the rest */
static inline void ps_add_row(uint64_t t[5], const uint64_t row[5])
{
    unsigned char c = 0;

    t[0] = ps_addc(t[0], row[0], &c);
    t[1] = ps_addc(t[1], row[1], &c);
    t[2] = ps_addc(t[2], row[2], &c);
    t[3] = ps_addc(t[3], row[3], &c);
    t[4] = row[4] + c;
}

/* out = a * b; out is neither a nor b */
static inline void ps_mul4(uint64_t out[8], const uint64_t a[4], const uint64_t b[4])
{
    uint64_t row[5];

    ps_mul4x1(out, a[0], b);
    ps_mul4x1(row, a[1], b);
    ps_add_row(out + 1, row);
    ps_mul4x1(row, a[2], b);
    ps_add_row(out + 2, row);
    ps_mul4x1(row, a[3], b);
    ps_add_row(out + 3, row);
}

/* out = a * a; out is not a */
static inline void ps_sqr4(uint64_t out[8], const uint64_t a[4])
{
    const ps_u128 m01 = (ps_u128)a[0] * a[1], m02 = (ps_u128)a[0] * a[2],
                  m03 = (ps_u128)a[0] * a[3], m12 = (ps_u128)a[1] * a[2],
                  m13 = (ps_u128)a[1] * a[3], m23 = (ps_u128)a[2] * a[3],
                  m00 = (ps_u128)a[0] * a[0], m11 = (ps_u128)a[1] * a[1],
                  m22 = (ps_u128)a[2] * a[2], m33 = (ps_u128)a[3] * a[3];
    uint64_t t1, t2, t3, t4, t5, t6, t7;
    unsigned char c = 0;

    /* the products of different limbs, once */
    t1 = (uint64_t)m01;
    t2 = ps_addc((uint64_t)(m01 >> 64), (uint64_t)m02, &c);
    t3 = ps_addc((uint64_t)(m02 >> 64), (uint64_t)m03, &c);
    t4 = ps_addc((uint64_t)(m03 >> 64), (uint64_t)m13, &c);
    t5 = ps_addc((uint64_t)(m13 >> 64), (uint64_t)m23, &c);
    t6 = (uint64_t)(m23 >> 64) + c;
    c = 0;
    t3 = ps_addc(t3, (uint64_t)m12, &c);
    t4 = ps_addc(t4, (uint64_t)(m12 >> 64), &c);
    t5 = ps_addc(t5, 0, &c);
    t6 += c;
    /* twice, and the squares */
    t7 = t6 >> 63;
    t6 = (t6 << 1) | (t5 >> 63);
    t5 = (t5 << 1) | (t4 >> 63);
    t4 = (t4 << 1) | (t3 >> 63);
    t3 = (t3 << 1) | (t2 >> 63);
    t2 = (t2 << 1) | (t1 >> 63);
    t1 <<= 1;
    c = 0;
    out[0] = (uint64_t)m00;
    out[1] = ps_addc(t1, (uint64_t)(m00 >> 64), &c);
    out[2] = ps_addc(t2, (uint64_t)m11, &c);
    out[3] = ps_addc(t3, (uint64_t)(m11 >> 64), &c);
    out[4] = ps_addc(t4, (uint64_t)m22, &c);
    out[5] = ps_addc(t5, (uint64_t)(m22 >> 64), &c);
    out[6] = ps_addc(t6, (uint64_t)m33, &c);
    out[7] = t7 + (uint64_t)(m33 >> 64) + c;
}

static inline void ps_limbs_from_be32(uint64_t out[4], const uint8_t in32[32])
{
    int i, j;

    for (i = 0; i < 4; i++) {
        uint64_t limb = 0;

        for (j = 0; j < 8; j++)
            limb = limb << 8 | in32[8 * (3 - i) + j];
        out[i] = limb;
    }
}

static inline void ps_limbs_to_be32(uint8_t out32[32], const uint64_t in[4])
{
    int i;

    for (i = 0; i < 32; i++)
        out32[i] = (uint8_t)(in[3 - i / 8] >> (56 - 8 * (i % 8)));
}

/* Negative, 0, positive. */
static inline int ps_limbs_cmp_var(const uint64_t a[4], const uint64_t b[4])
{
    int i;

    for (i = 3; i >= 0; i--) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

#endif
