/* The command line of parasign-upstream; written by the front (daemon/front/launch.c). */
#ifndef PARASIGN_DAEMON_UPSTREAM_OPTIONS_H
#define PARASIGN_DAEMON_UPSTREAM_OPTIONS_H

#include <daemon/sandbox/sandbox.h>

struct ps_upstream_options {
    int fd; /* the pair with the front */
    enum ps_sandbox_filter seccomp;
    bool landlock;
    const char *ca_file; /* NULL: the system's store */
};

PS_MUST_USE enum ps_code ps_upstream_options_read(int argc, char **argv,
                                                  struct ps_upstream_options *out,
                                                  struct ps_error *err);

#endif
