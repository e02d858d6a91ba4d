/*
 * A small blocking client of parasignd's socket. One connection, one call at a time per handle; use
 * one handle per thread. Texts are UTF-8 and NUL-terminated. No SIGPIPE is raised.
 */
#ifndef PARASIGN_CLIENT_H
#define PARASIGN_CLIENT_H

#include <parasign/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PS_CLIENT_TIMEOUT_MS 30000    /* of a new handle */
#define PS_CLIENT_ANSWER_MAX 16777216 /* bytes of one answer */

struct ps_client; /* opaque; from ps_client_connect(), to ps_client_close() */

/*
 * Connects, within PS_CLIENT_TIMEOUT_MS.
 * In:  path: of the socket. NULL: $PARASIGN_SOCKET, else $XDG_RUNTIME_DIR/parasign.sock when there
 *      is such a file, else /run/parasign/parasign.sock.
 * Out: *out, NULL on failure.
 * PS_DAEMON_UNREACHABLE: nothing answers at the path, or it may not be used; the message names the
 * path. PS_INVALID_PARAMS: the path is longer than a socket's may be. PS_INTERNAL_ERROR: memory or
 * descriptors are out.
 */
PS_MUST_USE enum ps_code ps_client_connect(const char *path, struct ps_client **out,
                                           struct ps_error *err);
/* NULL is allowed. */
void ps_client_close(struct ps_client *client);

/* How long a call may take, in milliseconds; 0 waits for ever. */
void ps_client_set_timeout_ms(struct ps_client *client, unsigned timeout_ms);

/*
 * Calls method.
 * In:  params_json: a JSON object as text, on as many lines as it likes, or NULL for {}.
 *      fd: a pipe or memfd to pass along (a PIN, a key to import), or -1. Stays the caller's.
 * Out: *result_json: the result as one line of JSON without a line feed, from malloc(), the caller
 *      frees; NULL on failure.
 *      *error_json: when the daemon refused, its whole JSON-RPC error object as text, from
 *      malloc(), the caller frees; else NULL. error_json may be NULL when not wanted.
 * When the daemon refused, the result and err are the code, message, pointer and rule it gave.
 * Otherwise: PS_PARSE_ERROR, PS_INVALID_PARAMS: the parameters are no JSON object, or the request
 * is longer than 256 KiB; nothing was sent. PS_DEADLINE_EXCEEDED: no answer in time; the daemon may
 * still do what was asked, and the handle can be used again. PS_DAEMON_UNREACHABLE: the connection
 * broke, or what came over it is no answer; close the handle. PS_INTERNAL_ERROR: memory is out.
 */
PS_MUST_USE enum ps_code ps_client_call(struct ps_client *client, const char *method,
                                        const char *params_json, int fd, char **result_json,
                                        char **error_json, struct ps_error *err);

#ifdef __cplusplus
}
#endif
#endif
