/* Reading what the command line names. Not for secrets: see secret.h. */
#ifndef PARASIGN_DAEMON_CLI_FILES_H
#define PARASIGN_DAEMON_CLI_FILES_H

#include <parasign/error.h>

/*
 * A whole file, or standard input for "-"; at most PS_RPC_LINE_MAX bytes.
 * Out: *text from malloc(), NUL-terminated, NULL on failure; *length without the NUL.
 */
PS_MUST_USE enum ps_code ps_cli_read_file(const char *path, char **text, size_t *length,
                                          struct ps_error *err);

#endif
