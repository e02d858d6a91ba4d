/*
 * The configured accounts with what follows from them: domain hash, address, hashed prefixes. The
 * address of a Starknet account without a written one follows from its main key, so it can appear
 * and change with the keyring.
 */
#ifndef PARASIGN_DAEMON_METHODS_ACCOUNTS_H
#define PARASIGN_DAEMON_METHODS_ACCOUNTS_H

#include <daemon/config/config.h>
#include <daemon/methods/keyring.h>
#include <proto/paradex/messages.h>

struct ps_accounts;

PS_MUST_USE enum ps_code ps_accounts_new(const struct ps_config *config,
                                         const struct ps_keyring *keyring, struct ps_accounts **out,
                                         struct ps_error *err);
void ps_accounts_free(struct ps_accounts *accounts);

/* Owned by ps_accounts, as long as it. Read it only. */
struct ps_account {
    const struct ps_config_account *config;
    ps_felt domain; /* hash of the Paradex domain, revision 0, on the account's chain */
    ps_felt chain;  /* the chain id as felt, for revision 1 */
    struct ps_paradex_signer signer; /* see ps_accounts_signer() */
    uint8_t derived_from65[65];      /* the public key that signer.account follows from */
    bool has_signer;
};

/* PS_INVALID_PARAMS at /params/account when the configuration has none of that name. */
PS_MUST_USE enum ps_code ps_accounts_find(struct ps_accounts *accounts, const char *name,
                                          struct ps_account **out, struct ps_error *err);

/*
 * The account's address and hashed prefix; hashed again only when the main key on the token became
 * another. Out: *out, valid until the loop runs again. PS_KEY_NOT_FOUND when there is neither a
 * written address nor the key that it follows from.
 */
PS_MUST_USE enum ps_code ps_accounts_signer(struct ps_accounts *accounts,
                                            struct ps_account *account,
                                            const struct ps_paradex_signer **out,
                                            struct ps_error *err);

/* The name of the key that owns the account: <name>.main or <name>.evm. */
void ps_account_owner_key(char out[PS_KEY_NAME_MAX + 1], const struct ps_config_account *config);
/* The last 20 bytes of the Keccak-256 of an uncompressed secp256k1 point. */
void ps_ethereum_address(uint8_t out20[20], const uint8_t public_key65[65]);

#endif
