#include <daemon/methods/key_choice.h>

#include <assert.h>
#include <daemon/methods/key_rules.h>
#include <daemon/policy/policy.h>

enum ps_code ps_key_token_ready(struct ps_call *call, struct ps_error *err)
{
    const struct ps_token_status *status = ps_token_client_status(ps_front_token(call->front));
    const char *detail = status->detail;

    switch (status->state) {
    case PS_STATE_READY:
        return PS_OK;
    case PS_STATE_LOCKED:
        return ps_fail(err, PS_TOKEN_LOCKED, "%s",
                       detail[0] != '\0' ? detail : "the token is locked; run parasign unlock");
    default:
        return ps_fail(err, PS_TOKEN_UNAVAILABLE, "%s",
                       detail[0] != '\0' ? detail : "the token cannot be reached now; ask again");
    }
}

enum ps_code ps_key_find(struct ps_call *call, const char *name,
                         const struct ps_keyring_entry **out, struct ps_error *err)
{
    enum ps_code rc;

    *out = ps_keyring_find(ps_front_keyring(call->front), name);
    if (*out != NULL)
        return PS_OK;
    if ((rc = ps_key_token_ready(call, err)) != PS_OK)
        return rc;
    return ps_fail(err, PS_KEY_NOT_FOUND,
                   "there is no key %s on the token; make it with key.generate", name);
}

enum ps_code ps_key_choose(struct ps_call *call, const struct ps_account *account,
                           const char *rule_method, const struct ps_keyring_entry **out,
                           struct ps_error *err)
{
    const char *wanted = json_string_value(json_object_get(call->params, "key"));
    const char *name = NULL;
    enum ps_code rc;

    if ((rc = ps_key_rules_name(account->config, wanted, &name, err)) != PS_OK ||
        (rc = ps_policy_key(ps_front_config(call->front), call->peer, rule_method, name, err)) !=
            PS_OK ||
        (rc = ps_key_find(call, name, out, err)) != PS_OK)
        return rc;
    assert(*out != NULL);
    /* Without a token process the request waits for the next one; a locked token is final. */
    if (ps_token_client_status(ps_front_token(call->front))->state == PS_STATE_LOCKED)
        return ps_key_token_ready(call, err);
    if ((*out)->key.refused[0] != '\0')
        return ps_fail(err, PS_TOKEN_ERROR, "the key %s is not used: %s", name,
                       (*out)->key.refused);
    if ((*out)->key.kind != PS_KIND_STARK)
        return ps_fail(err, PS_TOKEN_ERROR, "the key %s is not a STARK key", name);
    return PS_OK;
}

enum ps_code ps_parties_find(struct ps_call *call, struct ps_parties *out, struct ps_error *err)
{
    const char *name = json_string_value(json_object_get(call->params, "account"));
    struct ps_accounts *accounts = ps_front_accounts(call->front);
    enum ps_code rc;

    if ((rc = ps_accounts_find(accounts, name, &out->account, err)) != PS_OK ||
        (rc = ps_key_choose(call, out->account, call->method->name, &out->key, err)) != PS_OK)
        return rc;
    return ps_accounts_signer(accounts, out->account, &out->signer, err);
}
