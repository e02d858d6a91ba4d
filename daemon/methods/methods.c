#include <daemon/methods/methods.h>

#include <assert.h>
#include <daemon/methods/bodies.h>
#include <daemon/methods/keyring.h>
#include <daemon/methods/record.h>
#include <daemon/policy/policy.h>
#include <stddef.h>
#include <string.h>

struct binding {
    const char *name;
    ps_method_body *body;
    bool needs_keys; /* speaks of keys on the token, so it waits for the first list of them */
};

static const struct binding bindings[] = {
    {"paradex.sign_order", ps_body_sign_order, true},
    {"paradex.sign_orders", ps_body_sign_orders, true},
    {"paradex.sign_modify_order", ps_body_sign_modify_order, true},
    {"paradex.sign_typed_data", ps_body_sign_typed_data, true},
    {"paradex.auth_headers", ps_body_auth_headers, true},
    {"paradex.account", ps_body_account, true},
    {"key.list", ps_body_key_list, true},
    {"key.get", ps_body_key_get, true},
    {"key.generate", ps_body_key_generate, true},
    {"key.import", ps_body_key_import, true},
    {"key.destroy", ps_body_key_destroy, true},
    {"system.status", ps_body_status, false},
    {"system.unlock", ps_body_unlock, false},
    {"system.lock", ps_body_lock, false},
    {"token.probe", ps_body_probe, false},
    {"token.ping", ps_body_ping, false},
    {"rpc.discover", ps_body_discover, false},
};

#define BINDING_COUNT (sizeof bindings / sizeof bindings[0])

static const struct binding *find_binding(const char *name)
{
    size_t i;

    for (i = 0; i < BINDING_COUNT; i++)
        if (strcmp(bindings[i].name, name) == 0)
            return &bindings[i];
    return NULL;
}

/* The token process has answered, so it has told its keys, if it can. */
static void on_token_there(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct ps_call *call = arg;
    const struct binding *binding = find_binding(call->method->name);

    assert(binding != NULL);
    if (code != PS_OK)
        ps_call_refuse(call, err, NULL);
    else
        binding->body(call);
}

void ps_methods_dispatch(struct ps_call *call)
{
    const struct binding *binding = find_binding(call->method->name);
    struct ps_error err;

    assert(binding != NULL);
    if (ps_policy_method(ps_front_config(call->front), call->peer, call->method->name, &err) !=
        PS_OK) {
        ps_record_refuse(call, &err);
        return;
    }
    if (binding->needs_keys && !ps_keyring_complete(ps_front_keyring(call->front)))
        ps_token_client_ping(ps_front_token(call->front), call->deadline_ns, on_token_there, call);
    else
        binding->body(call);
}

bool ps_methods_complete(void)
{
    const struct ps_method *method;
    size_t count = 0;

    for (method = ps_methods; method->name != NULL; method++, count++)
        if (find_binding(method->name) == NULL)
            return false;
    return count == BINDING_COUNT;
}
