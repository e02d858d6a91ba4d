/* paradex.account */
#include <daemon/methods/bodies.h>

#include <daemon/methods/accounts.h>
#include <daemon/methods/build.h>
#include <daemon/methods/key_choice.h>
#include <daemon/methods/key_json.h>
#include <proto/stark/felt_text.h>
#include <string.h>

static json_t *key_names(const struct ps_keyring *keyring, const char *account)
{
    json_t *names = json_array();
    size_t i;

    for (i = 0; i < ps_keyring_count(keyring); i++) {
        const struct ps_token_key *key = &ps_keyring_at(keyring, i)->key;
        struct ps_key_name name;

        if (ps_key_name_parse(key->name, &name, NULL) == PS_OK &&
            strcmp(name.account, account) == 0 &&
            json_array_append_new(names, json_string(key->name)) != 0) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static void build_owner(struct ps_build *b, const struct ps_keyring *keyring,
                        const struct ps_config_account *config)
{
    char name[PS_KEY_NAME_MAX + 1], hex[PS_PUBLIC_KEY_HEX_MAX];
    const struct ps_keyring_entry *owner;

    ps_account_owner_key(name, config);
    if ((owner = ps_keyring_find(keyring, name)) == NULL)
        return;
    ps_public_key_hex(hex, owner->key.kind, owner->key.public_key65);
    ps_build_text(b, "public_key", hex);
    if (config->kind == PS_ACCOUNT_EVM) {
        char text[PS_ETHEREUM_ADDRESS_MAX];
        uint8_t address20[20];

        ps_ethereum_address(address20, owner->key.public_key65);
        ps_ethereum_address_text(text, address20);
        ps_build_text(b, "eth_address", text);
    }
}

static json_t *build_account(const struct ps_keyring *keyring, const struct ps_account *account,
                             const struct ps_paradex_signer *signer)
{
    const struct ps_config_account *config = account->config;
    bool is_evm = config->kind == PS_ACCOUNT_EVM;
    char address[PS_FELT_HEX_MAX];
    struct ps_build b;

    ps_felt_to_hex(address, &signer->account);
    ps_build_begin(&b);
    ps_build_text(&b, "account", config->name);
    ps_build_text(&b, "kind", is_evm ? "evm" : "starknet");
    ps_build_text(&b, "address", address);
    ps_build_bool(&b, "address_derived", !config->has_address);
    build_owner(&b, keyring, config);
    /* As the exchange calls them: account_signer_type of GET /v1/onboarding. */
    ps_build_text(&b, "signer_type", is_evm ? "eip191" : "starknet");
    ps_build_text(&b, "chain_id", config->chain_id);
    ps_build_text(&b, "environment", config->environment);
    ps_build_json(&b, "default_key",
                  config->default_key[0] != '\0' ? json_string(config->default_key) : json_null());
    ps_build_json(&b, "keys", key_names(keyring, config->name));
    return ps_build_end(&b);
}

void ps_body_account(struct ps_call *call)
{
    const char *name = json_string_value(json_object_get(call->params, "account"));
    struct ps_accounts *accounts = ps_front_accounts(call->front);
    const struct ps_keyring *keyring = ps_front_keyring(call->front);
    const struct ps_paradex_signer *signer;
    struct ps_account *account;
    struct ps_error err, token_err;
    enum ps_code rc;

    if ((rc = ps_accounts_find(accounts, name, &account, &err)) == PS_OK)
        rc = ps_accounts_signer(accounts, account, &signer, &err);
    /* A key that is missing while the token is away is not known to be missing. */
    if (rc == PS_KEY_NOT_FOUND && ps_key_token_ready(call, &token_err) != PS_OK)
        err = token_err;
    if (rc != PS_OK)
        ps_call_refuse(call, &err, NULL);
    else
        ps_call_answer(call, build_account(keyring, account, signer));
}
