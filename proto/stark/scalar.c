#include <proto/stark/scalar.h>

#include <proto/stark/limbs.h>
#include <proto/stark/modinv.h>

static const uint64_t order[4] = {0x1e66a241adc64d2fu, 0xb781126dcae7b232u, 0xffffffffffffffffu,
                                  0x0800000000000010u};
static const uint64_t order_negative_inverse = 0xbb6b3c4ce8bde631u; /* -1/N modulo 2^64 */
/* 2^512 modulo N */
static const ps_scalar r2 = {
    {0x6021b3f1ea1c688du, 0x509cf64d14ce60b9u, 0xbaf0ab4cf78bbabbu, 0x07d9e57c2333766eu}};

static const struct ps_modinv_modulus order_modinv = {
    {{0x1e66a241adc64d2f, 0x1e0449b72b9ec8c8, 0x3ffffffffffffffb, 0x43f, 8}}, 0x494c3b3174219cfu};

enum ps_code ps_scalar_from_be32(ps_scalar *out, const uint8_t in32[32])
{
    ps_limbs_from_be32(out->v, in32);
    return ps_limbs_cmp_var(out->v, order) < 0 ? PS_OK : PS_INVALID_PARAMS;
}

void ps_scalar_to_be32(uint8_t out32[32], const ps_scalar *in)
{
    ps_limbs_to_be32(out32, in->v);
}

bool ps_scalar_is_zero(const ps_scalar *a)
{
    return (a->v[0] | a->v[1] | a->v[2] | a->v[3]) == 0;
}

bool ps_scalar_below_2_251(const ps_scalar *a)
{
    return a->v[3] >> 59 == 0;
}

/* out = a b / 2^256 modulo N */
static void montgomery_mul(ps_scalar *out, const ps_scalar *a, const ps_scalar *b)
{
    uint64_t t[9], row[5], difference[4];
    unsigned char c;
    int i, j;

    ps_mul4(t, a->v, b->v);
    t[8] = 0;
    for (i = 0; i < 4; i++) {
        ps_mul4x1(row, t[i] * order_negative_inverse, order);
        c = 0;
        for (j = 0; j < 5; j++)
            t[i + j] = ps_addc(t[i + j], row[j], &c);
        for (j = i + 5; j < 9; j++)
            t[j] = ps_addc(t[j], 0, &c);
    }
    /* a b < N^2 < 2^504, so what is left is below 2 N. */
    c = 0;
    for (i = 0; i < 4; i++)
        difference[i] = ps_subb(t[4 + i], order[i], &c);
    for (i = 0; i < 4; i++)
        out->v[i] = c ? t[4 + i] : difference[i];
}

void ps_scalar_mul(ps_scalar *out, const ps_scalar *a, const ps_scalar *b)
{
    ps_scalar t;

    montgomery_mul(&t, a, b);
    montgomery_mul(out, &t, &r2);
}

void ps_scalar_inv_var(ps_scalar *out, const ps_scalar *a)
{
    ps_scalar t;

    ps_modinv_var(t.v, a->v, &order_modinv);
    *out = t;
}
