#include <daemon/cli/help.h>

#include <ctype.h>
#include <daemon/cli/arguments.h>
#include <string.h>

#define OPTION_WIDTH 32

static const char *about(const struct ps_cli_command *command)
{
    return command->about != NULL ? command->about : ps_method_find(command->method)->about;
}

void ps_cli_help_all(FILE *out)
{
    const struct ps_cli_command *command;

    (void)fputs("usage: parasign [--socket PATH] [--json] COMMAND ...\n\n", out);
    for (command = ps_cli_commands; command->name != NULL; command++)
        (void)fprintf(out, "  %-17s %s\n", command->name, about(command));
    (void)fputs(
        "\n"
        "  --socket PATH     the daemon's socket; else $PARASIGN_SOCKET, else\n"
        "                    $XDG_RUNTIME_DIR/parasign.sock, else /run/parasign/parasign.sock\n"
        "  --json            the result as one line of JSON on standard output; a refusal as the\n"
        "                    JSON-RPC error object on standard error\n"
        "  --help, --version\n"
        "\n"
        "`parasign help COMMAND` shows a command's options. Exit status: 0 done, 1 refused or\n"
        "failed, 2 wrong usage.\n",
        out);
}

bool ps_cli_help_group(FILE *out, const char *word)
{
    const struct ps_cli_command *command;
    bool any = false;

    for (command = ps_cli_commands; command->name != NULL; command++) {
        size_t first = strcspn(command->name, " ");

        if (strlen(word) != first || strncmp(command->name, word, first) != 0)
            continue;
        if (!any)
            (void)fputs("usage:\n", out);
        (void)fprintf(out, "  parasign %-17s %s\n", command->name, about(command));
        any = true;
    }
    return any;
}

/* "typed_data" as TYPED-DATA; a document is given as a file. */
static void print_place(FILE *out, const struct ps_param *param)
{
    const char *p = param->name;

    if (param->type == PS_PARAM_DOCUMENT) {
        (void)fputs(" FILE|-", out);
        return;
    }
    (void)fputc(' ', out);
    for (; *p != '\0'; p++)
        (void)fputc(*p == '_' ? '-' : toupper((unsigned char)*p), out);
}

static const char *value_word(const struct ps_param *param)
{
    switch (param->type) {
    case PS_PARAM_BOOL:
        return "";
    case PS_PARAM_UINT:
    case PS_PARAM_UINT_TEXT:
        return " N";
    case PS_PARAM_DECIMAL:
        return " DECIMAL";
    case PS_PARAM_DOCUMENT:
        return " FILE|-";
    case PS_PARAM_ARRAY:
        return " LIST";
    default:
        return " TEXT";
    }
}

static void print_choices(FILE *out, const struct ps_param *param)
{
    const char *const *choice = param->choices;

    if (param->type == PS_PARAM_ARRAY && param->fields != NULL)
        choice = param->fields->choices;
    if (choice == NULL)
        return;
    (void)fprintf(out, "%*s", OPTION_WIDTH + 2, "");
    for (; *choice != NULL; choice++)
        (void)fprintf(out, "%s%s", *choice, choice[1] != NULL ? ", " : "\n");
}

static void print_option(FILE *out, const struct ps_param *param)
{
    char option[96];
    size_t n;

    n = (size_t)snprintf(option, sizeof option, "--%.60s%s", param->name, value_word(param));
    while (n-- > 0)
        if (option[n] == '_')
            option[n] = '-';
    (void)fprintf(out, "  %-*s%s%s\n", OPTION_WIDTH, option, param->about,
                  param->required ? "; must be given" : "");
    print_choices(out, param);
}

static void help_method(FILE *out, const struct ps_cli_command *command)
{
    const struct ps_method *method = ps_method_find(command->method);
    const struct ps_param *flattened = ps_cli_flattened(command, method);
    const char *const *place;
    const struct ps_param *param;

    for (place = command->positional; *place != NULL; place++)
        for (param = method->params; param->name != NULL; param++)
            if (strcmp(param->name, *place) == 0)
                print_place(out, param);
    (void)fprintf(out, " [options]\n\n%s\n", about(command));
    (void)fprintf(out, "Calls %s.\n\n", command->method);
    for (param = method->params; param->name != NULL; param++)
        if (ps_cli_is_option(command, param))
            print_option(out, param);
    for (param = flattened != NULL ? flattened->fields : NULL; param != NULL && param->name != NULL;
         param++)
        print_option(out, param);
}

static void help_other(FILE *out, const struct ps_cli_command *command)
{
    const struct ps_cli_option *option;

    (void)fprintf(out, "%s%s%s\n\n%s\n\n", command->words != NULL ? " " : "",
                  command->words != NULL ? command->words : "",
                  command->options[0].name != NULL ? " [options]" : "", about(command));
    for (option = command->options; option->name != NULL; option++)
        (void)fprintf(out, "  %-14s %-5s %s\n", option->name,
                      option->value != NULL ? option->value : "", option->about);
}

void ps_cli_help_command(FILE *out, const struct ps_cli_command *command)
{
    (void)fprintf(out, "usage: parasign %s", command->name);
    if (command->method != NULL)
        help_method(out, command);
    else
        help_other(out, command);
}
