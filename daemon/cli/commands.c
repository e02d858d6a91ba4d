#include <daemon/cli/commands.h>

#include <string.h>

const struct ps_cli_option ps_cli_no_options[] = {{0}};

const struct ps_cli_command ps_cli_commands[] = {
    {.name = "status", .method = "system.status", .print = ps_cli_print_status},
    {.name = "unlock",
     .run = ps_cli_run_unlock,
     .options = ps_cli_unlock_options,
     .about = "Logs in to the token. The PIN is asked for at the terminal, without echo."},
    {.name = "lock", .method = "system.lock", .print = ps_cli_print_token},

    {.name = "key list", .method = "key.list", .print = ps_cli_print_keys},
    {.name = "key show", .method = "key.get", .positional = {"name"}, .print = ps_cli_print_key},
    {.name = "key generate",
     .method = "key.generate",
     .positional = {"name"},
     .print = ps_cli_print_key},
    {.name = "key import",
     .method = "key.import",
     .positional = {"name"},
     .run = ps_cli_run_key_import,
     .print = ps_cli_print_key,
     .about = "Brings a private key into the token: hex on standard input, no echo on a "
              "terminal."},
    {.name = "key destroy",
     .method = "key.destroy",
     .positional = {"name"},
     .print = ps_cli_print_destroyed},

    {.name = "account show",
     .method = "paradex.account",
     .positional = {"account"},
     .print = ps_cli_print_account},
    {.name = "order sign",
     .method = "paradex.sign_order",
     .positional = {"account"},
     .flatten = "order",
     .print = ps_cli_print_order},
    {.name = "order modify",
     .method = "paradex.sign_modify_order",
     .positional = {"account"},
     .flatten = "order",
     .print = ps_cli_print_order},
    {.name = "auth headers",
     .method = "paradex.auth_headers",
     .positional = {"account"},
     .print = ps_cli_print_auth},
    {.name = "typed-data sign",
     .method = "paradex.sign_typed_data",
     .positional = {"account", "typed_data"},
     .print = ps_cli_print_signature},

    {.name = "token probe", .method = "token.probe", .print = ps_cli_print_probe},
    {.name = "token init",
     .run = ps_cli_run_token_init,
     .options = ps_cli_token_init_options,
     .about = "Initialises an empty token; needs no daemon. PINs are asked for at the terminal "
              "unless a file is named."},
    {.name = "config check",
     .run = ps_cli_run_config_check,
     .words = "FILE",
     .options = ps_cli_no_options,
     .about = "Checks a configuration file; needs no daemon."},
    {.name = "config reference",
     .run = ps_cli_run_config_reference,
     .options = ps_cli_no_options,
     .about = "Prints all keys of the configuration file, as Markdown."},
    {.name = "call",
     .run = ps_cli_run_call,
     .words = "METHOD [JSON|@FILE|-]",
     .options = ps_cli_no_options,
     .about = "Calls any method; `parasign call rpc.discover` describes them all."},
    {0},
};

static const char *second_word(const char *name)
{
    const char *space = strchr(name, ' ');

    return space != NULL ? space + 1 : NULL;
}

const struct ps_cli_command *ps_cli_command_find(int argc, char **argv, int *words)
{
    const struct ps_cli_command *command;

    for (command = ps_cli_commands; command->name != NULL; command++) {
        const char *second = second_word(command->name);
        size_t first = strcspn(command->name, " ");

        *words = second != NULL ? 2 : 1;
        if (argc < *words || strlen(argv[0]) != first ||
            strncmp(argv[0], command->name, first) != 0)
            continue;
        if (second == NULL || strcmp(argv[1], second) == 0)
            return command;
    }
    return NULL;
}
