/*
 * The tables of points that the build computes (gen/gen_curve_tables.c) and tables.S puts into the
 * read-only data: pages that nobody uses stay on disk, pages in use are shared by all processes.
 */
#ifndef PARASIGN_PROTO_STARK_TABLES_H
#define PARASIGN_PROTO_STARK_TABLES_H

#include <proto/stark/window.h>

/*
 * Pedersen, one part per operand. Twenty windows of twelve bits in the layout of window.h, of the
 * point for the low bits: 1.3 MB per operand more than windows of eleven, and four additions
 * fewer. What is left of the operand are the top 8 of its low 248 bits, from 0 to 256 with the
 * carry, and its 4 high bits, from 0 to 8 as it is below P; they share a row of their own, and the
 * row of the first operand has the shift point added in. (0, 0) of the second is never used.
 */
#define PS_PEDERSEN_WIDTH 12
#define PS_PEDERSEN_WINDOWS 20
#define PS_PEDERSEN_TOP_LOW 257
#define PS_PEDERSEN_TOP_HIGH 9

struct ps_pedersen_operand {
    struct ps_affine windows[PS_PEDERSEN_WINDOWS][1 << (PS_PEDERSEN_WIDTH - 1)];
    struct ps_affine top[PS_PEDERSEN_TOP_LOW][PS_PEDERSEN_TOP_HIGH];
};

/* Multiples of the generator by a scalar below N. */
#define PS_GENERATOR_WIDTH 10
#define PS_GENERATOR_WINDOWS 26

struct ps_generator_windows {
    struct ps_affine windows[PS_GENERATOR_WINDOWS][1 << (PS_GENERATOR_WIDTH - 1)];
};

extern const struct ps_pedersen_operand ps_pedersen_table[2];
extern const struct ps_generator_windows ps_generator_table;

#endif
