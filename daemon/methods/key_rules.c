#include <daemon/methods/key_rules.h>

#include <string.h>

enum ps_code ps_key_rules_name(const struct ps_config_account *account, const char *wanted,
                               const char **out, struct ps_error *err)
{
    const char *pointer = "/params/key";
    struct ps_key_name name;
    struct ps_error why;

    if (wanted == NULL && account->default_key[0] == '\0')
        return ps_fail_at(err, pointer,
                          "account %s has no default_key in the configuration; name a key, such "
                          "as %s.sub.NAME",
                          account->name, account->name);
    *out = wanted != NULL ? wanted : account->default_key;
    if (ps_key_name_parse(*out, &name, &why) != PS_OK)
        return ps_fail_at(err, pointer, "%s", why.message);
    if (name.account[0] == '\0')
        return ps_fail_at(err, pointer,
                          "%s is not a key of an account and signs nothing for one; name a key "
                          "such as %s.sub.NAME",
                          *out, account->name);
    if (strcmp(name.account, account->name) != 0)
        return ps_fail_at(err, pointer,
                          "%s belongs to account %s and cannot sign for account %s; name a key "
                          "such as %s.sub.NAME",
                          *out, name.account, account->name, account->name);
    if (name.role == PS_ROLE_EVM)
        return ps_fail_at(err, pointer,
                          "%s is a secp256k1 key and cannot sign STARK messages; create a subkey "
                          "%s.sub.NAME and name it",
                          *out, account->name);
    if (name.role == PS_ROLE_MAIN && account->kind == PS_ACCOUNT_EVM)
        return ps_fail_at(err, pointer,
                          "account %s is owned by an Ethereum key and has no STARK main key; name "
                          "a subkey %s.sub.NAME",
                          account->name, account->name);
    if (name.role != PS_ROLE_SUBKEY && name.role != PS_ROLE_MAIN)
        return ps_fail_at(err, pointer,
                          "%s is a secret and not a signing key; name a key such as "
                          "%s.sub.NAME",
                          *out, account->name);
    return PS_OK;
}
