/*
 * The configured accounts with what follows from them: domain hash, address, hashed prefixes. The
 * address of a Starknet account without a written one follows from its main key, so it can appear
 * and change with the keyring.
 */
#ifndef PARASIGN_DAEMON_METHODS_ACCOUNTS_H
#define PARASIGN_DAEMON_METHODS_ACCOUNTS_H

#include <daemon/config/config.h>
#include <daemon/methods/keyring.h>

struct ps_accounts;

PS_MUST_USE enum ps_code ps_accounts_new(const struct ps_config *config,
                                         const struct ps_keyring *keyring, struct ps_accounts **out,
                                         struct ps_error *err);
void ps_accounts_free(struct ps_accounts *accounts);

#endif
