/* What a line from the daemon says. */
#ifndef PARASIGN_PROTO_RPC_CLIENT_ANSWER_H
#define PARASIGN_PROTO_RPC_CLIENT_ANSWER_H

#include <jansson.h>
#include <parasign/error.h>

/*
 * Reads an answer.
 * Out: *result: a new reference, or NULL when it is a refusal; *error: a new reference to the error
 *      object, or NULL. *mine: whether the answer carries id, or refuses without an id.
 * PS_DAEMON_UNREACHABLE when the line is no answer of JSON-RPC 2.0.
 */
PS_MUST_USE enum ps_code ps_client_answer_read(const char *line, size_t length, json_int_t id,
                                               json_t **result, json_t **error, bool *mine,
                                               struct ps_error *err);

/* The error object as ours. Returns err->code, never PS_OK. */
enum ps_code ps_client_answer_error(const json_t *error, struct ps_error *err);

#endif
