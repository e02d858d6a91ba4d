/* paradex.sign_typed_data: generic signing that is no way round the typed methods. */
#include <daemon/methods/bodies.h>

#include <daemon/config/config.h>
#include <daemon/methods/clock.h>
#include <daemon/methods/key_choice.h>
#include <daemon/methods/login.h>
#include <daemon/methods/order.h>
#include <daemon/methods/record.h>
#include <daemon/methods/signing.h>
#include <daemon/policy/policy.h>
#include <inttypes.h>
#include <proto/paradex/amount.h>
#include <proto/paradex/classify.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <string.h>

#define PLACE "/params/typed_data"

static const char *const class_names[] = {
    [PS_DOCUMENT_FOREIGN] = "foreign",           [PS_DOCUMENT_ORDER] = "order",
    [PS_DOCUMENT_MODIFY_ORDER] = "modify_order", [PS_DOCUMENT_AUTH] = "auth",
    [PS_DOCUMENT_ONBOARDING] = "onboarding",
};

/* The method whose rule a document goes by. */
static const char *rule_method(enum ps_document_class class)
{
    switch (class) {
    case PS_DOCUMENT_ORDER:
        return "paradex.sign_order";
    case PS_DOCUMENT_MODIFY_ORDER:
        return "paradex.sign_modify_order";
    case PS_DOCUMENT_AUTH:
        return "paradex.auth_headers";
    case PS_DOCUMENT_FOREIGN:
    case PS_DOCUMENT_ONBOARDING:
        break;
    }
    return NULL;
}

static enum ps_code check_rule(struct ps_call *call, enum ps_document_class class, const char *key,
                               struct ps_error *err)
{
    const struct ps_config *config = ps_front_config(call->front);
    const char *method = rule_method(class);
    enum ps_code rc;

    if (method == NULL)
        return PS_OK;
    if ((rc = ps_policy_method(config, call->peer, method, err)) != PS_OK)
        return rc;
    return ps_policy_key(config, call->peer, method, key, err);
}

/* Only the main key's signature means anything to the exchange there. */
static enum ps_code check_onboarding(const struct ps_parties *parties, struct ps_error *err)
{
    char owner[PS_KEY_NAME_MAX + 1];

    ps_account_owner_key(owner, parties->account->config);
    if (strcmp(parties->key->key.name, owner) == 0)
        return PS_OK;
    return ps_fail_at(err, "/params/key",
                      "an onboarding message is signed by the main key; name %s", owner);
}

static enum ps_code check_document(struct ps_call *call, const struct ps_parties *parties,
                                   const struct ps_document *document, struct ps_error *err)
{
    const struct ps_config *config = ps_front_config(call->front);
    struct ps_order_clock clock = {.now_ms = ps_wall_clock_ms(),
                                   .window_ms = config->limits.signature_window_s * UINT64_C(1000)};
    enum ps_code rc = PS_OK;

    switch (document->class) {
    case PS_DOCUMENT_FOREIGN:
        return PS_OK;
    case PS_DOCUMENT_ONBOARDING:
        return check_onboarding(parties, err);
    case PS_DOCUMENT_ORDER:
    case PS_DOCUMENT_MODIFY_ORDER:
        rc = ps_time_check(document->order.timestamp_ms, &clock, "/timestamp", err);
        break;
    case PS_DOCUMENT_AUTH:
        rc = ps_login_check(document->timestamp_s, document->expiration_s,
                            config->limits.auth_expiry_max_s, &clock, err);
        break;
    }
    if (rc != PS_OK)
        ps_error_prefix_pointer(err, PLACE "/message");
    return rc;
}

static void build_amount(struct ps_build *b, const char *name, uint64_t value_e8)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%" PRIu64 ".%08" PRIu64, value_e8 / 100000000,
                   value_e8 % 100000000);
    ps_build_text(b, name, text);
}

static json_t *describe(const struct ps_typed_data *td, const struct ps_document *document)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_text(&b, "class", class_names[document->class]);
    ps_build_text(&b, "primary_type", ps_typed_data_primary_type(td));
    if (document->class == PS_DOCUMENT_ORDER || document->class == PS_DOCUMENT_MODIFY_ORDER) {
        ps_build_text(&b, "market", document->order.market);
        ps_build_text(&b, "side", ps_side_name(document->order.side));
        ps_build_text(&b, "type", ps_order_type_name(document->order.type));
        build_amount(&b, "size", document->order.size_e8);
        build_amount(&b, "price", document->order.price_e8);
        ps_build_uint(&b, "signature_timestamp", document->order.timestamp_ms);
    }
    if (document->class == PS_DOCUMENT_MODIFY_ORDER) {
        char id[PS_FELT_DECIMAL_MAX];

        ps_felt_to_decimal(id, &document->order_id);
        ps_build_text(&b, "id", id);
    }
    if (document->class == PS_DOCUMENT_AUTH) {
        ps_build_uint(&b, "timestamp_s", document->timestamp_s);
        ps_build_uint(&b, "expiration_s", document->expiration_s);
    }
    return ps_build_end(&b);
}

static void finish(struct ps_build *result, json_t *draft, const struct ps_signed *signatures,
                   size_t count)
{
    (void)draft;
    (void)count;
    ps_signing_put(result, &signatures[0]);
}

static enum ps_code plan_document(struct ps_call *call, const struct ps_parties *parties,
                                  struct ps_signing_plan *plan, struct ps_error *err)
{
    struct ps_typed_data *td = NULL;
    struct ps_document document;
    enum ps_code rc;
    ps_felt hash;

    if ((rc = ps_typed_data_read(json_object_get(call->params, "typed_data"), &td, err)) != PS_OK ||
        (rc = ps_paradex_classify(td, &parties->account->domain, &parties->account->chain,
                                  &document, err)) != PS_OK) {
        if (rc == PS_INVALID_PARAMS)
            ps_error_prefix_pointer(err, PLACE);
        goto out;
    }
    if ((rc = check_rule(call, document.class, parties->key->key.name, err)) != PS_OK ||
        (rc = check_document(call, parties, &document, err)) != PS_OK)
        goto out;
    rc = ps_typed_data_message_hash_var(td, &parties->signer->account, &hash, err);
    if (rc != PS_OK) {
        ps_error_prefix_pointer(err, PLACE);
        goto out;
    }
    ps_felt_to_be32(plan->hash32[0], &hash);
    plan->count = 1;
    plan->what = "document";
    plan->detail = describe(td, &document);
    plan->finish = finish;
out:
    ps_typed_data_free(td);
    return rc;
}

void ps_body_sign_typed_data(struct ps_call *call)
{
    struct ps_signing_plan plan = {.call = call};
    struct ps_parties parties;
    struct ps_error err;

    if (ps_parties_find(call, &parties, &err) != PS_OK ||
        plan_document(call, &parties, &plan, &err) != PS_OK) {
        ps_record_refuse(call, &err);
        return;
    }
    plan.key = parties.key;
    plan.account = parties.account->config->name;
    ps_signing_start(&plan);
}
