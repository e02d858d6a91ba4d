/*
 * Points of the STARK curve y^2 = x^3 + x + B. Public data only, all variable-time.
 *
 * The formulas are XYZZ (x = X/ZZ, y = Y/ZZZ, ZZ^3 = ZZZ^2; Explicit-Formulas Database, "xyzz");
 * every special case (infinity, equal and opposite points) is handled.
 */
#ifndef PARASIGN_PROTO_STARK_CURVE_H
#define PARASIGN_PROTO_STARK_CURVE_H

#include <proto/stark/felt.h>
#include <stddef.h>

/* Never the point at infinity. */
struct ps_affine {
    ps_felt x;
    ps_felt y;
};

/* zz is zero at infinity. x is kept below 4 P only, the others below P: use the functions. */
struct ps_xyzz {
    ps_felt x;
    ps_felt y;
    ps_felt zz;
    ps_felt zzz;
};

extern const ps_felt ps_stark_b;
extern const struct ps_affine ps_stark_generator;

bool ps_affine_on_curve(const struct ps_affine *p);
/* The points with that x are (x, y) and (x, -y); which y is unspecified. */
PS_MUST_USE enum ps_code ps_affine_from_x_var(struct ps_affine *out, const ps_felt *x);

void ps_xyzz_set_infinity(struct ps_xyzz *out);
bool ps_xyzz_is_infinity(const struct ps_xyzz *p);
void ps_xyzz_from_affine(struct ps_xyzz *out, const struct ps_affine *p);
/* acc += p, or acc -= p when negate. */
void ps_xyzz_add_affine_var(struct ps_xyzz *acc, const struct ps_affine *p, bool negate);
/* acc += p, or acc -= p when negate. */
void ps_xyzz_add_var(struct ps_xyzz *acc, const struct ps_xyzz *p, bool negate);
void ps_xyzz_double_var(struct ps_xyzz *acc);
/* Whether the x coordinate of p is x; false at infinity. No inversion. */
bool ps_xyzz_has_x_var(const struct ps_xyzz *p, const ps_felt *x);
/* false at infinity, and out is left alone. */
PS_MUST_USE bool ps_xyzz_to_affine_var(struct ps_affine *out, const struct ps_xyzz *p);
/* The x coordinate alone; 0 at infinity. */
void ps_xyzz_to_x_var(ps_felt *out, const struct ps_xyzz *p);
/* count points, none at infinity, with one inversion. */
void ps_xyzz_to_affine_many_var(struct ps_affine *out, const struct ps_xyzz *in, size_t count);

/* out = scalar * p; scalar is any 256-bit number, least significant limb first. */
void ps_affine_mul_var(struct ps_xyzz *out, const struct ps_affine *p, const uint64_t scalar[4]);

#endif
