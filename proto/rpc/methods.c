#include <proto/rpc/methods.h>

#include <proto/rpc/params.h>
#include <string.h>

const struct ps_method ps_methods[] = {
    {.name = "rpc.discover",
     .about = "This API as an OpenRPC document.",
     .params = ps_params_none,
     .result = ps_result_discover},

    {.name = "system.status",
     .about = "What the daemon, its token and its audit log are doing.",
     .params = ps_params_none,
     .result = ps_result_status},
    {.name = "system.unlock",
     .about = "Logs in to the token, with the PIN that was passed, or from the configured source.",
     .params = ps_params_none,
     .result = ps_result_token_state,
     .fd = "the PIN"},
    {.name = "system.lock",
     .about = "Logs out of the token; it stays locked until system.unlock.",
     .params = ps_params_none,
     .result = ps_result_token_state},

    {.name = "key.list",
     .about = "All keys on the token that have a name of ours.",
     .params = ps_params_none,
     .result = ps_result_key_list},
    {.name = "key.get",
     .about = "One key: its public half and what the token says about it.",
     .params = ps_params_name,
     .result = ps_result_key_wrapped},
    {.name = "key.generate",
     .about = "Makes a key pair in the token.",
     .params = ps_params_key_new,
     .result = ps_result_key_wrapped},
    {.name = "key.import",
     .about = "Brings a private key into the token; it cannot be read again.",
     .params = ps_params_key_new,
     .result = ps_result_key_wrapped,
     .fd = "the private key in hex",
     .fd_required = true},
    {.name = "key.destroy",
     .about = "Destroys a key pair on the token.",
     .params = ps_params_key_destroy,
     .result = ps_params_none},

    {.name = "paradex.sign_order",
     .about = "Signs an order.",
     .params = ps_params_sign_order,
     .result = ps_result_sign_order},
    {.name = "paradex.sign_orders",
     .about = "Signs up to ten orders: all of them, or none.",
     .params = ps_params_sign_orders,
     .result = ps_result_sign_orders},
    {.name = "paradex.sign_modify_order",
     .about = "Signs the modification of an open order.",
     .params = ps_params_sign_modify_order,
     .result = ps_result_sign_order},
    {.name = "paradex.sign_typed_data",
     .about = "Signs a SNIP-12 document. Documents of Paradex go by the rule of their own method.",
     .params = ps_params_sign_typed_data,
     .result = ps_result_sign_typed_data},
    {.name = "paradex.auth_headers",
     .about = "Signs a login and gives the headers to send.",
     .params = ps_params_auth_headers,
     .result = ps_result_auth_headers},
    {.name = "paradex.account",
     .about = "What follows from an account's configuration and keys.",
     .params = ps_params_account,
     .result = ps_result_account},

    {.name = "token.probe",
     .about = "Asks the token to do what is needed, and reports what it really can.",
     .params = ps_params_none,
     .result = ps_result_probe},
    {.name = "token.ping",
     .about = "An empty round trip through the token process.",
     .params = ps_params_none,
     .result = ps_params_none},
    {0},
};

const struct ps_method *ps_method_find(const char *name)
{
    const struct ps_method *method;

    for (method = ps_methods; method->name != NULL; method++)
        if (strcmp(method->name, name) == 0)
            return method;
    return NULL;
}
