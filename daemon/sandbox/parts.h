/* The steps of ps_sandbox_enter() and the shape of a program's table; private to this folder. */
#ifndef PARASIGN_DAEMON_SANDBOX_PARTS_H
#define PARASIGN_DAEMON_SANDBOX_PARTS_H

#include <daemon/sandbox/sandbox.h>
#include <stdint.h>

/* What one program may do. System call numbers as libseccomp has them (SCMP_SYS). */
struct ps_sandbox_table {
    const char *name;
    const int *calls; /* allowed beyond those every program needs, with any arguments */
    size_t call_count;
    const int *families; /* address families of socket(); none: socket() is refused */
    size_t family_count;
    const struct ps_sandbox_path *paths;
    size_t path_count;
    bool tcp_connect; /* Landlock lets TCP connections out */
};

extern const struct ps_sandbox_table ps_sandbox_front;
extern const struct ps_sandbox_table ps_sandbox_token;
extern const struct ps_sandbox_table ps_sandbox_upstream;

/* umask to not dumpable. */
PS_MUST_USE enum ps_code ps_sandbox_process(struct ps_error *err);
/* Closes every descriptor above 2 that is not in keep. */
PS_MUST_USE enum ps_code ps_sandbox_close_fds(const int *keep, size_t count, struct ps_error *err);
/* Locks what is mapped and what will be, if nothing can run into a limit by it. */
void ps_sandbox_lock_memory(void);
PS_MUST_USE enum ps_code ps_sandbox_landlock(const struct ps_sandbox_table *table,
                                             const struct ps_sandbox_profile *profile,
                                             struct ps_error *err);
PS_MUST_USE enum ps_code ps_sandbox_seccomp(const struct ps_sandbox_table *table,
                                            const struct ps_sandbox_profile *profile,
                                            struct ps_error *err);

#endif
