#include <pkcs11/options.h>

#include <errno.h>
#include <getopt.h>
#include <pkcs11/token.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_DEFAULT 2
#define KEEPALIVE_DEFAULT_S 20
#define KEEPALIVE_MAX_S 86400

enum {
    OPT_URI = 1,
    OPT_STATE_DIR,
    OPT_LABEL,
    OPT_FD,
    OPT_PIN_FD,
    OPT_SO_PIN_FD,
    OPT_THREADS,
    OPT_KEEPALIVE,
    OPT_SECCOMP,
    OPT_LANDLOCK,
    OPT_NETWORK,
    OPT_READ_PATH,
    OPT_WRITE_PATH,
    OPT_HELP
};

static const struct option table[] = {
    {"uri", required_argument, NULL, OPT_URI},
    {"state-dir", required_argument, NULL, OPT_STATE_DIR},
    {"label", required_argument, NULL, OPT_LABEL},
    {"fd", required_argument, NULL, OPT_FD},
    {"pin-fd", required_argument, NULL, OPT_PIN_FD},
    {"so-pin-fd", required_argument, NULL, OPT_SO_PIN_FD},
    {"threads", required_argument, NULL, OPT_THREADS},
    {"keepalive-s", required_argument, NULL, OPT_KEEPALIVE},
    {"seccomp", required_argument, NULL, OPT_SECCOMP},
    {"landlock", required_argument, NULL, OPT_LANDLOCK},
    {"network", no_argument, NULL, OPT_NETWORK},
    {"read-path", required_argument, NULL, OPT_READ_PATH},
    {"write-path", required_argument, NULL, OPT_WRITE_PATH},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

const char *ps_options_usage(void)
{
    return "parasign-token [serve] --fd N --uri URI [OPTIONS]   started by parasignd\n"
           "parasign-token probe --uri URI [OPTIONS]            what can this token do?\n"
           "parasign-token init --uri URI --so-pin-fd N --pin-fd N [--label NAME] [OPTIONS]\n"
           "\n"
           "  --uri URI            RFC 7512: "
           "pkcs11:token=NAME?module-path=/PATH&pin-source=file:/P\n"
           "  --fd N               serve: an inherited socket to the daemon\n"
           "  --state-dir DIR      remembers there that a PIN was refused\n"
           "  --threads N          signing threads, one session each (2)\n"
           "  --keepalive-s N      touch an idle token after N seconds (20; 0 never)\n"
           "  --pin-fd N           probe, init: a pipe or memfd with the user PIN\n"
           "  --so-pin-fd N        init: a pipe or memfd with the SO PIN\n"
           "  --label NAME         init: the token's name (else the one in the URI)\n"
           "  --seccomp strict|deny|off   (strict)\n"
           "  --landlock on|off    (on)\n"
           "  --network            the module reaches its token over the network\n"
           "  --read-path P        a file or folder the module may read; may be repeated\n"
           "  --write-path P       a folder the module may write; may be repeated\n";
}

static enum ps_code number(const char *name, const char *text, unsigned min, unsigned max,
                           unsigned *out, struct ps_error *err)
{
    unsigned long value;
    char *end;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < min || value > max)
        return ps_fail(err, PS_INVALID_PARAMS, "%s takes a number from %u to %u", name, min, max);
    *out = (unsigned)value;
    return PS_OK;
}

static enum ps_code descriptor(const char *name, const char *text, int *out, struct ps_error *err)
{
    unsigned value = 0;
    enum ps_code rc = number(name, text, 0, 65535, &value, err);

    if (rc == PS_OK)
        *out = (int)value;
    return rc;
}

static enum ps_code path(const char *text, const char **list, size_t *count, struct ps_error *err)
{
    if (text[0] != '/')
        return ps_fail(err, PS_INVALID_PARAMS, "%s is not an absolute path", text);
    if (*count == PS_OPTION_PATHS_MAX)
        return ps_fail(err, PS_INVALID_PARAMS, "more than %d paths", PS_OPTION_PATHS_MAX);
    list[(*count)++] = text;
    return PS_OK;
}

static enum ps_code one(int option, const char *value, struct ps_options *o, struct ps_error *err)
{
    switch (option) {
    case OPT_URI:
        o->uri = value;
        return PS_OK;
    case OPT_STATE_DIR:
        o->state_dir = value;
        return PS_OK;
    case OPT_LABEL:
        o->label = value;
        return PS_OK;
    case OPT_FD:
        return descriptor("--fd", value, &o->fd, err);
    case OPT_PIN_FD:
        return descriptor("--pin-fd", value, &o->pin_fd, err);
    case OPT_SO_PIN_FD:
        return descriptor("--so-pin-fd", value, &o->so_pin_fd, err);
    case OPT_THREADS:
        return number("--threads", value, 1, PS_TOKEN_THREADS_MAX, &o->threads, err);
    case OPT_KEEPALIVE:
        return number("--keepalive-s", value, 0, KEEPALIVE_MAX_S, &o->keepalive_s, err);
    case OPT_SECCOMP:
        if (!ps_sandbox_filter_from_name(value, &o->seccomp))
            return ps_fail(err, PS_INVALID_PARAMS, "--seccomp takes strict, deny or off");
        return PS_OK;
    case OPT_LANDLOCK:
        o->landlock = strcmp(value, "on") == 0;
        if (!o->landlock && strcmp(value, "off") != 0)
            return ps_fail(err, PS_INVALID_PARAMS, "--landlock takes on or off");
        return PS_OK;
    case OPT_NETWORK:
        o->network = true;
        return PS_OK;
    case OPT_READ_PATH:
        return path(value, o->read_paths, &o->read_path_count, err);
    case OPT_WRITE_PATH:
        return path(value, o->write_paths, &o->write_path_count, err);
    case OPT_HELP:
        o->help = true;
        return PS_OK;
    default:
        return ps_fail(err, PS_INVALID_PARAMS,
                       "unknown option, or one without its value; see "
                       "--help");
    }
}

static enum ps_code check(const struct ps_options *o, struct ps_error *err)
{
    if (o->uri == NULL)
        return ps_fail(err, PS_INVALID_PARAMS, "--uri is missing: the token's RFC 7512 URI");
    if (o->state_dir != NULL && o->state_dir[0] != '/')
        return ps_fail(err, PS_INVALID_PARAMS, "--state-dir takes an absolute path");
    if (o->mode == PS_MODE_SERVE && o->fd < 0)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "--fd is missing: this program is started by parasignd");
    if (o->mode == PS_MODE_INIT && (o->pin_fd < 0 || o->so_pin_fd < 0))
        return ps_fail(err, PS_INVALID_PARAMS, "init needs --so-pin-fd and --pin-fd");
    return PS_OK;
}

enum ps_code ps_options_parse(int argc, char **argv, struct ps_options *out, struct ps_error *err)
{
    enum ps_code rc;
    int option;

    *out = (struct ps_options){.mode = PS_MODE_SERVE,
                               .fd = -1,
                               .pin_fd = -1,
                               .so_pin_fd = -1,
                               .threads = THREADS_DEFAULT,
                               .keepalive_s = KEEPALIVE_DEFAULT_S,
                               .seccomp = PS_SANDBOX_STRICT,
                               .landlock = true};
    opterr = 0;
    /* One thread so far. */
    while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
        if ((rc = one(option, optarg, out, err)) != PS_OK)
            return rc;
    if (out->help)
        return PS_OK;
    if (optind < argc) {
        if (strcmp(argv[optind], "probe") == 0)
            out->mode = PS_MODE_PROBE;
        else if (strcmp(argv[optind], "init") == 0)
            out->mode = PS_MODE_INIT;
        else if (strcmp(argv[optind], "serve") != 0)
            return ps_fail(err, PS_INVALID_PARAMS, "%s is none of serve, probe, init",
                           argv[optind]);
        if (optind + 1 < argc)
            return ps_fail(err, PS_INVALID_PARAMS, "%s is one argument too many", argv[optind + 1]);
    }
    return check(out, err);
}
