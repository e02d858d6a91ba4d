/* Parameter and result lists of the method table, by family. Data only; rows are in methods.c. */
#ifndef PARASIGN_PROTO_RPC_PARAMS_H
#define PARASIGN_PROTO_RPC_PARAMS_H

#include <parasign/types.h>
#include <proto/base/key_name.h>
#include <proto/rpc/methods.h>

/* clang-format off */
/* Rows that several families share. */
#define PS_ROW_ACCOUNT                                                                             \
    {.name = "account", .type = PS_PARAM_TEXT, .required = true, .min = 1, .max = PS_NAME_PART_MAX,\
     .about = "name of an account of the configuration"}
#define PS_ROW_KEY                                                                                 \
    {.name = "key", .type = PS_PARAM_TEXT, .min = 1, .max = PS_KEY_NAME_MAX,                       \
     .about = "name of the signing key; absent: the account's default key"}
#define PS_ROW_NAME                                                                                \
    {.name = "name", .type = PS_PARAM_TEXT, .required = true, .min = 1, .max = PS_KEY_NAME_MAX,    \
     .about = "name of the key, as desk.sub.trader"}
/* What a row of a result says: its name, its type, its meaning. */
#define PS_ROW_TEXT(n, a) {.name = (n), .type = PS_PARAM_TEXT, .utf8 = true, .max = 65536, .about = (a)}
#define PS_ROW_TEXT_OR_NULL(n, a)                                                                  \
    {.name = (n), .type = PS_PARAM_TEXT, .utf8 = true, .nullable = true, .max = 65536, .about = (a)}
#define PS_ROW_UINT(n, a) {.name = (n), .type = PS_PARAM_UINT, .max = INT64_MAX, .about = (a)}
#define PS_ROW_BOOL(n, a) {.name = (n), .type = PS_PARAM_BOOL, .about = (a)}
#define PS_ROW_TEXTS(n, a)                                                                         \
    {.name = (n), .type = PS_PARAM_ARRAY, .max = 4096, .fields = ps_row_one_text, .about = (a)}
/* clang-format on */

extern const struct ps_param ps_row_one_text[];

extern const struct ps_param ps_params_none[];
extern const struct ps_param ps_params_name[];

extern const struct ps_param ps_result_discover[];
extern const struct ps_param ps_result_status[];
extern const struct ps_param ps_result_token_state[];
extern const struct ps_param ps_result_probe[];

extern const struct ps_param ps_params_key_new[];
extern const struct ps_param ps_params_key_destroy[];
extern const struct ps_param ps_result_key[];
extern const struct ps_param ps_result_key_wrapped[];
extern const struct ps_param ps_result_key_list[];

extern const struct ps_param ps_params_sign_order[];
extern const struct ps_param ps_params_sign_orders[];
extern const struct ps_param ps_params_sign_modify_order[];
extern const struct ps_param ps_params_sign_typed_data[];
extern const struct ps_param ps_params_auth_headers[];
extern const struct ps_param ps_params_account[];
extern const struct ps_param ps_result_sign_order[];
extern const struct ps_param ps_result_sign_orders[];
extern const struct ps_param ps_result_sign_typed_data[];
extern const struct ps_param ps_result_auth_headers[];
extern const struct ps_param ps_result_account[];

#endif
