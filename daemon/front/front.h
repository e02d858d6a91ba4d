/*
 * The front: everything parasignd does after it has locked itself in. call.h is what methods see of
 * it.
 */
#ifndef PARASIGN_DAEMON_FRONT_FRONT_H
#define PARASIGN_DAEMON_FRONT_FRONT_H

#include <daemon/config/config.h>

struct ps_front;

struct ps_front_options {
    const struct ps_config *config; /* borrowed */
    int listen_fd;                  /* borrowed */
    int keeper_fd;                  /* taken */
    int notify_fd;                  /* borrowed; -1 none */
};

/* Opens the audit log and makes the parts; nothing runs yet. */
PS_MUST_USE enum ps_code ps_front_new(const struct ps_front_options *options, struct ps_front **out,
                                      struct ps_error *err);
/* Serves until SIGTERM or SIGINT. Returns PS_INTERNAL_ERROR when the keeper was lost. */
PS_MUST_USE enum ps_code ps_front_run(struct ps_front *front, struct ps_error *err);
void ps_front_free(struct ps_front *front);

#endif
