/* The client socket and the lock, made before the sandbox. */
#ifndef PARASIGN_DAEMON_FRONT_SOCKET_H
#define PARASIGN_DAEMON_FRONT_SOCKET_H

#include <daemon/config/config.h>

struct ps_listener {
    int fd;
    bool is_ours; /* made here and to be removed at the end; false: the service manager's */
    dev_t dev;
    ino_t ino;
};

/*
 * The socket passed by the service manager, or a new one at the configured path, with the
 * configured mode and group. A stale socket is replaced; one that somebody answers on is an error.
 */
PS_MUST_USE enum ps_code ps_listener_open(const struct ps_config *config, struct ps_listener *out,
                                          struct ps_error *err);

/*
 * Makes state_dir (0700) where absent and locks it for this daemon. Waits up to two seconds for one
 * that is just ending. Out: *fd; the lock lasts until its last copy is closed.
 */
PS_MUST_USE enum ps_code ps_lock_state(const struct ps_config *config, int *fd,
                                       struct ps_error *err);

#endif
