#include <proto/stark/felt.h>

#include <proto/stark/felt_inline.h>
#include <proto/stark/modinv.h>

const ps_felt ps_felt_zero = {{0, 0, 0, 0}};
/* 2^256, 2^512 and 2^768 modulo P */
const ps_felt ps_felt_one = {
    {0xffffffffffffffe1u, 0xffffffffffffffffu, 0xffffffffffffffffu, 0x07fffffffffffdf0u}};
static const ps_felt r2 = {
    {0xfffffd737e000401u, 0x00000001330fffffu, 0xffffffffff6f8000u, 0x07ffd4ab5e008810u}};
static const ps_felt r3 = {
    {0xcc7177d1406df18eu, 0x7545706677ffcc06u, 0xf47d84f836300018u, 0x038e5f79873c0a6du}};

static const uint64_t prime[4] = {1, 0, 0, PS_FELT_P3};
static const struct ps_modinv_modulus prime_modinv = {{{1, 0, 0, 0x440, 8}}, 1};

/* 3^(2^59 + 17) in Montgomery form: 3 is no square, so this has order 2^192. */
static const ps_felt root_of_unity = {
    {0x4106bccd64a2bdd8u, 0xaaada25731fe3be9u, 0x0a35c5be60505574u, 0x07222e32c47afc26u}};

void ps_felt_from_u64(ps_felt *out, uint64_t value)
{
    ps_felt_from_u128(out, 0, value);
}

void ps_felt_from_u128(ps_felt *out, uint64_t high, uint64_t low)
{
    const ps_felt plain = {{low, high, 0, 0}};

    ps_fe_mul(out, &plain, &r2);
}

enum ps_code ps_felt_from_be32(ps_felt *out, const uint8_t in32[32])
{
    ps_felt plain;

    ps_limbs_from_be32(plain.v, in32);
    if (ps_limbs_cmp_var(plain.v, prime) >= 0)
        return PS_INVALID_PARAMS;
    ps_fe_mul(out, &plain, &r2);
    return PS_OK;
}

void ps_felt_from_be32_mod(ps_felt *out, const uint8_t in32[32])
{
    ps_felt plain;

    /* Below 32 P, and r2 below P: the product is within what a multiplication takes. */
    ps_limbs_from_be32(plain.v, in32);
    ps_fe_mul(out, &plain, &r2);
}

void ps_felt_to_limbs(uint64_t out[4], const ps_felt *in)
{
    const uint64_t t[8] = {in->v[0], in->v[1], in->v[2], in->v[3], 0, 0, 0, 0};
    ps_felt plain;
    int i;

    ps_fe_reduce(&plain, t);
    for (i = 0; i < 4; i++)
        out[i] = plain.v[i];
}

void ps_felt_to_be32(uint8_t out32[32], const ps_felt *in)
{
    uint64_t plain[4];

    ps_felt_to_limbs(plain, in);
    ps_limbs_to_be32(out32, plain);
}

bool ps_felt_is_zero(const ps_felt *a)
{
    return ps_fe_is_zero(a);
}

bool ps_felt_eq(const ps_felt *a, const ps_felt *b)
{
    return ((a->v[0] ^ b->v[0]) | (a->v[1] ^ b->v[1]) | (a->v[2] ^ b->v[2]) |
            (a->v[3] ^ b->v[3])) == 0;
}

int ps_felt_cmp(const ps_felt *a, const ps_felt *b)
{
    uint64_t x[4], y[4];

    ps_felt_to_limbs(x, a);
    ps_felt_to_limbs(y, b);
    return ps_limbs_cmp_var(x, y);
}

void ps_felt_add(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    ps_felt sum;

    ps_fe_add(&sum, a, b);
    ps_fe_normalize(out, &sum);
}

void ps_felt_sub(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    ps_felt difference;

    ps_fe_sub(&difference, a, b, 1);
    ps_fe_normalize(out, &difference);
}

void ps_felt_neg(ps_felt *out, const ps_felt *a)
{
    ps_felt_sub(out, &ps_felt_zero, a);
}

void ps_felt_mul(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    ps_fe_mul(out, a, b);
}

void ps_felt_sqr(ps_felt *out, const ps_felt *a)
{
    ps_fe_sqr(out, a);
}

void ps_felt_inv_var(ps_felt *out, const ps_felt *a)
{
    ps_felt inverse;

    /* (a R)^-1 R^3 / R = a^-1 R */
    ps_modinv_var(inverse.v, a->v, &prime_modinv);
    ps_fe_mul(out, &inverse, &r3);
}

/*
 * Tonelli and Shanks, P - 1 = 2^192 (2^59 + 17). About 0.2 ms on average; only for keys of which
 * nothing but x is known.
 */
enum ps_code ps_felt_sqrt_var(ps_felt *out, const ps_felt *a)
{
    ps_felt root, rest, t, c = root_of_unity;
    unsigned order = 192, i, j;

    if (ps_fe_is_zero(a)) {
        *out = *a;
        return PS_OK;
    }
    /* t = a^((2^59 + 16) / 2) = a^(2^58 + 8), root = a t, rest = a t^2 */
    t = *a;
    for (i = 0; i < 55; i++)
        ps_fe_sqr(&t, &t);
    ps_fe_mul(&t, &t, a); /* a^(2^55 + 1) */
    for (i = 0; i < 3; i++)
        ps_fe_sqr(&t, &t);
    ps_fe_mul(&root, &t, a);
    ps_fe_mul(&rest, &root, &t);
    /* root^2 = a rest, and the order of rest is a power of two that goes down each round. */
    while (!ps_felt_eq(&rest, &ps_felt_one)) {
        t = rest;
        for (i = 0; i < order && !ps_felt_eq(&t, &ps_felt_one); i++)
            ps_fe_sqr(&t, &t);
        if (i == order)
            return PS_INVALID_PARAMS;
        for (j = i + 1; j < order; j++)
            ps_fe_sqr(&c, &c);
        ps_fe_mul(&root, &root, &c);
        ps_fe_sqr(&c, &c);
        ps_fe_mul(&rest, &rest, &c);
        order = i;
    }
    *out = root;
    return PS_OK;
}
