/* The body of each method: what proto/rpc/methods.h announces. Each answers or refuses its call. */
#ifndef PARASIGN_DAEMON_METHODS_BODIES_H
#define PARASIGN_DAEMON_METHODS_BODIES_H

#include <daemon/front/call.h>

typedef void ps_method_body(struct ps_call *call);

ps_method_body ps_body_discover, ps_body_status, ps_body_unlock, ps_body_lock;
ps_method_body ps_body_key_list, ps_body_key_get, ps_body_key_generate, ps_body_key_import,
    ps_body_key_destroy;
ps_method_body ps_body_sign_order, ps_body_sign_orders, ps_body_sign_modify_order;
ps_method_body ps_body_sign_typed_data, ps_body_auth_headers, ps_body_account;
ps_method_body ps_body_probe, ps_body_ping;

#endif
