/* Help, from the table of commands and the table of methods. */
#ifndef PARASIGN_DAEMON_CLI_HELP_H
#define PARASIGN_DAEMON_CLI_HELP_H

#include <daemon/cli/commands.h>
#include <stdio.h>

void ps_cli_help_all(FILE *out);
void ps_cli_help_command(FILE *out, const struct ps_cli_command *command);

#endif
