#include <proto/stark/modinv.h>

#include <proto/stark/limbs.h>
#include <stdbool.h>

#define M62 (UINT64_MAX >> 2)

/* 2^62 times the matrix that 62 division steps are. */
struct steps {
    int64_t u, v, q, r;
};

static struct ps_signed62 to_signed62(const uint64_t in[4])
{
    const struct ps_signed62 out = {{
        (int64_t)(in[0] & M62),
        (int64_t)((in[0] >> 62 | in[1] << 2) & M62),
        (int64_t)((in[1] >> 60 | in[2] << 4) & M62),
        (int64_t)((in[2] >> 58 | in[3] << 6) & M62),
        (int64_t)(in[3] >> 56),
    }};

    return out;
}

static void from_signed62(uint64_t out[4], const struct ps_signed62 *in)
{
    const uint64_t v0 = (uint64_t)in->v[0], v1 = (uint64_t)in->v[1], v2 = (uint64_t)in->v[2],
                   v3 = (uint64_t)in->v[3], v4 = (uint64_t)in->v[4];

    out[0] = v0 | v1 << 62;
    out[1] = v1 >> 2 | v2 << 60;
    out[2] = v2 >> 4 | v3 << 58;
    out[3] = v3 >> 6 | v4 << 56;
}

/*
 * 62 division steps on the low 64 bits of f (odd) and g. Several steps go at once: a run of zeros
 * of g is shifted out, then a multiple of f clears as many low bits of g as eta allows (up to 6
 * when f and g change places, 4 otherwise).
 */
static int64_t divsteps62(int64_t eta, uint64_t f, uint64_t g, struct steps *out)
{
    uint64_t u = 1, v = 0, q = 0, r = 1, w, mask, swap;
    int left = 62, zeros, limit;

    for (;;) {
        zeros = __builtin_ctzll(g | UINT64_MAX << left);
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0)
            break;
        if (eta < 0) {
            eta = -eta;
            swap = f;
            f = g;
            g = 0 - swap;
            swap = u;
            u = q;
            q = 0 - swap;
            swap = v;
            v = r;
            r = 0 - swap;
            limit = eta + 1 > left ? left : (int)eta + 1;
            mask = UINT64_MAX >> (64 - limit) & 63;
            w = f * g * (f * f - 2) & mask; /* -g/f modulo 64 */
        } else {
            limit = eta + 1 > left ? left : (int)eta + 1;
            mask = UINT64_MAX >> (64 - limit) & 15;
            w = f + (((f + 1) & 4) << 1); /* 1/f modulo 16 */
            w = (0 - w) * g & mask;
        }
        g += f * w;
        q += u * w;
        r += v * w;
    }
    *out = (struct steps){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
    return eta;
}

/* [d, e] = t * [d, e] / 2^62 modulo the modulus; d and e stay between -2 and 1 times the modulus.
 */
static void update_de(struct ps_signed62 *d, struct ps_signed62 *e, const struct steps *t,
                      const struct ps_modinv_modulus *m)
{
    const int64_t d_sign = d->v[4] >> 63, e_sign = e->v[4] >> 63;
    /* Add the modulus where d or e is negative, then what makes the low 62 bits zero. */
    int64_t md = (t->u & d_sign) + (t->v & e_sign), me = (t->q & d_sign) + (t->r & e_sign);
    ps_i128 cd = (ps_i128)t->u * d->v[0] + (ps_i128)t->v * e->v[0];
    ps_i128 ce = (ps_i128)t->q * d->v[0] + (ps_i128)t->r * e->v[0];
    int i;

    md -= (int64_t)((m->inverse62 * (uint64_t)cd + (uint64_t)md) & M62);
    me -= (int64_t)((m->inverse62 * (uint64_t)ce + (uint64_t)me) & M62);
    cd += (ps_i128)m->modulus.v[0] * md;
    ce += (ps_i128)m->modulus.v[0] * me;
    cd >>= 62;
    ce >>= 62;
    for (i = 1; i < 5; i++) {
        cd += (ps_i128)t->u * d->v[i] + (ps_i128)t->v * e->v[i];
        ce += (ps_i128)t->q * d->v[i] + (ps_i128)t->r * e->v[i];
        if (m->modulus.v[i] != 0) {
            cd += (ps_i128)m->modulus.v[i] * md;
            ce += (ps_i128)m->modulus.v[i] * me;
        }
        d->v[i - 1] = (int64_t)((uint64_t)cd & M62);
        e->v[i - 1] = (int64_t)((uint64_t)ce & M62);
        cd >>= 62;
        ce >>= 62;
    }
    d->v[4] = (int64_t)cd;
    e->v[4] = (int64_t)ce;
}

/* [f, g] = t * [f, g] / 2^62, exactly; both have length limbs. */
static void update_fg(int length, struct ps_signed62 *f, struct ps_signed62 *g,
                      const struct steps *t)
{
    ps_i128 cf = (ps_i128)t->u * f->v[0] + (ps_i128)t->v * g->v[0];
    ps_i128 cg = (ps_i128)t->q * f->v[0] + (ps_i128)t->r * g->v[0];
    int i;

    cf >>= 62;
    cg >>= 62;
    for (i = 1; i < length; i++) {
        cf += (ps_i128)t->u * f->v[i] + (ps_i128)t->v * g->v[i];
        cg += (ps_i128)t->q * f->v[i] + (ps_i128)t->r * g->v[i];
        f->v[i - 1] = (int64_t)((uint64_t)cf & M62);
        g->v[i - 1] = (int64_t)((uint64_t)cg & M62);
        cf >>= 62;
        cg >>= 62;
    }
    f->v[length - 1] = (int64_t)cf;
    g->v[length - 1] = (int64_t)cg;
}

/* Drops the top limb of f and g when it only repeats the sign of both. */
static int shorten(int length, struct ps_signed62 *f, struct ps_signed62 *g)
{
    const int64_t f_top = f->v[length - 1], g_top = g->v[length - 1];

    if (length < 2 || (f_top >> 63) != f_top || (g_top >> 63) != g_top)
        return length;
    f->v[length - 2] = (int64_t)((uint64_t)f->v[length - 2] | (uint64_t)f_top << 62);
    g->v[length - 2] = (int64_t)((uint64_t)g->v[length - 2] | (uint64_t)g_top << 62);
    return length - 1;
}

static void add_modulus(struct ps_signed62 *d, const struct ps_modinv_modulus *m)
{
    int i;

    for (i = 0; i < 5; i++)
        d->v[i] += m->modulus.v[i];
}

static void carry(struct ps_signed62 *d)
{
    int i;

    for (i = 0; i < 4; i++) {
        d->v[i + 1] += d->v[i] >> 62;
        d->v[i] = (int64_t)((uint64_t)d->v[i] & M62);
    }
}

/* d, or -d, brought into 0..modulus-1. */
static void normalize(struct ps_signed62 *d, bool negate, const struct ps_modinv_modulus *m)
{
    int i;

    if (d->v[4] < 0)
        add_modulus(d, m);
    if (negate) {
        for (i = 0; i < 5; i++)
            d->v[i] = -d->v[i];
    }
    carry(d);
    if (d->v[4] < 0) {
        add_modulus(d, m);
        carry(d);
    }
}

void ps_modinv_var(uint64_t out[4], const uint64_t in[4], const struct ps_modinv_modulus *modulus)
{
    struct ps_signed62 d = {{0, 0, 0, 0, 0}}, e = {{1, 0, 0, 0, 0}};
    struct ps_signed62 f = modulus->modulus, g = to_signed62(in);
    struct steps t;
    int64_t eta = -1, rest;
    int length = 5, i;

    do {
        eta = divsteps62(eta, (uint64_t)f.v[0], (uint64_t)g.v[0], &t);
        update_de(&d, &e, &t, modulus);
        update_fg(length, &f, &g, &t);
        rest = 0;
        for (i = 0; i < length; i++)
            rest |= g.v[i];
        if (rest != 0)
            length = shorten(length, &f, &g);
    } while (rest != 0);
    /* f is now 1 or -1 times the greatest common divisor, and d the same multiple of 1/in. */
    normalize(&d, f.v[length - 1] < 0, modulus);
    from_signed62(out, &d);
}
