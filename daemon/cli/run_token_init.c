/* `token init`: parasign-token does it; this finds it and hands it the PINs. */
#include <assert.h>
#include <daemon/cli/commands.h>
#include <daemon/cli/secret.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    INIT_URI,
    INIT_LABEL,
    INIT_SO_PIN_FILE,
    INIT_SO_PIN_FD,
    INIT_PIN_FILE,
    INIT_PIN_FD,
    INIT_SECCOMP,
    INIT_NETWORK
};

const struct ps_cli_option ps_cli_token_init_options[] = {
    [INIT_URI] = {"--uri", "URI", "PKCS#11 URI of the token, with module-path (RFC 7512)"},
    [INIT_LABEL] = {"--label", "TEXT", "the token's new label"},
    [INIT_SO_PIN_FILE] = {"--so-pin-file", "FILE", "read the security officer's PIN from it"},
    [INIT_SO_PIN_FD] = {"--so-pin-fd", "N", "the same from a descriptor"},
    [INIT_PIN_FILE] = {"--pin-file", "FILE", "read the user's PIN from it"},
    [INIT_PIN_FD] = {"--pin-fd", "N", "the same from a descriptor"},
    [INIT_SECCOMP] = {"--seccomp", "MODE", "strict (as by default), deny or off: as token.seccomp"},
    [INIT_NETWORK] = {"--network", NULL, "the module reaches its token over the network"},
    {0},
};

static enum ps_code get_pin(const char *what, const char *file, const char *number, int *fd,
                            struct ps_error *err)
{
    enum ps_code rc;
    int source;

    *fd = -1;
    if (file != NULL && number != NULL)
        return ps_fail(err, PS_INVALID_PARAMS, "%s: name a file or a descriptor, not both", what);
    if (file != NULL)
        return ps_cli_secret_from_file(what, file, fd, err);
    if (number == NULL)
        return ps_cli_secret_ask(what, true, fd, err);
    if ((rc = ps_cli_secret_fd_number(number, &source, err)) != PS_OK)
        return rc;
    return ps_cli_secret_from_fd(what, source, fd, err);
}

/* Beside this program, in the build tree as when installed. Never from $PATH. */
static enum ps_code find_helper(char path[PATH_MAX], struct ps_error *err)
{
    static const char *const places[] = {"parasign-token", "../libexec/parasign/parasign-token"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;
    size_t i;

    if (n > 0) {
        self[n] = '\0';
        slash = strrchr(self, '/');
        for (i = 0; i < sizeof places / sizeof places[0]; i++) {
            int length = snprintf(path, PATH_MAX, "%.*s/%s", (int)(slash - self), self, places[i]);

            if (length > 0 && length < PATH_MAX && access(path, X_OK) == 0)
                return PS_OK;
        }
    }
    return ps_fail(err, PS_INTERNAL_ERROR,
                   "cannot find parasign-token beside this program; install both together");
}

/* What the helper is told. */
struct init_job {
    const char *path; /* of the helper */
    const char *const *values;
    int so_pin_fd, pin_fd;
    bool quiet; /* its standard output is not for the user */
};

static void become_helper(const struct init_job *job)
{
    char so_pin_number[12];
    char pin_number[12];
    /*
     * Landlock needs to know the module's files, which stand in the daemon's configuration; a token
     * is initialised before there is one, once, by the operator. The helper says so when it starts.
     */
    const char *argv[] = {job->path,     "init",
                          "--uri",       job->values[INIT_URI],
                          "--label",     job->values[INIT_LABEL],
                          "--so-pin-fd", so_pin_number,
                          "--pin-fd",    pin_number,
                          "--landlock",  "off",
                          NULL,          NULL,
                          NULL,          NULL};
    size_t count = 12; /* words so far */

    assert(argv[count] == NULL);
    if (job->values[INIT_SECCOMP] != NULL) {
        argv[count++] = "--seccomp";
        argv[count++] = job->values[INIT_SECCOMP];
    }
    if (job->values[INIT_NETWORK] != NULL)
        argv[count++] = "--network";
    assert(count < sizeof argv / sizeof argv[0]);
    (void)snprintf(so_pin_number, sizeof so_pin_number, "%d", job->so_pin_fd);
    (void)snprintf(pin_number, sizeof pin_number, "%d", job->pin_fd);
    (void)fcntl(job->so_pin_fd, F_SETFD, 0);
    (void)fcntl(job->pin_fd, F_SETFD, 0);
    if (job->quiet) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (nowhere >= 0)
            (void)dup2(nowhere, STDOUT_FILENO);
    }
    (void)execv(job->path, (char *const *)(void *)argv);
    _exit(127);
}

/* Runs the helper to its end; its messages go where ours go. */
static enum ps_code run_helper(const struct init_job *job, struct ps_error *err)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        become_helper(job);
    if (child < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot start %s: %s", job->path, strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        return ps_fail(err, PS_TOKEN_ERROR, "%s was ended by signal %d", job->path,
                       WTERMSIG(status));
    if (WEXITSTATUS(status) == 127)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot run %s", job->path);
    if (WEXITSTATUS(status) != 0)
        return ps_fail(err, PS_TOKEN_ERROR, "the token was not initialised");
    return PS_OK;
}

/* For people the helper has said it. */
static void report_done(const struct ps_cli *cli, const char *label)
{
    json_t *result;

    if (!cli->json)
        return;
    result = json_pack("{s:s}", "label", label);
    (void)json_dumpf(result, stdout, JSON_COMPACT);
    (void)putchar('\n');
    json_decref(result);
}

int ps_cli_run_token_init(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                          char **argv)
{
    const char *values[PS_CLI_OPTIONS_MAX];
    char path[PATH_MAX];
    struct init_job job = {path, values, -1, -1, cli->json};
    struct ps_error err;
    int status = PS_EXIT_DONE;

    if (ps_cli_options(command->name, ps_cli_token_init_options, argc, argv, values, NULL, 0) != 0)
        return PS_EXIT_USAGE;
    if (values[INIT_URI] == NULL || values[INIT_LABEL] == NULL)
        return ps_cli_usage(command->name, "token init: --uri and --label are needed");
    if (find_helper(path, &err) != PS_OK ||
        get_pin("PIN of the security officer", values[INIT_SO_PIN_FILE], values[INIT_SO_PIN_FD],
                &job.so_pin_fd, &err) != PS_OK ||
        get_pin("PIN of the user", values[INIT_PIN_FILE], values[INIT_PIN_FD], &job.pin_fd, &err) !=
            PS_OK ||
        run_helper(&job, &err) != PS_OK)
        status = ps_cli_fail(cli, &err);
    else
        report_done(cli, values[INIT_LABEL]);
    if (job.so_pin_fd >= 0)
        (void)close(job.so_pin_fd);
    if (job.pin_fd >= 0)
        (void)close(job.pin_fd);
    return status;
}
