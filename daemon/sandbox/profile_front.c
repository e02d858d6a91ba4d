/*
 * parasignd: one socket it was given, the audit log, its configuration. It never makes a socket,
 * never starts a program (the keeper does) and reaches neither the PIN file nor the token's files.
 */
#include <daemon/sandbox/parts.h>

#include <seccomp.h>

static const int calls[] = {
    SCMP_SYS(accept4),     SCMP_SYS(flock),  SCMP_SYS(getpeername),
    SCMP_SYS(getsockname), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2),   SCMP_SYS(unlink), SCMP_SYS(unlinkat),
};

/* What is granted beyond this (audit folder, state folder, configuration) depends on the
 * configuration and comes with the profile. */
static const struct ps_sandbox_path paths[] = {
    {"/dev/null", PS_SANDBOX_READ | PS_SANDBOX_WRITE},
    {"/etc/ssl/openssl.cnf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/localtime", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
};

const struct ps_sandbox_table ps_sandbox_front = {
    .name = "parasignd",
    .calls = calls,
    .call_count = sizeof calls / sizeof calls[0],
    .paths = paths,
    .path_count = sizeof paths / sizeof paths[0],
};
