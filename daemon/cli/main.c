/* `parasign`: the daemon's command line. */
#include <daemon/cli/commands.h>
#include <daemon/cli/help.h>
#include <daemon/cli/secret.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

struct wishes {
    struct ps_cli cli;
    bool help;
    bool version;
};

/*
 * Takes the options that may stand anywhere out of argv. Those after `--` are left alone. Returns
 * the new argc, or -1 when a value is missing.
 */
static int take_global_options(int argc, char **argv, struct wishes *wishes)
{
    int kept = 0;
    int i;

    for (i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (strcmp(argv[i], "--json") == 0) {
            wishes->cli.json = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            wishes->help = true;
        } else if (strcmp(argv[i], "--version") == 0) {
            wishes->version = true;
        } else if (strncmp(argv[i], "--socket=", 9) == 0) {
            wishes->cli.socket = argv[i] + 9;
        } else if (strcmp(argv[i], "--socket") == 0) {
            if (i + 1 >= argc)
                return -1;
            wishes->cli.socket = argv[++i];
        } else {
            argv[kept++] = argv[i];
        }
    }
    while (i < argc)
        argv[kept++] = argv[i++];
    return kept;
}

static int no_such_command(int argc, char **argv)
{
    if (argc == 1 && ps_cli_help_group(stderr, argv[0]))
        return PS_EXIT_USAGE;
    return ps_cli_usage(NULL, "there is no command \"%s%s%s\"", argv[0], argc > 1 ? " " : "",
                        argc > 1 ? argv[1] : "");
}

static int help(int argc, char **argv)
{
    const struct ps_cli_command *command;
    int words;

    if (argc == 0) {
        ps_cli_help_all(stdout);
        return PS_EXIT_DONE;
    }
    command = ps_cli_command_find(argc, argv, &words);
    if (command == NULL)
        return ps_cli_help_group(stdout, argv[0]) ? PS_EXIT_DONE : no_such_command(argc, argv);
    ps_cli_help_command(stdout, command);
    return PS_EXIT_DONE;
}

static int run(const struct ps_cli *cli, int argc, char **argv)
{
    const struct ps_cli_command *command;
    int words;

    if (argc == 0) {
        ps_cli_help_all(stderr);
        return PS_EXIT_USAGE;
    }
    command = ps_cli_command_find(argc, argv, &words);
    if (command == NULL)
        return no_such_command(argc, argv);
    return (command->run != NULL ? command->run : ps_cli_run_method)(cli, command, argc - words,
                                                                     argv + words);
}

int main(int argc, char **argv)
{
    struct wishes wishes = {0};

    ps_cli_harden();
    (void)signal(SIGPIPE, SIG_IGN); /* a closed standard output is told as an error of ours */
    argc = take_global_options(argc - 1, argv + 1, &wishes);
    argv++;
    if (argc < 0)
        return ps_cli_usage(NULL, "--socket needs a path");
    if (wishes.version) {
        (void)puts("parasign " PS_VERSION);
        return PS_EXIT_DONE;
    }
    if (argc > 0 && strcmp(argv[0], "help") == 0)
        return help(argc - 1, argv + 1);
    if (wishes.help)
        return help(argc, argv);
    return run(&wishes.cli, argc, argv);
}
