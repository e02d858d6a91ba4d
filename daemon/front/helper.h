/*
 * Supervision of one helper process: started by the keeper, watched, killed when it is stuck,
 * started again. The first restart is immediate, then 100 ms doubling to 5 s; a helper that became
 * ready and answered starts the count anew.
 *
 *   stopped -> starting -> running -> (gone) backing off -> starting ...
 *                 any state -> stopping -> stopped
 */
#ifndef PARASIGN_DAEMON_FRONT_HELPER_H
#define PARASIGN_DAEMON_FRONT_HELPER_H

#include <daemon/front/keeper_client.h>

enum ps_helper_state {
    PS_HELPER_STOPPED,
    PS_HELPER_STARTING, /* asked for, or says hello; killed at its start deadline */
    PS_HELPER_RUNNING,
    PS_HELPER_BACKING_OFF, /* its exit or the next start is awaited */
    PS_HELPER_STOPPING
};

struct ps_helper;

struct ps_helper_hooks {
    /* The process runs; take fd and say hello. Then ps_helper_ready() before the start deadline. */
    void (*up)(void *arg, int fd);
    /* It is gone or was given up: drop what belongs to its pair. Called once per up(). */
    void (*down)(void *arg);
};

PS_MUST_USE enum ps_code ps_helper_new(uv_loop_t *loop, struct ps_keeper_client *keeper,
                                       enum ps_keeper_helper which, const char *name,
                                       uint32_t start_deadline_ms,
                                       const struct ps_helper_hooks *hooks, void *arg,
                                       struct ps_helper **out, struct ps_error *err);
void ps_helper_start(struct ps_helper *helper);
/* It said hello. */
void ps_helper_ready(struct ps_helper *helper);
/* It did what it is for: the next restart is immediate. */
void ps_helper_answered(struct ps_helper *helper);
/* Gives the process up: killed, hooks->down, started again. why: for the log; NULL: no line. */
void ps_helper_fail(struct ps_helper *helper, const char *why);
/* Its pair is closed by hooks->down; whoever has not ended by then is killed by the keeper's end.
 */
void ps_helper_stop(struct ps_helper *helper);
enum ps_helper_state ps_helper_state(const struct ps_helper *helper);
/* How often it was started again. */
uint64_t ps_helper_restarts(const struct ps_helper *helper);
/* Memory is freed by the loop. */
void ps_helper_free(struct ps_helper *helper);

#endif
