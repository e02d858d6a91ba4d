/* Help, from the table of commands and the table of methods. */
#ifndef PARASIGN_DAEMON_CLI_HELP_H
#define PARASIGN_DAEMON_CLI_HELP_H

#include <daemon/cli/commands.h>
#include <stdio.h>

void ps_cli_help_all(FILE *out);
/* The commands that begin with word. false when there are none. */
bool ps_cli_help_group(FILE *out, const char *word);
void ps_cli_help_command(FILE *out, const struct ps_cli_command *command);

#endif
