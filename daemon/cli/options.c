#include <daemon/cli/options.h>

#include <daemon/cli/cli.h>
#include <string.h>

bool ps_cli_looks_like_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && strcmp(word, "--") != 0;
}

/* The index of the option that word names, as "--name" or "--name=value", or -1. */
static int option_index(const struct ps_cli_option *options, const char *word)
{
    size_t length = strcspn(word, "=");
    int i;

    for (i = 0; options[i].name != NULL; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, word, length) == 0)
            return i;
    return -1;
}

/* Takes the option at argv[*at], moving *at when its value is the next word. */
static bool take(const char *command, const struct ps_cli_option *options, int argc, char **argv,
                 int *at, const char *values[PS_CLI_OPTIONS_MAX])
{
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    int i = option_index(options, word);

    if (i < 0) {
        (void)ps_cli_usage(command, "unknown option %s", word);
        return false;
    }
    if (values[i] != NULL) {
        (void)ps_cli_usage(command, "%s was given twice", options[i].name);
        return false;
    }
    if (options[i].value == NULL && equals != NULL) {
        (void)ps_cli_usage(command, "%s takes no value", options[i].name);
        return false;
    }
    if (options[i].value == NULL) {
        values[i] = "";
    } else if (equals != NULL) {
        values[i] = equals + 1;
    } else if (*at + 1 < argc) {
        values[i] = argv[++*at];
    } else {
        (void)ps_cli_usage(command, "%s needs %s", options[i].name, options[i].value);
        return false;
    }
    return true;
}

int ps_cli_options(const char *command, const struct ps_cli_option *options, int argc, char **argv,
                   const char *values[PS_CLI_OPTIONS_MAX], const char **rest, int rest_max)
{
    bool only_words = false;
    int count = 0;
    int i;

    memset(values, 0, PS_CLI_OPTIONS_MAX * sizeof *values);
    for (i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && ps_cli_looks_like_option(argv[i])) {
            if (!take(command, options, argc, argv, &i, values))
                return -1;
        } else if (count < rest_max) {
            rest[count++] = argv[i];
        } else {
            (void)ps_cli_usage(command, "there is no place for \"%s\"", argv[i]);
            return -1;
        }
    }
    return count;
}
