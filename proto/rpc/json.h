/*
 * Strict JSON for lines from clients: one text, UTF-8, bounded length and depth, no duplicate keys,
 * no NUL inside strings (jansson has no depth setting below 2048, so depth is scanned before
 * parsing).
 */
#ifndef PARASIGN_PROTO_RPC_JSON_H
#define PARASIGN_PROTO_RPC_JSON_H

#include <jansson.h>
#include <parasign/error.h>

#define PS_RPC_LINE_MAX 262144 /* bytes, without the line feed */
#define PS_RPC_DEPTH_MAX 32
#define PS_RPC_BATCH_MAX 64
#define PS_RPC_ID_MAX 128 /* bytes of a string id */

/*
 * line: one JSON text of length bytes, without the line feed; need not be NUL-terminated.
 * Out: *out, a new reference of the caller; NULL on failure. Any JSON value, not only objects.
 * PS_PARSE_ERROR with the position in bytes; besides bad syntax also for numbers beyond 64 bits or
 * 19 digits. Numbers with a fraction are JSON: where no parameter is one, its own check refuses it
 * and can say where it stands. PS_INTERNAL_ERROR: memory is out.
 *
 * jansson seeds its hash tables from /dev/urandom when the first object is made, and from the clock
 * when it cannot open that: a process that will forbid itself to open files calls
 * json_object_seed(0) before.
 */
PS_MUST_USE enum ps_code ps_json_parse_line(const char *line, size_t length, json_t **out,
                                            struct ps_error *err);

/*
 * json as one line without spaces, with a line feed at its end, in memory from malloc() that the
 * caller frees. NULL when memory is out. *length counts the line feed.
 */
char *ps_json_dump_line(const json_t *json, size_t *length);

#endif
