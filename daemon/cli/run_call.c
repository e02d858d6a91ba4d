/* `call`: any method, as it is. */
#include <daemon/cli/commands.h>
#include <daemon/cli/files.h>
#include <proto/rpc/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_json(const json_t *result)
{
    (void)json_dumpf(result, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    (void)putchar('\n');
}

/* JSON, @FILE or - */
static enum ps_code read_params(const char *word, json_t **params, struct ps_error *err)
{
    char *text = NULL;
    size_t length;
    enum ps_code rc;

    if (word[0] != '@' && strcmp(word, "-") != 0)
        return ps_json_parse_line(word, strlen(word), params, err);
    rc = ps_cli_read_file(word[0] == '@' ? word + 1 : word, &text, &length, err);
    if (rc == PS_OK)
        rc = ps_json_parse_line(text, length, params, err);
    free(text);
    return rc;
}

int ps_cli_run_call(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                    char **argv)
{
    const char *values[PS_CLI_OPTIONS_MAX];
    const char *words[2];
    struct ps_error err;
    json_t *params = NULL;
    int count = ps_cli_options(command->name, ps_cli_no_options, argc, argv, values, words, 2);

    if (count < 0)
        return PS_EXIT_USAGE;
    if (count == 0)
        return ps_cli_usage(command->name, "call: the method is missing");
    if (count == 1)
        params = json_object();
    else if (read_params(words[1], &params, &err) != PS_OK)
        return ps_cli_fail(cli, &err);
    return ps_cli_call(cli, words[0], params, -1, print_json);
}
