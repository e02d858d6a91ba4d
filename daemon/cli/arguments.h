/* From the words after a command to the parameters of its method, by the method table. */
#ifndef PARASIGN_DAEMON_CLI_ARGUMENTS_H
#define PARASIGN_DAEMON_CLI_ARGUMENTS_H

#include <daemon/cli/commands.h>
#include <proto/rpc/methods.h>

/*
 * Out: *params: a new reference. Every parameter of the method that is not in command->positional
 * is an option: `expires_in_s` is --expires-in-s; booleans take no value; lists may be given with
 * commas or more than once; documents are read from a file, "-" is standard input. Values are not
 * judged here: the daemon does. Returns an exit status, having reported what is wrong.
 */
int ps_cli_arguments(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                     char **argv, json_t **params);

/* Whether the parameter is filled by place, or holds the members that became options. */
bool ps_cli_is_option(const struct ps_cli_command *command, const struct ps_param *param);
/* The object parameter of command->flatten, or NULL. */
const struct ps_param *ps_cli_flattened(const struct ps_cli_command *command,
                                        const struct ps_method *method);

#endif
