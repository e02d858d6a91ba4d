#include <tests/support/check.h>

#include <proto/rpc/json.h>
#include <proto/rpc/request.h>
#include <stdlib.h>
#include <string.h>

static json_t *parse(const char *text)
{
    struct ps_error err;
    json_t *json;

    if (ps_json_parse_line(text, strlen(text), &json, &err) != PS_OK)
        fail_msg("%s: %s", text, err.message);
    return json;
}

static void requests_of_every_good_form_are_read(void **state)
{
    static const struct {
        const char *text;
        bool has_id;
        bool has_params;
    } good[] = {
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1}", true, false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":-1,\"params\":{}}", true, true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":\"x\"}", true, false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":\"\"}", true, false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", false, false},
        {"{\"params\":{\"x\":[1]},\"method\":\"a\",\"jsonrpc\":\"2.0\"}", false, true},
    };
    struct ps_rpc_request request;
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        json_t *json = parse(good[i].text);

        if (ps_rpc_request_read(json, &request, &err) != PS_OK)
            fail_msg("%s: %s", good[i].text, err.message);
        assert_string_equal(request.method, "a");
        assert_int_equal(request.id != NULL, good[i].has_id);
        assert_int_equal(request.params != NULL, good[i].has_params);
        json_decref(json);
    }
}

static void bad_envelopes_are_refused_and_keep_a_readable_id(void **state)
{
    static const struct {
        const char *text;
        const char *message_part;
        bool keeps_id;
    } bad[] = {
        {"[]", "JSON object", false},
        {"1", "JSON object", false},
        {"null", "JSON object", false},
        {"{}", "\"jsonrpc\"", false},
        {"{\"id\":7}", "\"jsonrpc\"", true},
        {"{\"jsonrpc\":\"1.0\",\"method\":\"a\",\"id\":7}", "\"jsonrpc\"", true},
        {"{\"jsonrpc\":2,\"method\":\"a\",\"id\":7}", "\"jsonrpc\"", true},
        {"{\"jsonrpc\":\"2.0\",\"id\":7}", "\"method\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":1,\"id\":7}", "\"method\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":null}", "id must be", false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":true}", "id must be", false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":{}}", "id must be", false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":[1]}", "id must be", false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":7,\"params\":[]}", "\"params\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":7,\"params\":null}", "\"params\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":7,\"parms\":{}}", "\"parms\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":7,\"\\u001b[2J\":1}", "\"?[2J\"", true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":7,\"result\":1}", "\"result\"", true},
    };
    struct ps_rpc_request request;
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        json_t *json = parse(bad[i].text);

        if (ps_rpc_request_read(json, &request, &err) != PS_INVALID_REQUEST)
            fail_msg("%s: was not refused", bad[i].text);
        if (strstr(err.message, bad[i].message_part) == NULL)
            fail_msg("%s: \"%s\" does not say %s", bad[i].text, err.message, bad[i].message_part);
        assert_int_equal(request.id != NULL, bad[i].keeps_id);
        json_decref(json);
    }
}

static void ids_are_bounded(void **state)
{
    char id[PS_RPC_ID_MAX + 2];
    struct ps_rpc_request request;
    struct ps_error err;
    size_t length;

    (void)state;
    for (length = PS_RPC_ID_MAX; length <= PS_RPC_ID_MAX + 1; length++) {
        json_t *json;

        memset(id, 'i', sizeof id);
        id[length] = '\0';
        json = json_pack("{s:s, s:s, s:s}", "jsonrpc", "2.0", "method", "a", "id", id);
        assert_int_equal(ps_rpc_request_read(json, &request, &err),
                         length <= PS_RPC_ID_MAX ? PS_OK : PS_INVALID_REQUEST);
        json_decref(json);
    }
}

static void assert_dumps(json_t *json, const char *expected)
{
    char *text = json_dumps(json, JSON_COMPACT);

    assert_string_equal(text, expected);
    free(text);
    json_decref(json);
}

static void answers_carry_id_and_result(void **state)
{
    json_t *id = json_string("x");

    (void)state;
    assert_dumps(ps_rpc_answer(id, json_pack("{s:i}", "a", 1)),
                 "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"a\":1}}");
    assert_dumps(ps_rpc_answer(NULL, json_object()),
                 "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}");
    assert_null(ps_rpc_answer(id, NULL));
    assert_int_equal(id->refcount, 1); /* nothing kept it */
    json_decref(id);
}

static void refusals_carry_code_pointer_rule_and_more(void **state)
{
    json_t *id = json_integer(3);
    json_t *extra = json_pack("{s:s}", "approval_id", "q");
    struct ps_error err;

    (void)state;
    (void)ps_fail_at(&err, "/params/order/size", "too large");
    assert_dumps(
        ps_rpc_refusal(id, &err, NULL),
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32602,\"message\":\"too large\","
        "\"data\":{\"code\":\"invalid_params\",\"retryable\":false,"
        "\"pointer\":\"/params/order/size\"}}}");
    (void)ps_fail(&err, PS_APPROVAL_REQUIRED, "ask");
    (void)strcpy(err.rule, "two");
    assert_dumps(ps_rpc_refusal(NULL, &err, extra),
                 "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"ask\","
                 "\"data\":{\"code\":\"approval_required\",\"retryable\":true,\"rule\":\"two\","
                 "\"approval_id\":\"q\"}}}");
    json_decref(extra);
    json_decref(id);
}

/* A module may put any bytes into a label; the client must get an answer all the same. */
static void texts_that_are_not_utf8_do_not_cost_the_answer(void **state)
{
    struct ps_error err;
    json_t *refusal;

    (void)state;
    (void)ps_fail(&err, PS_TOKEN_ERROR, "label \xff\xfe");
    refusal = ps_rpc_refusal(NULL, &err, NULL);
    assert_non_null(refusal);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(refusal, "error"), "message")),
        ps_code_meaning(PS_TOKEN_ERROR));
    json_decref(refusal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_every_good_form_are_read),
        cmocka_unit_test(bad_envelopes_are_refused_and_keep_a_readable_id),
        cmocka_unit_test(ids_are_bounded),
        cmocka_unit_test(answers_carry_id_and_result),
        cmocka_unit_test(refusals_carry_code_pointer_rule_and_more),
        cmocka_unit_test(texts_that_are_not_utf8_do_not_cost_the_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
