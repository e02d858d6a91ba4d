/*
 * How each of the three programs gives up what it does not need, once, after start and before its
 * first thread.
 *
 * The order: umask 077, no_new_privs, RLIMIT_CORE 0, not dumpable, descriptors closed, memory
 * locked where the limit allows, Landlock, seccomp. What a program may do is a table in
 * profile_<program>.c. Refused system calls return an error (EPERM; clone3 ENOSYS, so that libc
 * falls back to clone), refused files EACCES. Nothing is weakened by itself: what was asked for and
 * cannot be set up is an error that must stop the start.
 */
#ifndef PARASIGN_DAEMON_SANDBOX_SANDBOX_H
#define PARASIGN_DAEMON_SANDBOX_SANDBOX_H

#include <parasign/error.h>

enum ps_sandbox_program {
    PS_SANDBOX_FRONT,    /* no execve, no socket(), no files but those granted */
    PS_SANDBOX_TOKEN,    /* system libraries, AF_UNIX (syslog); no execve, no network */
    PS_SANDBOX_UPSTREAM, /* CA and resolver files, AF_INET and AF_INET6; no execve */
    PS_SANDBOX_PROGRAM_COUNT
};

enum ps_sandbox_filter {
    PS_SANDBOX_STRICT, /* allow-list; in builds with sanitizers as PS_SANDBOX_DENY, because their
                          runtimes make calls of their own */
    PS_SANDBOX_DENY,   /* deny-list, for modules of which nothing is known */
    PS_SANDBOX_OFF     /* no seccomp at all; to be announced in the log by the caller */
};

enum ps_sandbox_access {
    PS_SANDBOX_READ = 1,     /* read files and folders at and below the path */
    PS_SANDBOX_WRITE = 2,    /* also write, make, rename, truncate and remove there */
    PS_SANDBOX_OPTIONAL = 4, /* no error when the path does not exist */
};

struct ps_sandbox_path {
    const char *path;
    unsigned access; /* of enum ps_sandbox_access */
};

struct ps_sandbox_profile {
    enum ps_sandbox_program program;
    enum ps_sandbox_filter filter;
    bool landlock; /* false: to be announced in the log by the caller */
    bool network;  /* PS_SANDBOX_TOKEN only: the module itself needs AF_INET and AF_INET6 */
    const struct ps_sandbox_path *paths; /* granted beyond the program's own table; borrowed */
    size_t path_count;
    const int *keep_fds; /* stay open beyond 0, 1 and 2; any order, -1 is skipped; borrowed */
    size_t keep_count;
};

/*
 * Enters the sandbox; there is no way back. To be called with one thread.
 * PS_INTERNAL_ERROR with a message that names the step, and the setting when one would help; the
 * process is then half way in and must end.
 */
PS_MUST_USE enum ps_code ps_sandbox_enter(const struct ps_sandbox_profile *profile,
                                          struct ps_error *err);

/* "strict", "deny", "off". False for any other text. */
bool ps_sandbox_filter_from_name(const char *name, enum ps_sandbox_filter *out);
const char *ps_sandbox_filter_name(enum ps_sandbox_filter filter);

/* The kernel's Landlock ABI, 0 when it has none. */
int ps_sandbox_landlock_abi(void);

#endif
