/*
 * A small blocking client of parasignd's socket. One connection, one call at a time per handle; use
 * one handle per thread. Texts are UTF-8 and NUL-terminated.
 */
#ifndef PARASIGN_CLIENT_H
#define PARASIGN_CLIENT_H

#include <parasign/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ps_client; /* opaque; from ps_client_connect(), to ps_client_close() */

/*
 * Connects. path NULL: $PARASIGN_SOCKET, else $XDG_RUNTIME_DIR/parasign.sock when it exists, else
 * /run/parasign/parasign.sock. PS_TOKEN_UNAVAILABLE is never returned here; PS_INTERNAL_ERROR when
 * memory is out, PS_OVERLOADED ... see message.
 */
PS_MUST_USE enum ps_code ps_client_connect(const char *path, struct ps_client **out,
                                           struct ps_error *err);
void ps_client_close(struct ps_client *client);

/* How long a call may take, in milliseconds; 0 waits for ever. Default 30000. */
void ps_client_set_timeout_ms(struct ps_client *client, unsigned timeout_ms);

/*
 * Calls method.
 * In:  params_json: a JSON object as text, or NULL for {}.
 *      fd: a pipe or memfd to pass along (a PIN, a key to import), or -1. Stays the caller's.
 * Out: *result_json: the result as JSON text, from malloc(), the caller frees; NULL on failure.
 *      *error_json: when the daemon refused, the whole JSON-RPC error object as text, from
 * malloc(); else NULL. May be NULL when not wanted. The code and message of a refusal are the
 * daemon's own.
 */
PS_MUST_USE enum ps_code ps_client_call(struct ps_client *client, const char *method,
                                        const char *params_json, int fd, char **result_json,
                                        char **error_json, struct ps_error *err);

#ifdef __cplusplus
}
#endif
#endif
