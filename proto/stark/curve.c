#include <proto/stark/curve.h>

#include <assert.h>
#include <proto/stark/felt_inline.h>

#define UNLIKELY(condition) __builtin_expect((condition), 0)

const ps_felt ps_stark_b = {
    {0x359ddd67b59a21cau, 0x6725f2237aab9006u, 0xab8a1e002a41f947u, 0x013931651774247fu}};
const struct ps_affine ps_stark_generator = {
    {{0xc9019623cf0273ddu, 0x51a9bf65d4403deau, 0x0429bf5184041c7bu, 0x033840300bf6cec1u}},
    {{0x569d0da34235308au, 0x0939e3442869bbe7u, 0xfbd89a97cf4b33adu, 0x05a0e71610f55329u}}};

/* x^3 + x + B */
static void right_side(ps_felt *out, const ps_felt *x)
{
    ps_felt t;

    ps_fe_sqr(&t, x);
    ps_felt_add(&t, &t, &ps_felt_one);
    ps_fe_mul(&t, &t, x);
    ps_felt_add(out, &t, &ps_stark_b);
}

bool ps_affine_on_curve(const struct ps_affine *p)
{
    ps_felt left, right;

    ps_fe_sqr(&left, &p->y);
    right_side(&right, &p->x);
    return ps_felt_eq(&left, &right);
}

enum ps_code ps_affine_from_x_var(struct ps_affine *out, const ps_felt *x)
{
    ps_felt square;

    right_side(&square, x);
    out->x = *x;
    return ps_felt_sqrt_var(&out->y, &square);
}

void ps_xyzz_set_infinity(struct ps_xyzz *out)
{
    *out = (struct ps_xyzz){ps_felt_one, ps_felt_one, ps_felt_zero, ps_felt_zero};
}

bool ps_xyzz_is_infinity(const struct ps_xyzz *p)
{
    return ps_fe_is_zero(&p->zz);
}

void ps_xyzz_from_affine(struct ps_xyzz *out, const struct ps_affine *p)
{
    *out = (struct ps_xyzz){p->x, p->y, ps_felt_one, ps_felt_one};
}

/*
 * What both additions share: acc moves by the chord of slope r/h, where h and r are the differences
 * of the x and of the y, u1 and s1 the coordinates of acc over the common denominator.
 * u1 < 4P, s1 <= P, h < 5P, r < 2P. zz and zzz of the result are those of acc times pp and ppp.
 */
static inline void add_chord(struct ps_xyzz *acc, const ps_felt *u1, const ps_felt *s1,
                             const ps_felt *h, const ps_felt *r)
{
    ps_felt pp, ppp, q, rr, t;

    ps_fe_sqr(&pp, h); /* 25/32 */
    ps_fe_mul(&ppp, &pp, h);
    ps_fe_mul(&q, u1, &pp);
    ps_fe_sqr(&rr, r);
    ps_fe_mul(&acc->zz, &acc->zz, &pp);
    ps_fe_mul(&acc->zzz, &acc->zzz, &ppp);
    /* x = rr - ppp - 2 q, y = r (q - x) - s1 ppp */
    ps_fe_add(&t, &q, &q);
    ps_fe_add(&t, &t, &ppp);
    ps_fe_sub(&acc->x, &rr, &t, 3); /* < 4P */
    ps_fe_sub(&t, &q, &acc->x, 4);  /* < 5P */
    ps_fe_sub(&q, &ps_felt_zero, s1, 1);
    ps_fe_mul_add_mul(&acc->y, r, &t, &q, &ppp); /* (10 + 1)/32 */
}

void ps_xyzz_add_affine_var(struct ps_xyzz *acc, const struct ps_affine *p, bool negate)
{
    ps_felt y, h, r;
    const ps_felt u1 = acc->x, s1 = acc->y;
    const uint64_t mask = (uint64_t)0 - negate;
    int i;

    /* No branch here: the signs of window digits are a coin toss to the branch predictor. */
    ps_fe_sub(&y, &ps_felt_zero, &p->y, 1); /* <= P */
    for (i = 0; i < 4; i++)
        y.v[i] = (y.v[i] & mask) | (p->y.v[i] & ~mask);
    if (UNLIKELY(ps_xyzz_is_infinity(acc))) {
        *acc = (struct ps_xyzz){p->x, y, ps_felt_one, ps_felt_one};
        return;
    }
    ps_fe_mul(&h, &p->x, &acc->zz);
    ps_fe_mul(&r, &y, &acc->zzz);
    ps_fe_sub(&h, &h, &u1, 4); /* < 5P */
    ps_fe_sub(&r, &r, &s1, 1); /* < 2P */
    if (UNLIKELY(ps_fe_is_zero_loose_var(&h))) {
        if (ps_fe_is_zero_loose_var(&r))
            ps_xyzz_double_var(acc);
        else
            ps_xyzz_set_infinity(acc);
        return;
    }
    add_chord(acc, &u1, &s1, &h, &r);
}

void ps_xyzz_add_var(struct ps_xyzz *acc, const struct ps_xyzz *p, bool negate)
{
    ps_felt y, u1, s1, h, r;

    if (ps_xyzz_is_infinity(p))
        return;
    if (negate)
        ps_felt_neg(&y, &p->y);
    else
        y = p->y;
    if (ps_xyzz_is_infinity(acc)) {
        *acc = *p;
        acc->y = y;
        return;
    }
    ps_fe_mul(&u1, &acc->x, &p->zz);
    ps_fe_mul(&s1, &acc->y, &p->zzz);
    ps_fe_mul(&h, &p->x, &acc->zz);
    ps_fe_mul(&r, &y, &acc->zzz);
    ps_fe_sub(&h, &h, &u1, 1);
    ps_fe_sub(&r, &r, &s1, 1);
    if (ps_fe_is_zero_loose_var(&h)) {
        if (ps_fe_is_zero_loose_var(&r))
            ps_xyzz_double_var(acc);
        else
            ps_xyzz_set_infinity(acc);
        return;
    }
    ps_fe_mul(&acc->zz, &acc->zz, &p->zz);
    ps_fe_mul(&acc->zzz, &acc->zzz, &p->zzz);
    add_chord(acc, &u1, &s1, &h, &r);
}

/* The order of the curve is odd, so no point has y = 0; infinity doubles to infinity by itself. */
void ps_xyzz_double_var(struct ps_xyzz *acc)
{
    ps_felt u, v, w, s, m, t;

    ps_fe_add(&u, &acc->y, &acc->y); /* < 2P */
    ps_fe_sqr(&v, &u);
    ps_fe_mul(&w, &u, &v);
    ps_fe_mul(&s, &acc->x, &v);
    ps_fe_sqr(&t, &acc->x); /* 16/32 */
    ps_fe_sqr(&m, &acc->zz);
    ps_fe_add(&m, &m, &t);
    ps_fe_add(&t, &t, &t);
    ps_fe_add(&m, &m, &t); /* 3 X^2 + ZZ^2 < 4P */
    ps_fe_mul(&acc->zz, &acc->zz, &v);
    ps_fe_mul(&acc->zzz, &acc->zzz, &w);
    /* x = m^2 - 2 s, y = m (s - x) - w y */
    ps_fe_sqr(&u, &m);
    ps_fe_add(&t, &s, &s);
    ps_fe_sub(&acc->x, &u, &t, 2); /* < 3P */
    ps_fe_sub(&t, &s, &acc->x, 3); /* < 4P */
    ps_fe_sub(&u, &ps_felt_zero, &acc->y, 1);
    ps_fe_mul_add_mul(&acc->y, &m, &t, &w, &u); /* (16 + 1)/32 */
}

bool ps_xyzz_has_x_var(const struct ps_xyzz *p, const ps_felt *x)
{
    ps_felt t, reduced;

    if (ps_xyzz_is_infinity(p))
        return false;
    ps_fe_mul(&t, x, &p->zz);
    ps_fe_normalize(&reduced, &p->x);
    return ps_felt_eq(&t, &reduced);
}

/* With 1/zzz known: 1/zz = (zz/zzz)^2. */
static void finish_affine(struct ps_affine *out, const struct ps_xyzz *p,
                          const ps_felt *zzz_inverse)
{
    ps_felt t;

    ps_fe_mul(&t, &p->zz, zzz_inverse);
    ps_fe_sqr(&t, &t);
    ps_fe_mul(&out->y, &p->y, zzz_inverse);
    ps_fe_mul(&out->x, &p->x, &t);
}

bool ps_xyzz_to_affine_var(struct ps_affine *out, const struct ps_xyzz *p)
{
    ps_felt inverse;

    if (ps_xyzz_is_infinity(p))
        return false;
    ps_felt_inv_var(&inverse, &p->zzz);
    finish_affine(out, p, &inverse);
    return true;
}

void ps_xyzz_to_x_var(ps_felt *out, const struct ps_xyzz *p)
{
    ps_felt inverse;

    ps_felt_inv_var(&inverse, &p->zz);
    ps_fe_mul(out, &p->x, &inverse);
}

/* Montgomery's trick; out[i].x holds the product of the first i denominators on the way. */
void ps_xyzz_to_affine_many_var(struct ps_affine *out, const struct ps_xyzz *in, size_t count)
{
    ps_felt product = ps_felt_one, inverse;
    size_t i;

    for (i = 0; i < count; i++) {
        assert(!ps_xyzz_is_infinity(&in[i]));
        out[i].x = product;
        ps_fe_mul(&product, &product, &in[i].zzz);
    }
    ps_felt_inv_var(&product, &product);
    for (i = count; i-- > 0;) {
        ps_fe_mul(&inverse, &product, &out[i].x);
        ps_fe_mul(&product, &product, &in[i].zzz);
        finish_affine(&out[i], &in[i], &inverse);
    }
}

/* Plain double and add: for tests, tables and rare uses; window.h has the fast ways. */
void ps_affine_mul_var(struct ps_xyzz *out, const struct ps_affine *p, const uint64_t scalar[4])
{
    struct ps_xyzz acc;
    int bit;

    ps_xyzz_set_infinity(&acc);
    for (bit = 255; bit >= 0; bit--) {
        ps_xyzz_double_var(&acc);
        if (scalar[bit / 64] >> (bit % 64) & 1)
            ps_xyzz_add_affine_var(&acc, p, false);
    }
    *out = acc;
}
