/* Commands that pass a secret along. */
#include <daemon/cli/arguments.h>
#include <daemon/cli/secret.h>
#include <unistd.h>

enum { UNLOCK_PIN_FD, UNLOCK_CONFIGURED };

const struct ps_cli_option ps_cli_unlock_options[] = {
    [UNLOCK_PIN_FD] = {"--pin-fd", "N", "read the PIN from this descriptor"},
    [UNLOCK_CONFIGURED] = {"--configured", NULL,
                           "use the PIN source of the daemon's configuration"},
    {0},
};

/* From the descriptor that was named, or at the terminal. */
static enum ps_code unlock_pin(const char *number, int *fd, struct ps_error *err)
{
    enum ps_code rc;
    int source;

    if (number == NULL)
        return ps_cli_secret_ask("PIN", false, fd, err);
    if ((rc = ps_cli_secret_fd_number(number, &source, err)) != PS_OK)
        return rc;
    return ps_cli_secret_from_fd("the PIN", source, fd, err);
}

int ps_cli_run_unlock(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                      char **argv)
{
    const char *values[PS_CLI_OPTIONS_MAX];
    struct ps_error err;
    int fd = -1;
    int status;

    if (ps_cli_options(command->name, ps_cli_unlock_options, argc, argv, values, NULL, 0) != 0)
        return PS_EXIT_USAGE;
    if (values[UNLOCK_PIN_FD] != NULL && values[UNLOCK_CONFIGURED] != NULL)
        return ps_cli_usage(command->name, "--pin-fd and --configured exclude each other");
    if (values[UNLOCK_CONFIGURED] == NULL && unlock_pin(values[UNLOCK_PIN_FD], &fd, &err) != PS_OK)
        return ps_cli_fail(cli, &err);
    status = ps_cli_call(cli, "system.unlock", json_object(), fd, ps_cli_print_token);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

int ps_cli_run_key_import(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                          char **argv)
{
    struct ps_error err;
    json_t *params;
    int status = ps_cli_arguments(cli, command, argc, argv, &params);
    int fd;

    if (status != PS_EXIT_DONE)
        return status;
    if (ps_cli_secret_from_stdin("the private key in hex", &fd, &err) != PS_OK) {
        json_decref(params);
        return ps_cli_fail(cli, &err);
    }
    status = ps_cli_call(cli, command->method, params, fd, command->print);
    (void)close(fd);
    return status;
}
