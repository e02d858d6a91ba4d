/* Which names of keys may sign STARK messages for an account. Pure. */
#ifndef PARASIGN_DAEMON_METHODS_KEY_RULES_H
#define PARASIGN_DAEMON_METHODS_KEY_RULES_H

#include <daemon/config/config.h>

/*
 * The rules that follow from names alone.
 * In:  wanted: params.key, or NULL: the account's default key.
 * Out: *out: the name, borrowed from the configuration or from wanted. A subkey of the account, or
 *      its main key when wanted names it.
 * PS_INVALID_PARAMS at /params/key.
 */
PS_MUST_USE enum ps_code ps_key_rules_name(const struct ps_config_account *account,
                                           const char *wanted, const char **out,
                                           struct ps_error *err);

#endif
