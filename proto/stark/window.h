/*
 * Multiples of a point by signed windows of a scalar.
 *
 * A scalar is written as the sum of digit[i] * 2^(width i) with digits from 1 - 2^(width-1) to
 * 2^(width-1). A table of a point holds, for each window i in turn, the points
 * 1, 2, ..., 2^(width-1) times 2^(width i) times the point; digit 0 costs nothing. Variable-time.
 */
#ifndef PARASIGN_PROTO_STARK_WINDOW_H
#define PARASIGN_PROTO_STARK_WINDOW_H

#include <proto/stark/curve.h>

#define PS_WINDOW_WIDTH_MAX 13
#define PS_WINDOW_ROW(width) ((size_t)1 << ((width)-1)) /* points per window */

/*
 * The digits of the low width * count bits of scalar. Returns what is carried into the next
 * window, 0 or 1.
 */
unsigned ps_window_digits_var(int16_t *digits, const uint64_t scalar[4], unsigned width,
                              size_t count);

/*
 * One row of the table, of base, and the base of the next row (which may be the same object as
 * base). scratch: PS_WINDOW_ROW(width) + 1 of each.
 */
void ps_window_fill_row_var(struct ps_affine *row, struct ps_affine *next_base,
                            const struct ps_affine *base, unsigned width,
                            struct ps_xyzz *scratch_points, struct ps_affine *scratch_affine);

/* acc += the sum of digits[i] * row i of the table */
void ps_window_add_var(struct ps_xyzz *acc, const struct ps_affine *table, unsigned width,
                       const int16_t *digits, size_t count);

#endif
