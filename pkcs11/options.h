/* The command line of parasign-token. No secret is ever an argument. */
#ifndef PARASIGN_PKCS11_OPTIONS_H
#define PARASIGN_PKCS11_OPTIONS_H

#include <daemon/sandbox/sandbox.h>
#include <parasign/error.h>

#define PS_OPTION_PATHS_MAX 32

enum ps_mode { PS_MODE_SERVE, PS_MODE_PROBE, PS_MODE_INIT };

/* All texts are borrowed from argv. */
struct ps_options {
    enum ps_mode mode;
    const char *uri;
    const char *state_dir; /* NULL: a refused PIN is remembered by this process alone */
    const char *label;     /* init: the token's new name; NULL takes it from the URI */
    int fd;                /* serve: the pair with the daemon */
    int pin_fd, so_pin_fd; /* -1 when not given */
    unsigned threads;
    unsigned keepalive_s; /* 0 never */
    enum ps_sandbox_filter seccomp;
    bool landlock;
    bool network;
    const char *read_paths[PS_OPTION_PATHS_MAX];
    size_t read_path_count;
    const char *write_paths[PS_OPTION_PATHS_MAX];
    size_t write_path_count;
    bool help;
};

/* PS_INVALID_PARAMS with a sentence. */
PS_MUST_USE enum ps_code ps_options_parse(int argc, char **argv, struct ps_options *out,
                                          struct ps_error *err);
const char *ps_options_usage(void);

#endif
