/* paradex.auth_headers */
#include <daemon/methods/bodies.h>

#include <daemon/config/config.h>
#include <daemon/methods/clock.h>
#include <daemon/methods/key_choice.h>
#include <daemon/methods/record.h>
#include <daemon/methods/signing.h>
#include <inttypes.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>

struct login {
    uint64_t timestamp_s, expiration_s;
    bool isolated;
};

static enum ps_code read_login(const struct ps_call *call, struct login *login,
                               struct ps_error *err)
{
    const struct ps_config *config = ps_front_config(call->front);
    const json_t *expires = json_object_get(call->params, "expires_in_s");
    uint64_t life_s = config->limits.auth_expiry_s;

    if (expires != NULL)
        life_s = (uint64_t)json_integer_value(expires);
    if (life_s > config->limits.auth_expiry_max_s)
        return ps_fail_at(err, "/params/expires_in_s",
                          "a login may live at most %u s by the configuration; ask for less",
                          config->limits.auth_expiry_max_s);
    login->timestamp_s = ps_wall_clock_ms() / 1000;
    login->expiration_s = login->timestamp_s + life_s;
    login->isolated = json_is_true(json_object_get(call->params, "authorize_isolated_markets"));
    return PS_OK;
}

static void build_seconds(struct ps_build *b, const char *name, uint64_t seconds)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, seconds);
    ps_build_text(b, name, text);
}

/* All headers but the signature. */
static json_t *build_headers(const struct ps_parties *parties, const struct login *login)
{
    char address[PS_FELT_HEX_MAX];
    struct ps_build b;

    ps_felt_to_hex(address, &parties->signer->account);
    ps_build_begin(&b);
    ps_build_text(&b, "PARADEX-STARKNET-ACCOUNT", address);
    build_seconds(&b, "PARADEX-TIMESTAMP", login->timestamp_s);
    build_seconds(&b, "PARADEX-SIGNATURE-EXPIRATION", login->expiration_s);
    if (login->isolated)
        ps_build_text(&b, "PARADEX-AUTHORIZE-ISOLATED-MARKETS", "true");
    return ps_build_end(&b);
}

static json_t *build_draft(const struct ps_parties *parties, const struct login *login)
{
    char key[PS_FELT_HEX_MAX], path[PS_FELT_HEX_MAX + 16];
    struct ps_build b;

    ps_felt_to_hex(key, &parties->key->stark.x);
    (void)snprintf(path, sizeof path, "/v1/auth/%s", key);
    ps_build_begin(&b);
    ps_build_text(&b, "method", "POST");
    ps_build_text(&b, "path", path);
    ps_build_json(&b, "headers", build_headers(parties, login));
    ps_build_uint(&b, "expires_at_ms", login->expiration_s * 1000);
    return ps_build_end(&b);
}

static json_t *build_detail(const struct login *login)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_uint(&b, "timestamp_s", login->timestamp_s);
    ps_build_uint(&b, "expiration_s", login->expiration_s);
    ps_build_bool(&b, "authorize_isolated_markets", login->isolated);
    return ps_build_end(&b);
}

static void finish(struct ps_build *result, json_t *draft, const struct ps_signed *signatures,
                   size_t count)
{
    (void)count;
    if (json_object_set_new_nocheck(json_object_get(draft, "headers"), "PARADEX-STARKNET-SIGNATURE",
                                    json_string_nocheck(signatures[0].text)) != 0 ||
        result->failed || json_object_update(result->object, draft) != 0)
        result->failed = true;
}

void ps_body_auth_headers(struct ps_call *call)
{
    struct ps_signing_plan plan = {.call = call};
    struct ps_parties parties;
    struct login login = {.isolated = false};
    struct ps_error err;

    if (ps_parties_find(call, &parties, &err) != PS_OK || read_login(call, &login, &err) != PS_OK) {
        ps_record_refuse(call, &err);
        return;
    }
    ps_auth_hash_var(plan.hash32[0], parties.signer, login.timestamp_s, login.expiration_s);
    plan.count = 1;
    plan.key = parties.key;
    plan.account = parties.account->config->name;
    plan.what = "login";
    plan.detail = build_detail(&login);
    plan.draft = build_draft(&parties, &login);
    plan.finish = finish;
    ps_signing_start(&plan);
}
