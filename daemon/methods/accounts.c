#include <daemon/methods/accounts.h>

#include <assert.h>
#include <proto/ethereum/keccak.h>
#include <proto/paradex/address.h>
#include <proto/stark/felt_text.h>
#include <stdlib.h>
#include <string.h>

struct ps_accounts {
    const struct ps_keyring *keyring;
    struct ps_account *items;
    size_t count;
};

static enum ps_code account_init(struct ps_account *account, const struct ps_config_account *config,
                                 struct ps_error *err)
{
    enum ps_code rc;

    account->config = config;
    if ((rc = ps_paradex_domain_hash_var(&account->domain, config->chain_id, err)) != PS_OK)
        return rc;
    if (ps_felt_from_short_string(&account->chain, config->chain_id, strlen(config->chain_id)) !=
        PS_OK)
        return ps_fail(err, PS_INVALID_PARAMS, "account %s: the chain id %s is no short string",
                       config->name, config->chain_id);
    if (config->has_address) {
        ps_paradex_signer_init_var(&account->signer, &account->domain, &config->address);
        account->has_signer = true;
    }
    return PS_OK;
}

enum ps_code ps_accounts_new(const struct ps_config *config, const struct ps_keyring *keyring,
                             struct ps_accounts **out, struct ps_error *err)
{
    struct ps_accounts *accounts = calloc(1, sizeof *accounts);
    enum ps_code rc = PS_OK;

    *out = NULL;
    if (accounts == NULL ||
        (config->account_count != 0 &&
         (accounts->items = calloc(config->account_count, sizeof *accounts->items)) == NULL)) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    accounts->keyring = keyring;
    for (; accounts->count < config->account_count; accounts->count++) {
        size_t i = accounts->count;

        if ((rc = account_init(&accounts->items[i], &config->accounts[i], err)) != PS_OK)
            goto out;
    }
    *out = accounts;
    accounts = NULL;
out:
    ps_accounts_free(accounts);
    return rc;
}

void ps_accounts_free(struct ps_accounts *accounts)
{
    if (accounts == NULL)
        return;
    free(accounts->items);
    free(accounts);
}

enum ps_code ps_accounts_find(struct ps_accounts *accounts, const char *name,
                              struct ps_account **out, struct ps_error *err)
{
    size_t i;

    for (i = 0; i < accounts->count; i++) {
        if (strcmp(accounts->items[i].config->name, name) == 0) {
            *out = &accounts->items[i];
            return PS_OK;
        }
    }
    return ps_fail_at(err, "/params/account",
                      "there is no such account; the operator adds it to `accounts` of the "
                      "configuration");
}

void ps_account_owner_key(char out[PS_KEY_NAME_MAX + 1], const struct ps_config_account *config)
{
    (void)snprintf(out, PS_KEY_NAME_MAX + 1, "%s.%s", config->name,
                   config->kind == PS_ACCOUNT_EVM ? "evm" : "main");
}

void ps_ethereum_address(uint8_t out20[20], const uint8_t public_key65[65])
{
    uint8_t digest[32];

    ps_keccak256(digest, public_key65 + 1, 64);
    memcpy(out20, digest + 12, 20);
}

static void derive(struct ps_account *account, const struct ps_keyring_entry *owner)
{
    const struct ps_config_account *config = account->config;
    ps_felt address;

    if (config->kind == PS_ACCOUNT_EVM) {
        uint8_t ethereum[20];

        ps_ethereum_address(ethereum, owner->key.public_key65);
        ps_evm_account_address_var(&address, ethereum, &config->evm_class_hash);
    } else {
        ps_stark_account_address_var(&address, &owner->stark.x, &config->proxy_class_hash,
                                     &config->account_class_hash);
    }
    ps_paradex_signer_init_var(&account->signer, &account->domain, &address);
    memcpy(account->derived_from65, owner->key.public_key65, sizeof account->derived_from65);
    account->has_signer = true;
}

enum ps_code ps_accounts_signer(struct ps_accounts *accounts, struct ps_account *account,
                                const struct ps_paradex_signer **out, struct ps_error *err)
{
    char name[PS_KEY_NAME_MAX + 1];
    const struct ps_keyring_entry *owner;

    *out = &account->signer;
    if (account->config->has_address)
        return PS_OK;
    ps_account_owner_key(name, account->config);
    owner = ps_keyring_find(accounts->keyring, name);
    if (owner == NULL)
        return ps_fail(err, PS_KEY_NOT_FOUND,
                       "the address of account %s is not known: generate %s, or write "
                       "accounts[].address in the configuration",
                       account->config->name, name);
    if (owner->key.refused[0] != '\0')
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the address of account %s follows from %s, but that key is not used: %s",
                       account->config->name, name, owner->key.refused);
    if (!account->has_signer || memcmp(account->derived_from65, owner->key.public_key65,
                                       sizeof account->derived_from65) != 0)
        derive(account, owner);
    return PS_OK;
}
