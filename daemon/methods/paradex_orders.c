/* paradex.sign_order, paradex.sign_orders, paradex.sign_modify_order */
#include <daemon/methods/bodies.h>

#include <daemon/config/config.h>
#include <daemon/methods/clock.h>
#include <daemon/methods/key_choice.h>
#include <daemon/methods/order.h>
#include <daemon/methods/record.h>
#include <daemon/methods/signing.h>
#include <stdio.h>

static struct ps_order_clock clock_of(const struct ps_call *call)
{
    return (struct ps_order_clock){
        .now_ms = ps_wall_clock_ms(),
        .window_ms = ps_front_config(call->front)->limits.signature_window_s * UINT64_C(1000),
    };
}

/* The body was built before the signature; here it gets the one. */
static json_t *finish_body(json_t *body, const struct ps_signed *signature)
{
    if (json_object_set_new_nocheck(body, "signature", json_string_nocheck(signature->text)) != 0)
        return NULL;
    return json_incref(body);
}

static void finish_order(struct ps_build *result, json_t *draft, const struct ps_signed *signatures,
                         size_t count)
{
    (void)count;
    ps_signing_put(result, &signatures[0]);
    ps_build_json(result, "signature_timestamp",
                  json_incref(json_object_get(draft, "signature_timestamp")));
    ps_build_json(result, "body", finish_body(draft, &signatures[0]));
}

static void finish_orders(struct ps_build *result, json_t *draft,
                          const struct ps_signed *signatures, size_t count)
{
    json_t *texts = json_array(), *hex = json_array();
    size_t i;

    for (i = 0; i < count; i++)
        if (json_array_append_new(texts, json_string_nocheck(signatures[i].text)) != 0 ||
            json_array_append_new(hex, ps_signing_hex(&signatures[i])) != 0 ||
            json_object_set_new_nocheck(json_array_get(draft, i), "signature",
                                        json_string_nocheck(signatures[i].text)) != 0)
            result->failed = true;
    ps_build_json(result, "signatures", texts);
    ps_build_json(result, "signatures_hex", hex);
    ps_build_json(result, "bodies", json_incref(draft));
}

static enum ps_code plan_order(struct ps_call *call, bool modifies, struct ps_signing_plan *plan,
                               const struct ps_paradex_signer *signer, struct ps_error *err)
{
    const json_t *json = json_object_get(call->params, "order");
    struct ps_order_clock clock = clock_of(call);
    struct ps_order order;
    ps_felt id;
    enum ps_code rc;

    if ((rc = ps_order_read(json, &clock, clock.now_ms, modifies, &order, err)) != PS_OK ||
        (modifies && (rc = ps_order_read_id(json, &id, err)) != PS_OK)) {
        ps_error_prefix_pointer(err, "/params/order");
        return rc;
    }
    if (modifies)
        ps_modify_order_hash_var(plan->hash32[0], signer, &order, &id);
    else
        ps_order_hash_var(plan->hash32[0], signer, &order);
    if ((plan->draft = ps_order_body(json, &order, modifies)) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    plan->count = 1;
    plan->what = "order";
    plan->finish = finish_order;
    return PS_OK;
}

static enum ps_code plan_orders(struct ps_call *call, struct ps_signing_plan *plan,
                                const struct ps_paradex_signer *signer, struct ps_error *err)
{
    const json_t *list = json_object_get(call->params, "orders");
    struct ps_order_clock clock = clock_of(call);
    size_t i, count = json_array_size(list);
    enum ps_code rc;

    if (count < 1 || count > PS_SIGNING_MAX)
        return ps_fail_at(err, "/params/orders", "write 1 to %d orders", PS_SIGNING_MAX);
    if ((plan->draft = json_array()) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    for (i = 0; i < count; i++) {
        const json_t *json = json_array_get(list, i);
        struct ps_order order;
        char place[32];

        /* The timestamp is the exchange's nonce: equal orders must differ in it. */
        if ((rc = ps_order_read(json, &clock, clock.now_ms + i, false, &order, err)) != PS_OK) {
            (void)snprintf(place, sizeof place, "/params/orders/%zu", i);
            ps_error_prefix_pointer(err, place);
            return rc;
        }
        ps_order_hash_var(plan->hash32[i], signer, &order);
        if (json_array_append_new(plan->draft, ps_order_body(json, &order, false)) != 0)
            return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    plan->count = count;
    plan->is_list = true;
    plan->what = "orders";
    plan->finish = finish_orders;
    return PS_OK;
}

enum form { FORM_ONE, FORM_LIST, FORM_MODIFY };

static void sign(struct ps_call *call, enum form form)
{
    struct ps_signing_plan plan = {.call = call};
    struct ps_parties parties;
    struct ps_error err;
    enum ps_code rc;

    if ((rc = ps_parties_find(call, &parties, &err)) == PS_OK)
        rc = form == FORM_LIST ? plan_orders(call, &plan, parties.signer, &err)
                               : plan_order(call, form == FORM_MODIFY, &plan, parties.signer, &err);
    if (rc != PS_OK) {
        json_decref(plan.draft);
        ps_record_refuse(call, &err);
        return;
    }
    plan.key = parties.key;
    plan.account = parties.account->config->name;
    /* The record shows the body as it goes out, with what the exchange does not ask to be signed.
     */
    plan.detail = json_incref(plan.draft);
    ps_signing_start(&plan);
}

void ps_body_sign_order(struct ps_call *call)
{
    sign(call, FORM_ONE);
}

void ps_body_sign_orders(struct ps_call *call)
{
    sign(call, FORM_LIST);
}

void ps_body_sign_modify_order(struct ps_call *call)
{
    sign(call, FORM_MODIFY);
}
