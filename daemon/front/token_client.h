/*
 * The front's side of the pair with parasign-token. Asynchronous: each function queues one
 * operation and calls back exactly once on the loop thread, never from inside the call itself.
 *
 * A SIGN or PING that was in flight when the token process died is repeated on the next one while
 * its deadline allows; other operations fail with PS_TOKEN_UNAVAILABLE. Queues are bounded:
 * PS_OVERLOADED.
 */
#ifndef PARASIGN_DAEMON_FRONT_TOKEN_CLIENT_H
#define PARASIGN_DAEMON_FRONT_TOKEN_CLIENT_H

#include <parasign/error.h>
#include <proto/ipc/token_proto.h>

struct ps_token_client;

/* code is PS_OK or err says why not. Pointers are valid during the callback only. */
typedef void ps_token_sign_cb(void *arg, enum ps_code code, const struct ps_error *err,
                              const struct ps_token_signature *signature);
typedef void ps_token_key_cb(void *arg, enum ps_code code, const struct ps_error *err,
                             const struct ps_token_key *key);
typedef void ps_token_status_cb(void *arg, enum ps_code code, const struct ps_error *err,
                                const struct ps_token_status *status);
typedef void ps_token_probe_cb(void *arg, enum ps_code code, const struct ps_error *err,
                               const struct ps_token_probe *probe);
typedef void ps_token_done_cb(void *arg, enum ps_code code, const struct ps_error *err);

/* deadline_ns: CLOCK_MONOTONIC. Requests are copied. */
void ps_token_client_sign(struct ps_token_client *client, const struct ps_token_sign *request,
                          uint64_t deadline_ns, ps_token_sign_cb *cb, void *arg);
void ps_token_client_generate(struct ps_token_client *client, const struct ps_token_new_key *key,
                              uint64_t deadline_ns, ps_token_key_cb *cb, void *arg);
/* Takes fd, also on failure; it is passed on unread and closed. */
void ps_token_client_import(struct ps_token_client *client, const struct ps_token_new_key *key,
                            int fd, uint64_t deadline_ns, ps_token_key_cb *cb, void *arg);
void ps_token_client_destroy(struct ps_token_client *client, const char *name, uint64_t deadline_ns,
                             ps_token_done_cb *cb, void *arg);
/* fd -1: the configured PIN source. Takes fd. */
void ps_token_client_login(struct ps_token_client *client, int fd, uint64_t deadline_ns,
                           ps_token_status_cb *cb, void *arg);
/* From here on a restarted token process stays locked, until somebody logs in. */
void ps_token_client_logout(struct ps_token_client *client, uint64_t deadline_ns,
                            ps_token_status_cb *cb, void *arg);
void ps_token_client_probe(struct ps_token_client *client, uint64_t deadline_ns,
                           ps_token_probe_cb *cb, void *arg);
void ps_token_client_ping(struct ps_token_client *client, uint64_t deadline_ns,
                          ps_token_done_cb *cb, void *arg);

/*
 * The last status that the token process told (refreshed after each operation that changes it and
 * every few seconds); never waits. While the process is away: state absent, with a detail that says
 * so.
 */
const struct ps_token_status *ps_token_client_status(const struct ps_token_client *client);

/* The front registers these; they keep the keyring true. */
struct ps_token_client_events {
    void (*keys_begin)(void *arg);                               /* a full list follows */
    void (*key_seen)(void *arg, const struct ps_token_key *key); /* one key of it, or a new one */
    void (*keys_end)(void *arg);
    void (*key_gone)(void *arg, const char *name);
};
void ps_token_client_on_keys(struct ps_token_client *client,
                             const struct ps_token_client_events *events, void *arg);

#endif
