/*
 * One call of a client while it is being worked on: what the server hands to a method, and how the
 * method answers. Everything runs on the front's one event loop thread.
 */
#ifndef PARASIGN_DAEMON_FRONT_CALL_H
#define PARASIGN_DAEMON_FRONT_CALL_H

#include <jansson.h>
#include <parasign/error.h>
#include <proto/rpc/methods.h>
#include <stdint.h>
#include <sys/types.h>

struct ps_front;

/* Who is asking, as the kernel said when the connection was made. */
struct ps_peer {
    uid_t uid;
    gid_t gid;
    pid_t pid;
    int pidfd; /* -1 where the kernel has no SO_PEERPIDFD; owned by the connection */
};

/*
 * A call is owned by the server. It lives until it was answered, exactly once, by ps_call_answer()
 * or ps_call_refuse(); after that the method must not touch it. The client may hang up meanwhile:
 * the call stays valid, its answer goes nowhere. When its deadline passes the server refuses it by
 * itself and marks it; late answers are then dropped, so methods need no timer of their own.
 */
struct ps_call {
    struct ps_front *front;
    const struct ps_method *method;
    const struct ps_peer *peer;
    const json_t *params; /* an object, checked against the method's table; never NULL */
    int fd;               /* the passed descriptor, or -1; take it with ps_call_take_fd() */
    uint64_t started_ns;  /* CLOCK_MONOTONIC */
    uint64_t deadline_ns; /* CLOCK_MONOTONIC */
};

/* Answers; steals result, which may be NULL: memory is out, the client is told internal_error. */
void ps_call_answer(struct ps_call *call, json_t *result);
/* Refuses with error; extra is borrowed and may be NULL (members for error.data). */
void ps_call_refuse(struct ps_call *call, const struct ps_error *error, const json_t *extra);
/* The caller owns the descriptor from here on. -1 when none was passed. */
int ps_call_take_fd(struct ps_call *call);

/* What methods may reach. All live as long as the front. */
struct ps_config;
struct ps_token_client;
struct ps_keyring;
struct ps_audit;
struct ps_accounts;
const struct ps_config *ps_front_config(const struct ps_front *front);
struct ps_token_client *ps_front_token(struct ps_front *front);
struct ps_audit *ps_front_audit(struct ps_front *front);
struct ps_keyring *ps_front_keyring(struct ps_front *front);   /* daemon/methods/keyring.h */
struct ps_accounts *ps_front_accounts(struct ps_front *front); /* daemon/methods/accounts.h */

/* For system.status. */
struct ps_front_figures {
    uint64_t uptime_s;
    uint32_t clients;
    uint32_t requests_in_flight;
    uint64_t requests_total;
    uint64_t token_restarts, upstream_restarts;
    bool upstream_healthy;
};
void ps_front_figures(const struct ps_front *front, struct ps_front_figures *out);

#endif
