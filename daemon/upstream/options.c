#include <daemon/upstream/options.h>

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool read_fd(const char *text, int *out)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 3 || value > INT_MAX)
        return false;
    *out = (int)value;
    return true;
}

static bool read_switch(const char *text, bool *out)
{
    *out = strcmp(text, "on") == 0;
    return *out || strcmp(text, "off") == 0;
}

enum ps_code ps_upstream_options_read(int argc, char **argv, struct ps_upstream_options *out,
                                      struct ps_error *err)
{
    static const struct option options[] = {
        {"fd", required_argument, NULL, 'f'},
        {"seccomp", required_argument, NULL, 's'},
        {"landlock", required_argument, NULL, 'l'},
        {"ca-file", required_argument, NULL, 'c'},
        {NULL, 0, NULL, 0},
    };
    bool good = true;
    int option;

    *out = (struct ps_upstream_options){.fd = -1, .seccomp = PS_SANDBOX_STRICT, .landlock = true};
    while (good && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'f':
            good = read_fd(optarg, &out->fd);
            break;
        case 's':
            good = ps_sandbox_filter_from_name(optarg, &out->seccomp);
            break;
        case 'l':
            good = read_switch(optarg, &out->landlock);
            break;
        case 'c':
            out->ca_file = optarg;
            break;
        default:
            good = false;
            break;
        }
    }
    if (!good || optind != argc || out->fd < 0)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "usage: parasign-upstream --fd N [--seccomp strict|deny|off] "
                       "[--landlock on|off] [--ca-file FILE]; parasignd starts it");
    return PS_OK;
}
