#include <proto/rpc/params.h>

/* The kinds that a client may make: bearer secrets are not key pairs. */
static const char *const pair_kinds[] = {"stark", "secp256k1", NULL};
static const char *const kinds[] = {"stark", "secp256k1", "secret", NULL};
static const char *const custodies[] = {"token", "wrapped", NULL};
static const char *const roles[] = {"main", "evm",   "subkey",  "readonly",
                                    "para", "audit", "general", NULL};

const struct ps_param ps_params_name[] = {PS_ROW_NAME, {0}};

const struct ps_param ps_params_key_new[] = {
    PS_ROW_NAME,
    {.name = "kind",
     .type = PS_PARAM_CHOICE,
     .required = true,
     .choices = pair_kinds,
     .about =
         "the curve: stark for Paradex main keys and subkeys, secp256k1 for Ethereum accounts"},
    {.name = "custody",
     .type = PS_PARAM_CHOICE,
     .choices = custodies,
     .about = "where the private key lives when it signs; absent: token"},
    {0},
};

const struct ps_param ps_params_key_destroy[] = {
    PS_ROW_NAME,
    {.name = "confirm",
     .type = PS_PARAM_TEXT,
     .required = true,
     .min = 1,
     .max = PS_KEY_NAME_MAX,
     .about = "the name again; a destroyed key cannot be brought back"},
    {0},
};

static const struct ps_param attributes[] = {
    PS_ROW_BOOL("sensitive", "the token says that it never shows the private key"),
    PS_ROW_BOOL("extractable", "the private key could be wrapped and taken out"),
    PS_ROW_BOOL("never_extractable", "it never could"),
    PS_ROW_BOOL("local", "made in the token, not imported"),
    {0},
};

const struct ps_param ps_result_key[] = {
    PS_ROW_TEXT("name", "its label on the token"),
    {.name = "kind", .type = PS_PARAM_CHOICE, .choices = kinds, .about = "its curve"},
    {.name = "role", .type = PS_PARAM_CHOICE, .choices = roles, .about = "follows from the name"},
    {.name = "custody",
     .type = PS_PARAM_CHOICE,
     .choices = custodies,
     .about = "where the private key lives when it signs"},
    PS_ROW_TEXT("public_key", "0x hex: x of a STARK key, the uncompressed point of another"),
    {.name = "attributes",
     .type = PS_PARAM_OBJECT,
     .fields = attributes,
     .about = "what the token says about the private key"},
    PS_ROW_TEXT("eth_address", "EIP-55 address of a secp256k1 key"),
    PS_ROW_TEXT_OR_NULL("created_at", "date, or null when the token keeps none"),
    PS_ROW_TEXT("refused", "why this key is not used; absent when it is"),
    {0},
};

const struct ps_param ps_result_key_wrapped[] = {
    {.name = "key", .type = PS_PARAM_OBJECT, .fields = ps_result_key, .about = "the key"},
    {0},
};

const struct ps_param ps_result_key_list[] = {
    {.name = "keys",
     .type = PS_PARAM_ARRAY,
     .max = 65536,
     .fields = ps_result_key_wrapped,
     .about = "all keys on the token that are ours"},
    {0},
};
