/* The front's side of its pair with the keeper (daemon/keeper/keeper.h). */
#ifndef PARASIGN_DAEMON_FRONT_KEEPER_CLIENT_H
#define PARASIGN_DAEMON_FRONT_KEEPER_CLIENT_H

#include <daemon/keeper/keeper.h>
#include <uv.h>

struct ps_keeper_client;

/* What the keeper tells of one helper. */
struct ps_keeper_events {
    void (*started)(void *arg, int fd, pid_t pid); /* fd: the front's end; to be taken */
    void (*failed)(void *arg, int error);          /* errno */
    void (*exited)(void *arg, int wait_status);
};

/* The keeper is gone: nothing can be started any more, the daemon must end. */
typedef void ps_keeper_gone_cb(void *arg);

/* Takes fd, also on failure. */
PS_MUST_USE enum ps_code ps_keeper_client_open(uv_loop_t *loop, int fd, ps_keeper_gone_cb *on_gone,
                                               void *arg, struct ps_keeper_client **out,
                                               struct ps_error *err);
void ps_keeper_client_listen(struct ps_keeper_client *client, enum ps_keeper_helper helper,
                             const struct ps_keeper_events *events, void *arg);
void ps_keeper_client_start(struct ps_keeper_client *client, enum ps_keeper_helper helper);
void ps_keeper_client_kill(struct ps_keeper_client *client, enum ps_keeper_helper helper);
/* Closes the pair, which ends the keeper and the helpers, and waits until it has ended. */
void ps_keeper_client_close(struct ps_keeper_client *client);

#endif
