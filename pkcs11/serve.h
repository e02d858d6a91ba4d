/* The worker threads that answer the daemon. */
#ifndef PARASIGN_PKCS11_SERVE_H
#define PARASIGN_PKCS11_SERVE_H

#include <pkcs11/token.h>

/*
 * Answers frames on fd with token->worker_count threads until the other end closes; then ends the
 * process with _exit(0), without asking the module for anything: it may hang. Returns only when the
 * threads cannot be started.
 */
PS_MUST_USE enum ps_code ps_serve(struct ps_token *token, int fd, unsigned keepalive_s,
                                  struct ps_error *err);

#endif
