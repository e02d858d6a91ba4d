#include <daemon/methods/methods.h>

#include <assert.h>
#include <daemon/methods/bodies.h>
#include <daemon/methods/record.h>
#include <daemon/policy/policy.h>
#include <stddef.h>
#include <string.h>

struct binding {
    const char *name;
    ps_method_body *body;
};

static const struct binding bindings[] = {
    {"paradex.sign_order", ps_body_sign_order},
    {"paradex.sign_orders", ps_body_sign_orders},
    {"paradex.sign_modify_order", ps_body_sign_modify_order},
    {"paradex.sign_typed_data", ps_body_sign_typed_data},
    {"paradex.auth_headers", ps_body_auth_headers},
    {"paradex.account", ps_body_account},
    {"key.list", ps_body_key_list},
    {"key.get", ps_body_key_get},
    {"key.generate", ps_body_key_generate},
    {"key.import", ps_body_key_import},
    {"key.destroy", ps_body_key_destroy},
    {"system.status", ps_body_status},
    {"system.unlock", ps_body_unlock},
    {"system.lock", ps_body_lock},
    {"token.probe", ps_body_probe},
    {"token.ping", ps_body_ping},
    {"rpc.discover", ps_body_discover},
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
