#include <proto/paradex/messages.h>
#include <proto/rpc/params.h>

#define TIMESTAMP_MS_MAX UINT64_C(9999999999999) /* 13 digits: until the year 2286 */
#define RECV_WINDOW_MS_MIN 10                    /* the exchange's own bound */
#define RECV_WINDOW_MS_MAX 86400000              /* a day */
#define AUTH_EXPIRES_S_MAX 604800                /* a week; the exchange's own bound */
#define EXCHANGE_ID_MAX 64                       /* bytes of ids of orders */
#define ORDERS_MAX 10                            /* of one batch */

static const struct ps_param flag[] = {
    {.name = "flag", .type = PS_PARAM_CHOICE, .choices = ps_order_flag_names, .about = "a flag"},
    {0},
};

/* clang-format off */
#define ORDER_ROWS                                                                                 \
    {.name = "market", .type = PS_PARAM_TEXT, .required = true, .min = 1, .max = PS_MARKET_MAX,    \
     .about = "market symbol, as BTC-USD-PERP (signed)"},                                          \
    {.name = "side", .type = PS_PARAM_CHOICE, .required = true, .choices = ps_side_names,          \
     .about = "BUY or SELL (signed)"},                                                             \
    {.name = "type", .type = PS_PARAM_CHOICE, .required = true, .choices = ps_order_type_names,    \
     .about = "order type (signed)"},                                                              \
    {.name = "size", .type = PS_PARAM_DECIMAL, .required = true,                                   \
     .about = "amount of the base asset (signed)"},                                                \
    {.name = "price", .type = PS_PARAM_DECIMAL,                                                    \
     .about = "limit price (signed); absent or 0 for market types"},                               \
    {.name = "instruction", .type = PS_PARAM_CHOICE, .choices = ps_order_instruction_names,        \
     .about = "time in force; absent: GTC"},                                                       \
    {.name = "client_id", .type = PS_PARAM_TEXT, .min = 1, .max = EXCHANGE_ID_MAX,                 \
     .about = "the client's own id of the order"},                                                 \
    {.name = "flags", .type = PS_PARAM_ARRAY, .min = 0, .max = 4, .fields = flag,                  \
     .about = "flags of the order"},                                                               \
    {.name = "stp", .type = PS_PARAM_CHOICE, .choices = ps_order_stp_names,                        \
     .about = "self-trade prevention"},                                                            \
    {.name = "recv_window", .type = PS_PARAM_UINT, .min = RECV_WINDOW_MS_MIN,                      \
     .max = RECV_WINDOW_MS_MAX,                                                                    \
     .about = "milliseconds after signature_timestamp in which the exchange takes the order"},     \
    {.name = "trigger_price", .type = PS_PARAM_DECIMAL,                                            \
     .about = "price that triggers a stop or take-profit order"},                                  \
    {.name = "signature_timestamp", .type = PS_PARAM_UINT_TEXT, .min = 1, .max = TIMESTAMP_MS_MAX, \
     .about = "Unix time in milliseconds (signed); absent: now"}
/* clang-format on */

static const struct ps_param order[] = {ORDER_ROWS, {0}};

static const struct ps_param order_with_id[] = {
    {.name = "id",
     .type = PS_PARAM_TEXT,
     .required = true,
     .min = 1,
     .max = EXCHANGE_ID_MAX,
     .about = "the exchange's id of the order that is modified (signed)"},
    ORDER_ROWS,
    {0},
};

static const struct ps_param order_element[] = {
    {.name = "order", .type = PS_PARAM_OBJECT, .fields = order, .about = "an order"},
    {0},
};

const struct ps_param ps_params_sign_order[] = {
    PS_ROW_ACCOUNT,
    PS_ROW_KEY,
    {.name = "order",
     .type = PS_PARAM_OBJECT,
     .required = true,
     .fields = order,
     .about = "the order"},
    {0},
};

const struct ps_param ps_params_sign_orders[] = {
    PS_ROW_ACCOUNT,
    PS_ROW_KEY,
    {.name = "orders",
     .type = PS_PARAM_ARRAY,
     .required = true,
     .min = 1,
     .max = ORDERS_MAX,
     .fields = order_element,
     .about = "the orders; all are signed, or none"},
    {0},
};

const struct ps_param ps_params_sign_modify_order[] = {
    PS_ROW_ACCOUNT,
    PS_ROW_KEY,
    {.name = "order",
     .type = PS_PARAM_OBJECT,
     .required = true,
     .fields = order_with_id,
     .about = "the order as it shall become, with its id"},
    {0},
};

const struct ps_param ps_params_sign_typed_data[] = {
    PS_ROW_ACCOUNT,
    PS_ROW_KEY,
    {.name = "typed_data",
     .type = PS_PARAM_DOCUMENT,
     .required = true,
     .about = "SNIP-12 document, revision 0 or 1: types, primaryType, domain, message"},
    {0},
};

const struct ps_param ps_params_auth_headers[] = {
    PS_ROW_ACCOUNT,
    PS_ROW_KEY,
    {.name = "expires_in_s",
     .type = PS_PARAM_UINT,
     .min = 1,
     .max = AUTH_EXPIRES_S_MAX,
     .about = "seconds until the signature expires; absent: the configured ones"},
    {.name = "authorize_isolated_markets",
     .type = PS_PARAM_BOOL,
     .about = "ask for a token that reaches isolated markets too"},
    {0},
};

const struct ps_param ps_params_account[] = {PS_ROW_ACCOUNT, {0}};

#define SIGNER_ROWS                                                                                \
    PS_ROW_TEXT("key", "name of the key that signed"),                                             \
        PS_ROW_TEXT("public_key", "0x hex, x of the key"),                                         \
        PS_ROW_TEXT("custody", "token or wrapped"),                                                \
        PS_ROW_UINT("audit_seq", "number of the audit record")

#define SIGNING_ROWS SIGNER_ROWS, PS_ROW_TEXT("hash", "what was signed, 0x hex")

#define SIGNATURE_ROWS                                                                             \
    PS_ROW_TEXT("signature", "r and s in decimal, as the exchange takes them"),                    \
        PS_ROW_TEXTS("signature_hex", "r and s in 0x hex")

const struct ps_param ps_result_sign_order[] = {
    SIGNING_ROWS,
    SIGNATURE_ROWS,
    PS_ROW_UINT("signature_timestamp", "Unix time in milliseconds that was signed"),
    {.name = "body",
     .type = PS_PARAM_DOCUMENT,
     .about = "JSON ready for POST /v1/orders, or PUT /v1/orders/{id} for a modification"},
    {0},
};

static const struct ps_param body[] = {
    {.name = "body", .type = PS_PARAM_DOCUMENT, .about = "JSON ready for the exchange"},
    {0},
};

static const struct ps_param hex_pair[] = {PS_ROW_TEXTS("signature_hex", "r and s in 0x hex"), {0}};

const struct ps_param ps_result_sign_orders[] = {
    SIGNER_ROWS,
    PS_ROW_TEXTS("hashes", "what was signed, 0x hex, in the order the orders came"),
    PS_ROW_TEXTS("signatures", "r and s in decimal, as the exchange takes them"),
    {.name = "signatures_hex",
     .type = PS_PARAM_ARRAY,
     .max = ORDERS_MAX,
     .fields = hex_pair,
     .about = "r and s in 0x hex"},
    {.name = "bodies",
     .type = PS_PARAM_ARRAY,
     .max = ORDERS_MAX,
     .fields = body,
     .about = "one body per order, in the order they came"},
    {0},
};

const struct ps_param ps_result_sign_typed_data[] = {SIGNING_ROWS, SIGNATURE_ROWS, {0}};

const struct ps_param ps_result_auth_headers[] = {
    SIGNING_ROWS,
    PS_ROW_TEXT("method", "HTTP method"),
    PS_ROW_TEXT("path", "path of the request"),
    {.name = "headers", .type = PS_PARAM_DOCUMENT, .about = "headers to send as they are"},
    PS_ROW_UINT("expires_at_ms", "when the signature expires, Unix milliseconds"),
    {0},
};

const struct ps_param ps_result_account[] = {
    PS_ROW_TEXT("account", "its name"),
    PS_ROW_TEXT("kind", "starknet or evm"),
    PS_ROW_TEXT("address", "address of the account, 0x hex"),
    PS_ROW_BOOL("address_derived", "from the owner's public key, not written in the configuration"),
    PS_ROW_TEXT("public_key", "of the key that owns the account; absent when it is not here"),
    PS_ROW_TEXT("eth_address", "EIP-55 address of the owner of an EVM account"),
    PS_ROW_TEXT("signer_type", "what kind of key owns the account, as the exchange calls it"),
    PS_ROW_TEXT("chain_id", "chain the account is pinned to"),
    PS_ROW_TEXT("environment", "prod, testnet, or one of the configuration"),
    PS_ROW_TEXT_OR_NULL("default_key", "signs when a request names no key; null: none"),
    PS_ROW_TEXTS("keys", "names of the account's keys on the token"),
    {0},
};
