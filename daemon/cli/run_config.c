/* Commands about the configuration file; they need no daemon. */
#include <daemon/cli/commands.h>
#include <daemon/config/config.h>
#include <stdio.h>

static void report_checked(const struct ps_cli *cli, const struct ps_config *config)
{
    json_t *result;

    if (!cli->json) {
        (void)printf("%s: correct; %zu accounts, %zu clients\n", config->file,
                     config->account_count, config->client_count);
        return;
    }
    result =
        json_pack("{s:s, s:I, s:I}", "file", config->file, "accounts",
                  (json_int_t)config->account_count, "clients", (json_int_t)config->client_count);
    (void)json_dumpf(result, stdout, JSON_COMPACT);
    (void)putchar('\n');
    json_decref(result);
}

int ps_cli_run_config_check(const struct ps_cli *cli, const struct ps_cli_command *command,
                            int argc, char **argv)
{
    const char *values[PS_CLI_OPTIONS_MAX];
    struct ps_config *config = NULL;
    struct ps_error err;
    const char *file;
    int count = ps_cli_options(command->name, ps_cli_no_options, argc, argv, values, &file, 1);

    if (count < 0)
        return PS_EXIT_USAGE;
    if (count == 0)
        return ps_cli_usage(command->name, "config check: the file is missing");
    if (ps_config_load(file, &config, &err) != PS_OK)
        return ps_cli_fail(cli, &err);
    report_checked(cli, config);
    ps_config_free(config);
    return PS_EXIT_DONE;
}

int ps_cli_run_config_reference(const struct ps_cli *cli, const struct ps_cli_command *command,
                                int argc, char **argv)
{
    const char *values[PS_CLI_OPTIONS_MAX];

    (void)cli;
    if (ps_cli_options(command->name, ps_cli_no_options, argc, argv, values, NULL, 0) != 0)
        return PS_EXIT_USAGE;
    ps_config_reference(stdout);
    return fflush(stdout) == 0 ? PS_EXIT_DONE : PS_EXIT_FAILED;
}
