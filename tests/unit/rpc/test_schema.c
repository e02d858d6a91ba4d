#include <tests/support/check.h>

#include <parasign/types.h>
#include <proto/ipc/token_proto.h>
#include <proto/rpc/json.h>
#include <proto/rpc/methods.h>
#include <proto/rpc/quote.h>
#include <string.h>

/* The order of the rows below, with a place for one thing that is different. */
#define ORDER_WITH(more)                                                                           \
    "{\"account\":\"desk\",\"order\":{\"market\":\"BTC-USD-PERP\",\"side\":\"BUY\","               \
    "\"type\":\"LIMIT\",\"size\":\"0.1\"" more "}}"
#define SIGN_ORDER "paradex.sign_order"

struct row {
    const char *method;
    const char *params;
    const char *pointer;      /* NULL: this is right */
    const char *message_part; /* or NULL */
};

static const struct row rows[] = {
    {SIGN_ORDER, ORDER_WITH(""), NULL, NULL},
    {SIGN_ORDER,
     ORDER_WITH(",\"price\":\"70000.5\",\"instruction\":\"POST_ONLY\",\"client_id\":\"c-1\","
                "\"flags\":[\"REDUCE_ONLY\"],\"stp\":\"EXPIRE_BOTH\",\"recv_window\":10,"
                "\"trigger_price\":\"1\",\"signature_timestamp\":1700000000000"),
     NULL, NULL},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":\"1700000000000\""), NULL, NULL},
    {SIGN_ORDER, ORDER_WITH(",\"flags\":[]"), NULL, NULL},

    /* missing and unknown */
    {SIGN_ORDER, "{}", "/params/account", "missing"},
    {SIGN_ORDER, "{\"account\":\"desk\"}", "/params/order", "missing"},
    {SIGN_ORDER, "{\"account\":\"desk\",\"order\":{}}", "/params/order/market", "missing"},
    {SIGN_ORDER, ORDER_WITH(",\"sizee\":\"1\""), "/params/order/sizee", "did you mean \"size\""},
    {SIGN_ORDER, ORDER_WITH(",\"Size\":\"1\""), "/params/order/Size", "did you mean \"size\""},
    {SIGN_ORDER, ORDER_WITH(",\"on_behalf_of_account\":\"1\""),
     "/params/order/on_behalf_of_account", "known are market, side"},
    {SIGN_ORDER, ORDER_WITH(",\"a/b~c\":1"), "/params/order/a~1b~0c", "no member \"a/b~c\""},
    {SIGN_ORDER, ORDER_WITH(",\"\":1"), "/params/order/", "no member \"\""},
    {SIGN_ORDER, "{\"acount\":\"desk\"}", "/params/acount", "did you mean \"account\""},
    {"token.ping", "{\"x\":1}", "/params/x", "none"},

    /* wrong types */
    {SIGN_ORDER, "{\"account\":1}", "/params/account", "string"},
    {SIGN_ORDER, "{\"account\":null}", "/params/account", "string"},
    {SIGN_ORDER, "{\"account\":\"desk\",\"order\":[]}", "/params/order", "object"},
    {SIGN_ORDER, "{\"account\":\"desk\",\"order\":\"x\"}", "/params/order", "object"},
    {SIGN_ORDER, ORDER_WITH(",\"price\":70000"), "/params/order/price", "in a string"},
    {SIGN_ORDER, ORDER_WITH(",\"flags\":\"REDUCE_ONLY\""), "/params/order/flags", "array"},
    {SIGN_ORDER, ORDER_WITH(",\"recv_window\":\"10\""), "/params/order/recv_window", "integer"},
    {SIGN_ORDER, ORDER_WITH(",\"stp\":true"), "/params/order/stp", "EXPIRE_TAKER"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":true"), "/params/order/signature_timestamp",
     "integer"},
    {"paradex.auth_headers", "{\"account\":\"desk\",\"authorize_isolated_markets\":\"true\"}",
     "/params/authorize_isolated_markets", "true or false"},
    {"paradex.sign_typed_data", "{\"account\":\"desk\",\"typed_data\":\"{}\"}",
     "/params/typed_data", "object"},

    /* wrong values */
    {SIGN_ORDER, "{\"account\":\"\"}", "/params/account", "1 to 31"},
    {SIGN_ORDER, "{\"account\":\"a2345678901234567890123456789012\"}", "/params/account", "32"},
    {SIGN_ORDER, "{\"account\":\"d\xc3\xa9sk\"}", "/params/account", "byte 1"},
    {SIGN_ORDER, "{\"account\":\"de\\nsk\"}", "/params/account", "printable"},
    {SIGN_ORDER, ORDER_WITH(",\"client_id\":\"\\u007f\""), "/params/order/client_id", "printable"},
    {SIGN_ORDER, ORDER_WITH(",\"instruction\":\"gtc\""), "/params/order/instruction", "POST_ONLY"},
    {SIGN_ORDER, ORDER_WITH(",\"flags\":[\"REDUCE_ONLY\",\"X\"]"), "/params/order/flags/1",
     "\"X\""},
    {SIGN_ORDER, ORDER_WITH(",\"flags\":[[]]"), "/params/order/flags/0", "REDUCE_ONLY"},
    {SIGN_ORDER,
     ORDER_WITH(",\"flags\":[\"REDUCE_ONLY\",\"REDUCE_ONLY\",\"REDUCE_ONLY\",\"REDUCE_ONLY\","
                "\"REDUCE_ONLY\"]"),
     "/params/order/flags", "0 to 4"},
    {SIGN_ORDER, ORDER_WITH(",\"recv_window\":9"), "/params/order/recv_window", "from 10"},
    {SIGN_ORDER, ORDER_WITH(",\"recv_window\":-1"), "/params/order/recv_window", "negative"},
    {SIGN_ORDER, ORDER_WITH(",\"recv_window\":86400001"), "/params/order/recv_window", "86400000"},
    {SIGN_ORDER, ORDER_WITH(",\"price\":\"1.123456789\""), "/params/order/price", NULL},
    {SIGN_ORDER, ORDER_WITH(",\"price\":\"-1\""), "/params/order/price", NULL},
    {SIGN_ORDER, ORDER_WITH(",\"price\":\"1e5\""), "/params/order/price", NULL},
    {SIGN_ORDER, ORDER_WITH(",\"price\":50000.5"), "/params/order/price", "in a string"},
    {SIGN_ORDER, ORDER_WITH(",\"price\":50000"), "/params/order/price", "in a string"},
    {SIGN_ORDER, ORDER_WITH(",\"recv_window\":10.0"), "/params/order/recv_window", "integer"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":1e12"), "/params/order/signature_timestamp",
     "integer"},
    {SIGN_ORDER, ORDER_WITH(",\"price\":\"\""), "/params/order/price", NULL},
    {SIGN_ORDER, ORDER_WITH(",\"trigger_price\":\"1 \""), "/params/order/trigger_price", NULL},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":0"), "/params/order/signature_timestamp",
     "from 1"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":\"01\""), "/params/order/signature_timestamp",
     "leading zeros"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":\"1.5\""),
     "/params/order/signature_timestamp", "digits"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":\"9999999999999999999\""),
     "/params/order/signature_timestamp", "at most 18"},
    {SIGN_ORDER, ORDER_WITH(",\"signature_timestamp\":\"99999999999999\""),
     "/params/order/signature_timestamp", "9999999999999"},
    {"paradex.auth_headers", "{\"account\":\"desk\",\"expires_in_s\":0}", "/params/expires_in_s",
     "from 1"},
    {"paradex.auth_headers", "{\"account\":\"desk\",\"expires_in_s\":604801}",
     "/params/expires_in_s", "604800"},
    {"paradex.auth_headers", "{\"account\":\"desk\",\"expires_in_s\":604800}", NULL, NULL},

    /* batches */
    {"paradex.sign_orders", "{\"account\":\"desk\",\"orders\":[]}", "/params/orders", "1 to 10"},
    {"paradex.sign_orders", "{\"account\":\"desk\",\"orders\":[{},{},{},{},{},{},{},{},{},{},{}]}",
     "/params/orders", "has 11"},
    {"paradex.sign_orders",
     "{\"account\":\"desk\",\"orders\":[{\"market\":\"A\",\"side\":\"SELL\",\"type\":\"MARKET\","
     "\"size\":\"1\"},{\"market\":\"A\",\"side\":\"sell\"}]}",
     "/params/orders/1/side", "BUY, SELL"},
    {"paradex.sign_orders", "{\"account\":\"desk\",\"orders\":[1]}", "/params/orders/0", "object"},

    /* modification: an order and its id */
    {"paradex.sign_modify_order", ORDER_WITH(""), "/params/order/id", "missing"},
    {"paradex.sign_modify_order", ORDER_WITH(",\"id\":\"1700\""), NULL, NULL},
    {"paradex.sign_modify_order", ORDER_WITH(",\"id\":1700"), "/params/order/id", "string"},
    {SIGN_ORDER, ORDER_WITH(",\"id\":\"1700\""), "/params/order/id", "no member"},

    /* keys */
    {"key.generate", "{\"name\":\"desk.main\",\"kind\":\"stark\"}", NULL, NULL},
    {"key.generate", "{\"name\":\"desk.main\",\"kind\":\"stark\",\"custody\":\"wrapped\"}", NULL,
     NULL},
    {"key.generate", "{\"name\":\"desk.main\",\"kind\":\"secret\"}", "/params/kind", "secp256k1"},
    {"key.generate", "{\"name\":\"desk.main\",\"kind\":\"stark\",\"custody\":\"soft\"}",
     "/params/custody", "wrapped"},
    {"key.destroy", "{\"name\":\"desk.main\"}", "/params/confirm", "missing"},
    {"key.import", "{\"name\":\"desk.main\",\"kind\":\"stark\",\"key\":\"0x1\"}", "/params/key",
     "no member"},
    {"system.status", "{}", NULL, NULL},
};

static json_t *parse(const char *text)
{
    struct ps_error err;
    json_t *json;

    if (ps_json_parse_line(text, strlen(text), &json, &err) != PS_OK)
        fail_msg("%s: %s", text, err.message);
    return json;
}

static void each_wrong_thing_is_shown_by_its_pointer(void **state)
{
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        const struct ps_method *method = ps_method_find(row->method);
        json_t *params = parse(row->params);
        enum ps_code rc;

        assert_non_null(method);
        memset(&err, 0, sizeof err);
        rc = ps_method_check(method, params, &err);
        json_decref(params);
        if (row->pointer == NULL) {
            if (rc != PS_OK)
                fail_msg("%s: %s at %s", row->params, err.message, err.pointer);
            continue;
        }
        if (rc != PS_INVALID_PARAMS)
            fail_msg("%s: was not refused", row->params);
        assert_int_equal(err.code, PS_INVALID_PARAMS);
        if (strcmp(err.pointer, row->pointer) != 0)
            fail_msg("%s: %s at %s, not at %s", row->params, err.message, err.pointer,
                     row->pointer);
        assert_true(err.message[0] != '\0');
        if (row->message_part != NULL && strstr(err.message, row->message_part) == NULL)
            fail_msg("%s: \"%s\" does not say \"%s\"", row->params, err.message, row->message_part);
    }
}

static void absent_params_are_empty_params(void **state)
{
    struct ps_error err;

    (void)state;
    assert_int_equal(ps_method_check(ps_method_find("token.ping"), NULL, &err), PS_OK);
    assert_int_equal(ps_method_check(ps_method_find("key.get"), NULL, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/params/name");
}

/* The whole step is left out, never half of it. */
static void long_names_do_not_break_the_pointer(void **state)
{
    char name[400];
    struct ps_error err;
    json_t *params;
    size_t length;

    (void)state;
    for (length = 100; length < sizeof name; length++) {
        memset(name, length % 2 == 0 ? 'n' : '~', length);
        name[length] = '\0';
        params = json_pack("{s:i}", name, 1);
        assert_int_equal(ps_method_check(ps_method_find("key.get"), params, &err),
                         PS_INVALID_PARAMS);
        json_decref(params);
        assert_int_equal(strncmp(err.pointer, "/params", 7), 0);
        if (err.pointer[7] != '\0')
            assert_int_equal(strlen(err.pointer), 8 + length * (length % 2 == 0 ? 1 : 2));
        assert_non_null(strstr(err.message, "...\""));
    }
    assert_string_equal(err.pointer, "/params");
}

static void unknown_methods_are_not_found(void **state)
{
    (void)state;
    assert_null(ps_method_find(""));
    assert_null(ps_method_find("paradex.sign_orde"));
    assert_null(ps_method_find("paradex.sign_order "));
    assert_non_null(ps_method_find("paradex.sign_order"));
}

static void check_rows(const struct ps_param *param, bool request)
{
    size_t count = 0;

    for (; param->name != NULL; param++) {
        assert_true(++count < 64); /* bits of the set of members seen */
        assert_non_null(param->about);
        assert_true(param->max >= param->min);
        if (param->type == PS_PARAM_CHOICE)
            assert_true(param->choices != NULL && param->choices[0] != NULL);
        if (request && (param->type == PS_PARAM_TEXT || param->type == PS_PARAM_UINT ||
                        param->type == PS_PARAM_UINT_TEXT))
            assert_true(param->max > 0);
        if (param->type == PS_PARAM_OBJECT || (request && param->type == PS_PARAM_ARRAY)) {
            assert_non_null(param->fields);
            check_rows(param->fields, request);
        }
    }
}

static void the_table_is_whole(void **state)
{
    const struct ps_method *method;
    const struct ps_method *other;

    (void)state;
    for (method = ps_methods; method->name != NULL; method++) {
        assert_non_null(strchr(method->name, '.'));
        assert_non_null(method->about);
        check_rows(method->params, true);
        check_rows(method->result, false);
        for (other = ps_methods; other != method; other++)
            assert_string_not_equal(other->name, method->name);
    }
}

static const struct ps_param *row_of(const struct ps_param *rows_at, const char *name)
{
    for (; rows_at->name != NULL; rows_at++)
        if (strcmp(rows_at->name, name) == 0)
            return rows_at;
    fail_msg("no row %s", name);
    return NULL;
}

static size_t count_of(const char *const *choices)
{
    size_t n = 0;

    while (choices[n] != NULL)
        n++;
    return n;
}

/* The words of the API have one list each; these are the same. */
static void choices_are_the_words_of_the_types(void **state)
{
    const struct ps_param *params = ps_method_find("key.generate")->params;
    const struct ps_param *key = ps_method_find("key.get")->result->fields;
    const struct ps_param *token = ps_method_find("system.lock")->result;
    const char *const *choice;
    unsigned i;

    (void)state;
    for (choice = row_of(params, "kind")->choices; *choice != NULL; choice++)
        assert_int_not_equal(ps_kind_from_name(*choice), PS_KIND_COUNT);
    for (i = 0; i < PS_KIND_COUNT; i++)
        assert_string_equal(row_of(key, "kind")->choices[i], ps_kind_name((enum ps_kind)i));
    assert_int_equal(count_of(row_of(key, "kind")->choices), PS_KIND_COUNT);
    for (i = 0; i < PS_ROLE_COUNT; i++)
        assert_string_equal(row_of(key, "role")->choices[i], ps_role_name((enum ps_role)i));
    assert_int_equal(count_of(row_of(key, "role")->choices), PS_ROLE_COUNT);
    for (i = 0; i < PS_CUSTODY_COUNT; i++)
        assert_string_equal(row_of(params, "custody")->choices[i],
                            ps_custody_name((enum ps_custody)i));
    assert_int_equal(count_of(row_of(params, "custody")->choices), PS_CUSTODY_COUNT);
    for (i = 0; i < PS_STATE_COUNT; i++)
        assert_string_equal(row_of(token, "state")->choices[i],
                            ps_token_state_name((enum ps_token_state)i));
    assert_int_equal(count_of(row_of(token, "state")->choices), PS_STATE_COUNT);
    for (i = PS_STARK_UNTESTED; i <= PS_STARK_UNSUPPORTED; i++)
        assert_string_equal(row_of(token, "stark_curve")->choices[i],
                            ps_stark_support_name((enum ps_stark_support)i));
}

static void names_are_quoted_harmlessly(void **state)
{
    char out[PS_QUOTE_MAX];

    (void)state;
    assert_string_equal(ps_quote(out, "size"), "\"size\"");
    assert_string_equal(ps_quote(out, "\x1b]0;\xc3\xa9\""), "\"?]0;???\"");
    assert_string_equal(ps_quote(out, "0123456789012345678901234567890123456789"),
                        "\"0123456789012345678901234567890123456789\"");
    assert_string_equal(ps_quote(out, "01234567890123456789012345678901234567890"),
                        "\"0123456789012345678901234567890123456789...\"");
}

static void distances_count_changes(void **state)
{
    (void)state;
    assert_int_equal(ps_name_distance("size", "size", 2), 0);
    assert_int_equal(ps_name_distance("sise", "size", 2), 1);
    assert_int_equal(ps_name_distance("siz", "size", 2), 1);
    assert_int_equal(ps_name_distance("esize", "size", 2), 1);
    assert_int_equal(ps_name_distance("zise", "size", 2), 2);
    assert_int_equal(ps_name_distance("", "ab", 2), 2);
    assert_int_equal(ps_name_distance("abc", "xyz", 2), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wrong_thing_is_shown_by_its_pointer),
        cmocka_unit_test(absent_params_are_empty_params),
        cmocka_unit_test(long_names_do_not_break_the_pointer),
        cmocka_unit_test(unknown_methods_are_not_found),
        cmocka_unit_test(the_table_is_whole),
        cmocka_unit_test(choices_are_the_words_of_the_types),
        cmocka_unit_test(names_are_quoted_harmlessly),
        cmocka_unit_test(distances_count_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
