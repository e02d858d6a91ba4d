/* Names from outside, shown in messages of ours. */
#ifndef PARASIGN_PROTO_RPC_QUOTE_H
#define PARASIGN_PROTO_RPC_QUOTE_H

#include <stddef.h>

#define PS_QUOTE_MAX 48

/*
 * name in quotation marks: at most 40 characters of it, then "...", and '?' for whatever is not
 * printable ASCII, so that a message stays short, valid UTF-8 and harmless on a terminal. Returns
 * out.
 */
const char *ps_quote(char out[PS_QUOTE_MAX], const char *name);

/*
 * How many single-character changes lie between a and b (Levenshtein), or limit + 1 when more than
 * limit. Names longer than 63 bytes are never near.
 */
unsigned ps_name_distance(const char *a, const char *b, unsigned limit);

#endif
