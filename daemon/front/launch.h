/* The command lines of the helpers, from the configuration. */
#ifndef PARASIGN_DAEMON_FRONT_LAUNCH_H
#define PARASIGN_DAEMON_FRONT_LAUNCH_H

#include <daemon/config/config.h>
#include <daemon/keeper/keeper.h>
#include <daemon/sandbox/sandbox.h>

/*
 * argv of a helper, ended by NULL; argv[0] is the path of its program, which is looked for beside
 * our own and in ../libexec/parasign. Out: *argv, to be freed with ps_launch_free().
 */
PS_MUST_USE enum ps_code ps_launch_token(const struct ps_config *config, char ***argv,
                                         struct ps_error *err);
PS_MUST_USE enum ps_code ps_launch_upstream(const struct ps_config *config, char ***argv,
                                            struct ps_error *err);
void ps_launch_free(char **argv);

/* The sandbox's word for the configuration's. */
enum ps_sandbox_filter ps_launch_filter(enum ps_seccomp_profile profile);

#endif
