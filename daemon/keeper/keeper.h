/*
 * The keeper: a small process, forked from parasignd before it locks itself in, that starts and
 * ends the helpers for it. A sandboxed front cannot: Landlock and seccomp are inherited, and a
 * helper needs what the front must not have (the token's files, execve). See daemon/README.md.
 *
 * The keeper has one thread, one socket pair to the front and the fixed command lines of the
 * helpers; it reads nothing else from anybody. It ends when its pair closes, however that came
 * about, after killing and reaping the helpers and removing the client socket: a front that was
 * killed leaves nothing running.
 *
 * The pair is SOCK_SEQPACKET: one request or event a packet, structs of one program to itself.
 */
#ifndef PARASIGN_DAEMON_KEEPER_KEEPER_H
#define PARASIGN_DAEMON_KEEPER_KEEPER_H

#include <parasign/error.h>
#include <stdint.h>
#include <sys/types.h>

enum ps_keeper_helper { PS_KEEPER_TOKEN, PS_KEEPER_UPSTREAM, PS_KEEPER_HELPER_COUNT };

enum ps_keeper_request_kind {
    PS_KEEPER_START, /* start the helper; refused with FAILED while one of it runs */
    PS_KEEPER_KILL   /* SIGKILL; EXITED follows. Nothing when it does not run */
};

struct ps_keeper_request {
    uint32_t kind;   /* enum ps_keeper_request_kind */
    uint32_t helper; /* enum ps_keeper_helper */
};

enum ps_keeper_event_kind {
    PS_KEEPER_STARTED, /* value: pid; the front's end of the helper's pair travels along */
    PS_KEEPER_FAILED,  /* value: errno */
    PS_KEEPER_EXITED   /* value: wait status */
};

struct ps_keeper_event {
    uint32_t kind;   /* enum ps_keeper_event_kind */
    uint32_t helper; /* enum ps_keeper_helper */
    int32_t value;
};

/* A helper gets its end of its pair as this descriptor. */
#define PS_KEEPER_HELPER_FD 3
/* Exit status of a helper whose program could not be executed. */
#define PS_KEEPER_EXIT_NO_EXEC 127

struct ps_keeper_options {
    /* argv[0] is the program's path. Borrowed: the keeper is a copy of the process. */
    char *const *argv[PS_KEEPER_HELPER_COUNT];
    const char *socket_path; /* removed at the end when it is still the same file; NULL: not ours */
    dev_t socket_dev;
    ino_t socket_ino;
    int lock_fd; /* held until the helpers are gone, so that no second daemon starts before; or -1
                  */
};

/*
 * Forks the keeper. To be called with one thread. Out: *fd, the front's end of the pair, close on
 * exec, and the keeper's *pid.
 */
PS_MUST_USE enum ps_code ps_keeper_fork(const struct ps_keeper_options *options, int *fd,
                                        pid_t *pid, struct ps_error *err);

#endif
