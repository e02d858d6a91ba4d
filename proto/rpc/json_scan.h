/* What jansson does not check, or checks too late: one pass over the bytes before parsing. */
#ifndef PARASIGN_PROTO_RPC_JSON_SCAN_H
#define PARASIGN_PROTO_RPC_JSON_SCAN_H

#include <parasign/error.h>
#include <stddef.h>

/*
 * Refuses (PS_PARSE_ERROR, with the position): bytes that are not UTF-8 (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF), zero bytes, more than PS_RPC_DEPTH_MAX open arrays
 * and objects, numbers with a fraction or an exponent, integers of more than 19 digits. Syntax is
 * the parser's own business.
 */
PS_MUST_USE enum ps_code ps_json_scan(const char *text, size_t length, struct ps_error *err);

#endif
