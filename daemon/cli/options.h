/* Options of commands that are more than one call of a method. */
#ifndef PARASIGN_DAEMON_CLI_OPTIONS_H
#define PARASIGN_DAEMON_CLI_OPTIONS_H

#include <stdbool.h>

struct ps_cli_option {
    const char *name;  /* "--pin-fd"; NULL ends a list */
    const char *value; /* what its value is called, or NULL: it takes none */
    const char *about;
};

/* Whether a word is an option: "-" and "--" alone are not. */
bool ps_cli_looks_like_option(const char *word);

/*
 * Sorts words: values[i] is the value of options[i] ("" when it takes none), or NULL when it was
 * not given; words that are no options go to rest, up to rest_max. Returns how many of these there
 * were, or -1, having reported the mistake, as for two of the same or too many words.
 */
#define PS_CLI_OPTIONS_MAX 12
int ps_cli_options(const char *command, const struct ps_cli_option *options, int argc, char **argv,
                   const char *values[PS_CLI_OPTIONS_MAX], const char **rest, int rest_max);

#endif
