/* The token client's state, shared by its files token_client.c, token_process.c, token_admin.c. */
#ifndef PARASIGN_DAEMON_FRONT_TOKEN_STATE_H
#define PARASIGN_DAEMON_FRONT_TOKEN_STATE_H

#include <daemon/front/frame_stream.h>
#include <daemon/front/helper.h>
#include <daemon/front/token_link.h>
#include <daemon/front/token_op.h>

#define PS_TOKEN_CLIENT_MAGIC 0x746f6b63u

struct ps_token_client {
    unsigned magic;
    const struct ps_config *config; /* borrowed */
    struct ps_helper *helper;
    struct ps_frame_stream *stream; /* NULL while the process is away */
    const struct ps_token_client_events *events;
    void *events_arg;
    ps_token_settled_cb *on_settled;
    void *settled_arg;
    bool settled, started, stopping;
    unsigned starts_in_vain;
    enum ps_token_login login; /* for the next START */
    struct ps_token_status status;

    struct ps_token_queue many;       /* SIGN, PING: several in flight */
    struct ps_token_queue single;     /* the others: one at a time */
    struct ps_token_queue in_flight;  /* of many */
    struct ps_token_queue one_flight; /* of single, at most one */
    struct ps_token_queue refused;    /* to be called back by the loop */
    struct ps_error refusal;          /* why, for all of refused */
    struct ps_token_admin *logged_in; /* whose LOGIN is answered when the keys are known */
    uint64_t last_id;

    uv_timer_t tick, health, soon;
    unsigned open_handles;
};

/* token_client.c */

/* A new request; the callback is still to be set. */
struct ps_token_request *ps_token_client_request(struct ps_token_client *client,
                                                 enum ps_token_op op, uint64_t deadline_ns,
                                                 void *arg);
/* Queues it, and sends it when there is room. Never calls back from inside. */
void ps_token_client_enqueue(struct ps_token_client *client, struct ps_token_request *request);
bool ps_token_client_send(struct ps_token_client *client, struct ps_token_request *request);
/* Sends what the window has room for. */
void ps_token_client_pump(struct ps_token_client *client);
/* Whether a process is there and has answered START. */
bool ps_token_client_is_started(const struct ps_token_client *client);

/* token_admin.c */

/* The list of keys came, or failed: those who logged in may go on. */
void ps_token_client_answer_logins(struct ps_token_client *client);

/* token_process.c */

extern const struct ps_helper_hooks ps_token_client_hooks;
void ps_token_client_take_status(struct ps_token_client *client,
                                 const struct ps_token_status *status);
void ps_token_client_ask_for_status(struct ps_token_client *client);
/* The list of all keys, from number first on. */
void ps_token_client_ask_for_keys(struct ps_token_client *client, uint32_t first);

#endif
