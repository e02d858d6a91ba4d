/* JSON-RPC 2.0 requests and answers as values. Pure; knows no method. */
#ifndef PARASIGN_PROTO_RPC_REQUEST_H
#define PARASIGN_PROTO_RPC_REQUEST_H

#include <jansson.h>
#include <parasign/error.h>

/* One call of a line. All members borrow from the parsed line and live as long as it does. */
struct ps_rpc_request {
    const char *method;
    json_t *id;     /* string or integer, or NULL for a notification */
    json_t *params; /* an object, or NULL when absent */
};

/*
 * Checks the envelope of one request object: jsonrpc "2.0", method a string, id string or integer
 * (a number with a fraction is refused), params an object, no other members. On failure request->id
 * is set when it could be read, so that the refusal can carry it.
 */
PS_MUST_USE enum ps_code ps_rpc_request_read(const json_t *json, struct ps_rpc_request *request,
                                             struct ps_error *err);

/*
 * Answers: new references, NULL when memory is out. id is borrowed; NULL writes null. `result` is
 * stolen, also on failure.
 */
json_t *ps_rpc_answer(json_t *id, json_t *result);
/* extra: members merged into error.data (approval_id, upstream, ...), borrowed, may be NULL. */
json_t *ps_rpc_refusal(json_t *id, const struct ps_error *error, const json_t *extra);
/* The error member of a refusal alone. */
json_t *ps_rpc_error_object(const struct ps_error *error, const json_t *extra);

#endif
