/* Sizes and prices: decimal text to integers of 10^-8, exactly. */
#ifndef PARASIGN_PROTO_PARADEX_AMOUNT_H
#define PARASIGN_PROTO_PARADEX_AMOUNT_H

#include <parasign/error.h>
#include <stdint.h>

#define PS_AMOUNT_DECIMALS 8

/*
 * "0.1" -> 10000000. Digits, at most one point with digits on both sides, at most 8 decimals, no
 * sign, no exponent, no space, no leading zeros before another digit; below 2^63. PS_INVALID_PARAMS
 * with a message; pointer is left empty for the caller.
 */
PS_MUST_USE enum ps_code ps_amount_parse(const char *text, size_t length, uint64_t *out_e8,
                                         struct ps_error *err);

#endif
