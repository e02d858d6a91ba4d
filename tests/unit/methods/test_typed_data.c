/* Generic signing is no way round the typed methods. */
#include <tests/support/check.h>

#include "front.h"

#include <stdio.h>
#include <string.h>

#define DOMAIN_TYPE                                                                                \
    "'StarkNetDomain': [{'name': 'name', 'type': 'felt'}, {'name': 'chainId', 'type': 'felt'}, "   \
    "{'name': 'version', 'type': 'felt'}]"
#define ORDER_TYPE                                                                                 \
    "'Order': [{'name': 'timestamp', 'type': 'felt'}, {'name': 'market', 'type': 'felt'}, "        \
    "{'name': 'side', 'type': 'felt'}, {'name': 'orderType', 'type': 'felt'}, "                    \
    "{'name': 'size', 'type': 'felt'}, {'name': 'price', 'type': 'felt'}]"
#define REQUEST_TYPE                                                                               \
    "'Request': [{'name': 'method', 'type': 'felt'}, {'name': 'path', 'type': 'felt'}, "           \
    "{'name': 'body', 'type': 'felt'}, {'name': 'timestamp', 'type': 'felt'}, "                    \
    "{'name': 'expiration', 'type': 'felt'}]"
#define CONSTANT_TYPE "'Constant': [{'name': 'action', 'type': 'felt'}]"
#define OTHER_TYPE "'Mail': [{'name': 'text', 'type': 'felt'}]"

#define PARADEX "{'name': 'Paradex', 'chainId': 'PRIVATE_SN_PARACLEAR_MAINNET', 'version': '1'}"
/* The same felts in other words. */
#define PARADEX_IN_HEX                                                                             \
    "{'name': '0x50617261646578', 'chainId': '0x505249564154455f534e5f50415241434c4541525f4d41"    \
    "494e4e4554', 'version': 1}"
#define FOREIGN "{'name': 'Mailer', 'chainId': 'SN_MAIN', 'version': '1'}"

static void sign(uid_t uid, const char *key, const char *primary, const char *type,
                 const char *domain, const char *message)
{
    static char params[4096];

    (void)snprintf(params, sizeof params,
                   "{'account': 'desk'%s%s%s, 'typed_data': {'types': {" DOMAIN_TYPE
                   ", %s}, 'primaryType': '%s', 'domain': %s, 'message': %s}}",
                   key != NULL ? ", 'key': '" : "", key != NULL ? key : "", key != NULL ? "'" : "",
                   type, primary, domain, message);
    front_call(uid, "paradex.sign_typed_data", params);
}

static const char *order_message(int64_t offset_ms, const char *size)
{
    static char message[256];

    (void)snprintf(message, sizeof message,
                   "{'timestamp': '%llu', 'market': 'BTC-USD-PERP', 'side': '1', 'orderType': "
                   "'LIMIT', 'size': '%s', 'price': '5000000000000'}",
                   (unsigned long long)front_now_ms(offset_ms), size);
    return message;
}

static const char *login_message(int64_t life_s)
{
    static char message[256];
    unsigned long long now_s = (unsigned long long)(front_now_ms(0) / 1000);

    (void)snprintf(message, sizeof message,
                   "{'method': 'POST', 'path': '/v1/auth', 'body': '', 'timestamp': '%llu', "
                   "'expiration': '%lld'}",
                   now_s, (long long)now_s + (long long)life_s);
    return message;
}

static void an_order_document_goes_by_the_rule_of_orders(void **state)
{
    static const char *const domains[] = {PARADEX, PARADEX_IN_HEX};
    const json_t *document;
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        sign(2, NULL, "Order", ORDER_TYPE, domains[i], order_message(0, "10000000"));
        assert_non_null(front.answer);
        front_expect_records("intent released");
        document = json_object_get(json_array_get(front.records, 0), "document");
        assert_string_equal(front_text(document, "class"), "order");
        assert_string_equal(front_text(document, "size"), "0.10000000");
        assert_string_equal(front_text(document, "price"), "50000.00000000");
        /* uid 3 may sign documents, but no orders. */
        sign(3, NULL, "Order", ORDER_TYPE, domains[i], order_message(0, "10000000"));
        front_expect_refusal(PS_POLICY_DENIED, "method", NULL);
        sign(2, NULL, "Order", ORDER_TYPE, domains[i], order_message(-70000, "10000000"));
        front_expect_refusal(PS_INVALID_PARAMS, "/params/typed_data/message/timestamp", NULL);
        sign(2, NULL, "Order", ORDER_TYPE, domains[i], order_message(0, "0"));
        front_expect_refusal(PS_INVALID_PARAMS, "/params/typed_data/message/size", NULL);
        assert_int_equal(front.asked, 0);
    }
}

static void a_typed_order_and_its_document_have_one_hash(void **state)
{
    char params[512], hash[80], message[256];
    unsigned long long now = (unsigned long long)front_now_ms(0);

    (void)state;
    (void)snprintf(params, sizeof params,
                   "{'account': 'desk', 'order': {'market': 'BTC-USD-PERP', 'side': 'BUY', 'type': "
                   "'LIMIT', 'size': '0.1', 'price': '50000', 'signature_timestamp': %llu}}",
                   now);
    front_call(1, "paradex.sign_order", params);
    assert_non_null(front.answer);
    (void)snprintf(hash, sizeof hash, "%s", front_text(front.answer, "hash"));
    (void)snprintf(message, sizeof message,
                   "{'timestamp': '%llu', 'market': 'BTC-USD-PERP', 'side': 1, 'orderType': "
                   "'LIMIT', 'size': '10000000', 'price': '5000000000000'}",
                   now);
    sign(1, NULL, "Order", ORDER_TYPE, PARADEX, message);
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "hash"), hash);
}

static void a_login_document_goes_by_the_rule_of_logins(void **state)
{
    (void)state;
    sign(1, NULL, "Request", REQUEST_TYPE, PARADEX, login_message(300));
    assert_non_null(front.answer);
    sign(1, NULL, "Request", REQUEST_TYPE, PARADEX, login_message(3700));
    front_expect_refusal(PS_INVALID_PARAMS, "/params/typed_data/message/expiration", NULL);
    sign(2, NULL, "Request", REQUEST_TYPE, PARADEX, login_message(300));
    front_expect_refusal(PS_POLICY_DENIED, "method", NULL);
}

static void onboarding_is_the_main_keys(void **state)
{
    (void)state;
    sign(1, NULL, "Constant", CONSTANT_TYPE, PARADEX, "{'action': 'Onboarding'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/key", "name desk.main");
    sign(1, "desk.main", "Constant", CONSTANT_TYPE, PARADEX, "{'action': 'Onboarding'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "key"), "desk.main");
}

static void the_seed_of_the_main_key_is_never_signed(void **state)
{
    (void)state;
    sign(1, "desk.main", "Constant", CONSTANT_TYPE, PARADEX, "{'action': 'STARK Key'}");
    front_expect_refusal(PS_POLICY_DENIED, "typed_data.stark_key", NULL);
    front_expect_records("denied");
    sign(1, "desk.main", "Constant", CONSTANT_TYPE, FOREIGN, "{'action': '0x535441524b204b6579'}");
    front_expect_refusal(PS_POLICY_DENIED, "typed_data.stark_key", NULL);
}

static void what_paradex_has_no_rule_for_is_refused(void **state)
{
    (void)state;
    sign(1, NULL, "Mail", OTHER_TYPE, PARADEX, "{'text': 'hi'}");
    front_expect_refusal(PS_POLICY_DENIED, "typed_data.primary_type", NULL);
    sign(1, NULL, "Order", ORDER_TYPE,
         "{'name': 'Paradex', 'chainId': 'PRIVATE_SN_PARACLEAR_TESTNET', 'version': '1'}",
         order_message(0, "10000000"));
    front_expect_refusal(PS_POLICY_DENIED, "typed_data.domain", NULL);
    assert_int_equal(front.asked, 0);
}

static void foreign_documents_are_signed_by_keys_of_the_account(void **state)
{
    (void)state;
    sign(3, NULL, "Mail", OTHER_TYPE, FOREIGN, "{'text': 'hi'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "key"), "desk.sub.trader");
    sign(3, "desk.main", "Mail", OTHER_TYPE, FOREIGN, "{'text': 'hi'}");
    assert_non_null(front.answer);
    sign(2, "desk.main", "Mail", OTHER_TYPE, FOREIGN, "{'text': 'hi'}");
    front_expect_refusal(PS_POLICY_DENIED, "key", NULL);
}

static void faults_have_their_place_in_the_document(void **state)
{
    (void)state;
    sign(1, NULL, "Mail", OTHER_TYPE, FOREIGN, "{}");
    front_expect_refusal(PS_INVALID_PARAMS, NULL, NULL);
    assert_memory_equal(front.refusal.pointer, "/params/typed_data/message", 26);
    front_call(1, "paradex.sign_typed_data", "{'account': 'desk', 'typed_data': {}}");
    front_expect_refusal(PS_INVALID_PARAMS, NULL, NULL);
    assert_memory_equal(front.refusal.pointer, "/params/typed_data", 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, front_setup, front_teardown)
        TEST(an_order_document_goes_by_the_rule_of_orders),
        TEST(a_typed_order_and_its_document_have_one_hash),
        TEST(a_login_document_goes_by_the_rule_of_logins),
        TEST(onboarding_is_the_main_keys),
        TEST(the_seed_of_the_main_key_is_never_signed),
        TEST(what_paradex_has_no_rule_for_is_refused),
        TEST(foreign_documents_are_signed_by_keys_of_the_account),
        TEST(faults_have_their_place_in_the_document),
    };

    return cmocka_run_group_tests_name("methods.typed_data", tests, NULL, NULL);
}
