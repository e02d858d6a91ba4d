/* What the commands of `parasign` share. */
#ifndef PARASIGN_DAEMON_CLI_CLI_H
#define PARASIGN_DAEMON_CLI_CLI_H

#include <jansson.h>
#include <parasign/error.h>

/* Exit statuses; part of the command line's contract. */
enum { PS_EXIT_DONE = 0, PS_EXIT_FAILED = 1, PS_EXIT_USAGE = 2 };

/* The options that stand before or after any command. */
struct ps_cli {
    const char *socket; /* NULL: the client library's rule */
    bool json;
};

/* Writes a result for people to stdout. result is borrowed. */
typedef void ps_cli_print(const json_t *result);

/*
 * One call to the daemon. params: stolen, NULL when it could not be made (memory). fd: passed
 * along, or -1; stays the caller's. print: NULL prints nothing but with --json. Reports what goes
 * wrong; returns the exit status.
 */
int ps_cli_call(const struct ps_cli *cli, const char *method, json_t *params, int fd,
                ps_cli_print *print);

/* Reports err on stderr, as a sentence or with --json as the error object; PS_EXIT_FAILED. */
int ps_cli_fail(const struct ps_cli *cli, const struct ps_error *err);
/* Reports a mistake in the arguments on stderr; PS_EXIT_USAGE. command may be NULL. */
int ps_cli_usage(const char *command, const char *fmt, ...) PS_PRINTF(2, 3);

#endif
