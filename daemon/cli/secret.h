/*
 * PINs and keys on their way through this process: read into one locked page, handed on through a
 * pipe, wiped. Never in argv, the environment, a file or the heap.
 */
#ifndef PARASIGN_DAEMON_CLI_SECRET_H
#define PARASIGN_DAEMON_CLI_SECRET_H

#include <parasign/error.h>

#define PS_CLI_SECRET_MAX 1024 /* bytes; fits a pipe's buffer, so that writing never waits */

/* Makes the process one that leaves nothing behind: no core file, not traceable by its user. */
void ps_cli_harden(void);

/*
 * Each reads one secret, cuts one trailing line feed (and the carriage return before it), and gives
 * the read end of a pipe that holds it, close-on-exec, for the caller to close; *fd is -1 on
 * failure. An empty secret is refused. what: what is read, for prompts and messages.
 */
/* At the terminal of the process, without echo. twice: asked again and compared. */
PS_MUST_USE enum ps_code ps_cli_secret_ask(const char *what, bool twice, int *fd,
                                           struct ps_error *err);
/* From a descriptor, to its end; stays the caller's. */
PS_MUST_USE enum ps_code ps_cli_secret_from_fd(const char *what, int source, int *fd,
                                               struct ps_error *err);
/* From a file that only its owner may read. */
PS_MUST_USE enum ps_code ps_cli_secret_from_file(const char *what, const char *path, int *fd,
                                                 struct ps_error *err);
/* From standard input: asked for when that is a terminal, else read to its end. */
PS_MUST_USE enum ps_code ps_cli_secret_from_stdin(const char *what, int *fd, struct ps_error *err);

/* "7" as a descriptor that is open. PS_INVALID_PARAMS otherwise. */
PS_MUST_USE enum ps_code ps_cli_secret_fd_number(const char *text, int *fd, struct ps_error *err);

#endif
