/* Asking a person at the terminal, without echo. */
#ifndef PARASIGN_DAEMON_CLI_TERMINAL_H
#define PARASIGN_DAEMON_CLI_TERMINAL_H

#include <parasign/error.h>

/*
 * Writes "<prefix><what>: " to the terminal of the process (/dev/tty) and reads one line into text,
 * at most max bytes, with its line feed if there was one. Echo is switched back on however the
 * waiting ends, also by a signal, which is then delivered. PS_INVALID_PARAMS when there is no
 * terminal.
 */
PS_MUST_USE enum ps_code ps_cli_terminal_ask(const char *prefix, const char *what, char *text,
                                             size_t max, size_t *length, struct ps_error *err);

#endif
