/* Felts as text: the forms of the API and of SNIP-12. All variable-time. */
#ifndef PARASIGN_PROTO_STARK_FELT_TEXT_H
#define PARASIGN_PROTO_STARK_FELT_TEXT_H

#include <proto/stark/felt.h>

#define PS_FELT_HEX_MAX 67     /* "0x", 64 digits, NUL */
#define PS_FELT_DECIMAL_MAX 78 /* 77 digits, NUL */
#define PS_SHORT_STRING_MAX 31

/* "0x" + lowercase hex without leading zeros; "0x0" for zero. NUL-terminated. */
void ps_felt_to_hex(char out[PS_FELT_HEX_MAX], const ps_felt *in);
/* Decimal without leading zeros, NUL-terminated. */
void ps_felt_to_decimal(char out[PS_FELT_DECIMAL_MAX], const ps_felt *in);
/* The same two for any 256-bit big-endian integer (r and s of a signature are modulo N, not P). */
void ps_be32_to_hex(char out[PS_FELT_HEX_MAX], const uint8_t in32[32]);
void ps_be32_to_decimal(char out[79], const uint8_t in32[32]);

/* "0x" and 1 to 64 hex digits of either case, below P. */
PS_MUST_USE enum ps_code ps_felt_from_hex(ps_felt *out, const char *text, size_t length);
/* 1 to 77 decimal digits, below P. Leading zeros are allowed here; callers that care refuse them.
 */
PS_MUST_USE enum ps_code ps_felt_from_decimal(ps_felt *out, const char *text, size_t length);
/* 0 to 31 ASCII bytes as a big-endian integer; the empty text is 0. Bytes over 0x7f refused. */
PS_MUST_USE enum ps_code ps_felt_from_short_string(ps_felt *out, const char *text, size_t length);
/*
 * The rule of the Starknet libraries: "0x..." is hex, all digits is decimal, anything else a short
 * string (SNIP-12; starknet.js encodeValue, starknet.py parse_felt).
 */
PS_MUST_USE enum ps_code ps_felt_from_text(ps_felt *out, const char *text, size_t length);

#endif
