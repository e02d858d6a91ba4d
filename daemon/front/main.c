/*
 * parasignd: reads the configuration, makes the socket and the lock, forks the keeper, locks itself
 * in, serves. The order matters: what needs rights comes first, what reads from clients last.
 */
#include <daemon/config/config.h>
#include <daemon/front/front.h>
#include <daemon/front/json_memory.h>
#include <daemon/front/launch.h>
#include <daemon/front/log.h>
#include <daemon/front/notify.h>
#include <daemon/front/socket.h>
#include <daemon/keeper/keeper.h>
#include <daemon/methods/methods.h>
#include <daemon/sandbox/sandbox.h>
#include <errno.h>
#include <getopt.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_CONFIG "/etc/parasign/parasign.yaml"
#define EXIT_USAGE 2

struct arguments {
    const char *config;
    bool check, debug;
};

static void print_usage(FILE *stream)
{
    (void)fprintf(stream, "usage: parasignd [--config FILE] [--check] [--debug] [--version]\n"
                          "  --config FILE  the configuration; default " DEFAULT_CONFIG "\n"
                          "  --check        only check the configuration\n"
                          "  --debug        also log what is of interest to developers\n"
                          "  --version      print the version\n");
}

/* Whether to go on; otherwise *status is the exit status. */
static bool read_arguments(int argc, char **argv, struct arguments *out, int *status)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'k'},
        {"debug", no_argument, NULL, 'd'},        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;

    *out = (struct arguments){.config = DEFAULT_CONFIG};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            out->config = optarg;
            break;
        case 'k':
            out->check = true;
            break;
        case 'd':
            out->debug = true;
            break;
        case 'v':
            (void)printf("parasignd " PS_VERSION "\n");
            *status = EXIT_SUCCESS;
            return false;
        case 'h':
            print_usage(stdout);
            *status = EXIT_SUCCESS;
            return false;
        default:
            print_usage(stderr);
            *status = EXIT_USAGE;
            return false;
        }
    }
    if (optind != argc) {
        print_usage(stderr);
        *status = EXIT_USAGE;
        return false;
    }
    return true;
}

static enum ps_code start_keeper(const struct ps_config *config, const struct ps_listener *listener,
                                 int lock_fd, int *fd, pid_t *pid, struct ps_error *err)
{
    struct ps_keeper_options options = {
        .socket_path = listener->is_ours ? config->socket.path : NULL,
        .socket_dev = listener->dev,
        .socket_ino = listener->ino,
        .lock_fd = lock_fd,
    };
    char **token = NULL;
    char **upstream = NULL;
    enum ps_code rc;

    if ((rc = ps_launch_token(config, &token, err)) != PS_OK ||
        (rc = ps_launch_upstream(config, &upstream, err)) != PS_OK)
        goto out;
    options.argv[PS_KEEPER_TOKEN] = token;
    options.argv[PS_KEEPER_UPSTREAM] = upstream;
    rc = ps_keeper_fork(&options, fd, pid, err);
out:
    ps_launch_free(token);
    ps_launch_free(upstream);
    return rc;
}

static void announce_weakness(const struct ps_config *config)
{
    if (!config->landlock)
        ps_log(PS_LOG_WARNING, "landlock: off; files are not fenced in");
    if (config->token.seccomp != PS_SECCOMP_STRICT)
        ps_log(PS_LOG_WARNING, "token.seccomp: %s",
               ps_sandbox_filter_name(ps_launch_filter(config->token.seccomp)));
    if (config->upstream.seccomp != PS_SECCOMP_STRICT)
        ps_log(PS_LOG_WARNING, "upstream.seccomp: %s",
               ps_sandbox_filter_name(ps_launch_filter(config->upstream.seccomp)));
    if (config->token.network)
        ps_log(PS_LOG_WARNING, "token.network: the token process may use the network");
}

/* The front opens nothing but the audit log from here on. */
static enum ps_code lock_in(const struct ps_config *config, const int *keep, size_t keep_count,
                            struct ps_error *err)
{
    const struct ps_sandbox_path paths[] = {
        {config->audit.dir, PS_SANDBOX_READ | PS_SANDBOX_WRITE},
    };
    const struct ps_sandbox_profile profile = {
        .program = PS_SANDBOX_FRONT,
        .filter = PS_SANDBOX_STRICT,
        .landlock = config->landlock,
        .paths = paths,
        .path_count = sizeof paths / sizeof paths[0],
        .keep_fds = keep,
        .keep_count = keep_count,
    };

    if (mkdir(config->audit.dir, 0700) != 0 && errno != EEXIST)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot make audit.dir %s: %s", config->audit.dir,
                       strerror(errno));
    return ps_sandbox_enter(&profile, err);
}

static enum ps_code run(const struct ps_config *config, struct ps_error *err)
{
    struct ps_listener listener = {.fd = -1};
    struct ps_front *front = NULL;
    pid_t keeper_pid = 0;
    int lock_fd = -1;
    int keeper_fd = -1;
    int notify_fd = -1;
    enum ps_code rc;

    if ((rc = ps_lock_state(config, &lock_fd, err)) != PS_OK ||
        (rc = ps_listener_open(config, &listener, err)) != PS_OK ||
        (rc = start_keeper(config, &listener, lock_fd, &keeper_fd, &keeper_pid, err)) != PS_OK ||
        (rc = ps_notify_open(&notify_fd, err)) != PS_OK)
        return rc;
    announce_weakness(config);
    {
        const int keep[] = {listener.fd, lock_fd, keeper_fd, notify_fd};
        const struct ps_front_options options = {config, listener.fd, keeper_fd, notify_fd};

        if ((rc = lock_in(config, keep, sizeof keep / sizeof keep[0], err)) != PS_OK ||
            (rc = ps_front_new(&options, &front, err)) != PS_OK)
            return rc;
    }
    ps_log(PS_LOG_DEBUG, "keeper is pid %d, Landlock ABI %d", (int)keeper_pid,
           ps_sandbox_landlock_abi());
    rc = ps_front_run(front, err);
    ps_front_free(front);
    return rc;
}

int main(int argc, char **argv)
{
    struct ps_config *config = NULL;
    struct arguments arguments;
    struct ps_error err;
    int status = EXIT_FAILURE;

    if (!read_arguments(argc, argv, &arguments, &status))
        return status;
    ps_log_open("parasignd", arguments.debug);
    ps_json_prepare();
    if (ps_config_load(arguments.config, &config, &err) != PS_OK) {
        ps_log(PS_LOG_ERROR, "%s", err.message);
        return EXIT_FAILURE;
    }
    if (arguments.check) {
        (void)printf("%s is good\n", arguments.config);
        status = EXIT_SUCCESS;
        goto out;
    }
    if (!ps_methods_complete()) {
        ps_log(PS_LOG_ERROR, "a method of the table has no body; this build is broken");
        goto out;
    }
    /* A write past a file size limit or to a client that left is an error, not the end. */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
        goto out;
    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1)
        goto out;
    if (run(config, &err) == PS_OK)
        status = EXIT_SUCCESS;
    else
        ps_log(PS_LOG_ERROR, "%s", err.message);
out:
    ps_config_free(config);
    return status;
}
