/* Orders and logins: what is released, and what never is. */
#include <tests/support/check.h>

#include "front.h"

#include <proto/paradex/messages.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER                                                                                      \
    "{'market': 'BTC-USD-PERP', 'side': 'BUY', 'type': 'LIMIT', 'size': '0.1', 'price': '50000'}"
#define SIGN_ORDER "{'account': 'desk', 'order': " ORDER "}"

static void hash_of(const char *hex, uint8_t out32[32])
{
    ps_felt felt;

    assert_int_equal(ps_felt_from_hex(&felt, hex, strlen(hex)), PS_OK);
    ps_felt_to_be32(out32, &felt);
}

/* 0x hex or decimal; r and s that Starknet takes are below 2^251, and so felts. */
static void number_of(const json_t *text, uint8_t out32[32])
{
    const char *number = json_string_value(text);
    ps_felt felt;

    assert_int_equal(ps_felt_from_text(&felt, number, strlen(number)), PS_OK);
    ps_felt_to_be32(out32, &felt);
}

/* The signature of result verifies under the named key of the keyring, over the hash. */
static void expect_valid(const json_t *hex_pair, const char *hash_hex, const char *key)
{
    const struct ps_keyring_entry *entry = ps_keyring_find(front.keyring, key);
    uint8_t hash32[32], r32[32], s32[32];

    assert_non_null(entry);
    hash_of(hash_hex, hash32);
    number_of(json_array_get(hex_pair, 0), r32);
    number_of(json_array_get(hex_pair, 1), s32);
    assert_int_equal(ps_stark_verify_var(&entry->stark, hash32, r32, s32), PS_STARK_VALID);
}

static void an_order_is_signed_recorded_and_released(void **state)
{
    const json_t *record, *body;
    uint64_t timestamp;

    (void)state;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "key"), "desk.sub.trader");
    assert_string_equal(front_text(front.answer, "custody"), "token");
    assert_int_equal(json_integer_value(json_object_get(front.answer, "audit_seq")), 1);
    expect_valid(json_object_get(front.answer, "signature_hex"), front_text(front.answer, "hash"),
                 "desk.sub.trader");
    timestamp = (uint64_t)json_integer_value(json_object_get(front.answer, "signature_timestamp"));
    assert_true(timestamp > front_now_ms(-5000) && timestamp <= front_now_ms(0));
    body = json_object_get(front.answer, "body");
    assert_string_equal(front_text(body, "signature"), front_text(front.answer, "signature"));
    assert_string_equal(front_text(body, "instruction"), "GTC");
    assert_string_equal(front_text(body, "size"), "0.1");

    front_expect_records("intent released");
    assert_int_equal(front.asked_before_record, 0);
    record = json_array_get(front.records, 0);
    assert_string_equal(front_text(record, "method"), "paradex.sign_order");
    assert_string_equal(front_text(record, "account"), "desk");
    assert_string_equal(front_text(record, "key"), "desk.sub.trader");
    assert_string_equal(front_text(record, "hash"), front_text(front.answer, "hash"));
    assert_int_equal(json_integer_value(json_object_get(record, "uid")), 1);
    assert_int_equal(json_integer_value(json_object_get(record, "pid")), 4711);
    assert_string_equal(front_text(json_object_get(record, "order"), "market"), "BTC-USD-PERP");
    assert_null(json_object_get(json_object_get(record, "order"), "signature"));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(front.records, 1), "of")),
                     1);
}

/* The account in the message is the main account's address, also when a subkey signs. */
static void the_hash_is_over_the_main_accounts_address(void **state)
{
    struct ps_order order = {.market = "BTC-USD-PERP",
                             .side = PS_SIDE_BUY,
                             .type = PS_ORDER_LIMIT,
                             .size_e8 = 10000000,
                             .price_e8 = 5000000000000};
    static const char address[] =
        "0x129c135ed63df9353885e292be4426b8ed6122b13c6c0e1bb787288a1f5adfa";
    struct ps_paradex_signer signer;
    uint8_t expected[32], got[32];
    ps_felt domain, account;

    (void)state;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    assert_non_null(front.answer);
    assert_int_equal(ps_felt_from_hex(&account, address, strlen(address)), PS_OK);
    assert_int_equal(ps_paradex_domain_hash_var(&domain, "PRIVATE_SN_PARACLEAR_MAINNET", NULL),
                     PS_OK);
    ps_paradex_signer_init_var(&signer, &domain, &account);
    order.timestamp_ms =
        (uint64_t)json_integer_value(json_object_get(front.answer, "signature_timestamp"));
    ps_order_hash_var(expected, &signer, &order);
    hash_of(front_text(front.answer, "hash"), got);
    assert_memory_equal(got, expected, 32);
}

static void without_a_record_nothing_is_signed(void **state)
{
    (void)state;
    front.log_cannot_append = true;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, "nothing is signed");
    assert_int_equal(front.asked, 0);
}

static void a_record_that_does_not_reach_the_disk_holds_the_signature_back(void **state)
{
    (void)state;
    front.log_cannot_flush = true;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    front_expect_records("intent failed");
    front.log_flushes_at_once = true;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    front.log_cannot_flush = false;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    assert_non_null(front.answer);
}

static void a_wrong_signature_is_never_released(void **state)
{
    (void)state;
    front.behaviour = TOKEN_LIES;
    front.misbehaves = 1;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_ERROR, NULL,
                         "the token returned a wrong signature; it was not released");
    front_expect_records("intent failed");
    assert_string_equal(front_text(json_array_get(front.records, 1), "code"), "token_error");
    assert_int_equal(front.asked, 1);
}

/* Also once the keyring has tables of the key, and after the key became another. */
static void wrong_signatures_are_noticed_at_any_time(void **state)
{
    struct ps_token_key key = ps_keyring_find(front.keyring, "other.sub.a")->key;
    unsigned i;

    (void)state;
    front.behaviour = TOKEN_LIES;
    for (i = 0; i < 20; i++) {
        front.misbehaves = i % 3 == 0;
        front_call(1, "paradex.sign_order", SIGN_ORDER);
        if (i % 3 == 0)
            front_expect_refusal(PS_TOKEN_ERROR, NULL, "it was not released");
        else
            assert_non_null(front.answer);
    }
    front.misbehaves = 0;
    (void)snprintf(key.name, sizeof key.name, "desk.sub.trader");
    ps_keyring_events.key_seen(front.keyring, &key);
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_ERROR, NULL, "it was not released");
}

static void signatures_out_of_range_are_asked_for_again(void **state)
{
    (void)state;
    front.behaviour = TOKEN_OUT_OF_RANGE;
    front.misbehaves = 3;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    assert_non_null(front.answer);
    assert_int_equal(front.asked, 4);
    front.misbehaves = 4;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_ERROR, NULL, "outside of Starknet's ranges");
    assert_int_equal(front.asked, 4);
}

static void the_tokens_own_failure_is_passed_on(void **state)
{
    (void)state;
    front.behaviour = TOKEN_FAILS;
    front.misbehaves = 1;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_UNAVAILABLE, NULL, "ask again");
    front_expect_records("intent failed");
}

static void a_locked_token_is_not_asked(void **state)
{
    (void)state;
    front.status.state = PS_STATE_LOCKED;
    (void)snprintf(front.status.detail, sizeof front.status.detail, "nobody typed the PIN yet");
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_LOCKED, NULL, "nobody typed the PIN yet");
    front_expect_records("");
    assert_int_equal(front.asked, 0);
}

/* Its process may be back before the deadline, so the request goes on. */
static void a_token_that_is_being_restarted_is_waited_for(void **state)
{
    (void)state;
    front.status.state = PS_STATE_ABSENT;
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    assert_non_null(front.answer);
}

static void orders_are_signed_all_or_none(void **state)
{
    const json_t *bodies, *hashes, *hex;
    size_t i;

    (void)state;
    front_call(1, "paradex.sign_orders",
               "{'account': 'desk', 'orders': [" ORDER ", " ORDER ", " ORDER "]}");
    assert_non_null(front.answer);
    bodies = json_object_get(front.answer, "bodies");
    hashes = json_object_get(front.answer, "hashes");
    hex = json_object_get(front.answer, "signatures_hex");
    assert_int_equal(json_array_size(bodies), 3);
    assert_int_equal(json_array_size(hashes), 3);
    for (i = 0; i < 3; i++)
        expect_valid(json_array_get(hex, i), json_string_value(json_array_get(hashes, i)),
                     "desk.sub.trader");
    /* Equal orders differ in their timestamp, which is the exchange's nonce. */
    assert_string_not_equal(json_string_value(json_array_get(hashes, 0)),
                            json_string_value(json_array_get(hashes, 1)));
    front_expect_records("intent released");

    front_call(1, "paradex.sign_orders",
               "{'account': 'desk', 'orders': [" ORDER ", {'market': 'BTC-USD-PERP', 'side': "
               "'BUY', 'type': 'LIMIT', 'size': '0', 'price': '1'}]}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/orders/1/size", NULL);
    front_expect_records("");

    front.behaviour = TOKEN_LIES;
    front.misbehaves = 1;
    front_call(1, "paradex.sign_orders", "{'account': 'desk', 'orders': [" ORDER ", " ORDER "]}");
    front_expect_refusal(PS_TOKEN_ERROR, NULL, NULL);
    front_expect_records("intent failed");
}

static void a_modification_names_the_order(void **state)
{
    (void)state;
    front_call(1, "paradex.sign_modify_order",
               "{'account': 'desk', 'order': {'id': '1681471234972000000', 'market': "
               "'BTC-USD-PERP', 'side': 'SELL', 'type': 'LIMIT', 'size': '1', 'price': '2'}}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(json_object_get(front.answer, "body"), "id"),
                        "1681471234972000000");
    assert_null(json_object_get(json_object_get(front.answer, "body"), "instruction"));
    front_call(1, "paradex.sign_modify_order",
               "{'account': 'desk', 'order': {'id': 'abc', 'market': 'BTC-USD-PERP', 'side': "
               "'SELL', 'type': 'LIMIT', 'size': '1', 'price': '2'}}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/order/id", NULL);
}

static void keys_sign_for_their_own_account_only(void **state)
{
    (void)state;
    front_call(1, "paradex.sign_order",
               "{'account': 'desk', 'key': 'desk.main', 'order': " ORDER "}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "key"), "desk.main");
    front_call(2, "paradex.sign_order",
               "{'account': 'desk', 'key': 'desk.main', 'order': " ORDER "}");
    front_expect_refusal(PS_POLICY_DENIED, "key", NULL);
    front_expect_records("denied");
    front_call(1, "paradex.sign_order",
               "{'account': 'desk', 'key': 'other.sub.a', 'order': " ORDER "}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/key", "belongs to account other");
    front_call(1, "paradex.sign_order",
               "{'account': 'desk', 'key': 'desk.sub.none', 'order': " ORDER "}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL, "key.generate");
    front_call(1, "paradex.sign_order",
               "{'account': 'evmdesk', 'key': 'evmdesk.evm', 'order': " ORDER "}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/key", "create a subkey");
    front_call(1, "paradex.sign_order", "{'account': 'evmdesk', 'order': " ORDER "}");
    assert_non_null(front.answer);
    front_call(1, "paradex.sign_order", "{'account': 'nobody', 'order': " ORDER "}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/account", NULL);
    front_call(1, "paradex.sign_order", "{'account': 'bare', 'order': " ORDER "}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/key", "no default_key");
    front_call(1, "paradex.sign_order", "{'account': 'other', 'order': " ORDER "}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL,
                         "generate other.main, or write accounts[].address");
}

static void who_is_not_listed_is_denied(void **state)
{
    (void)state;
    front_call(99, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_POLICY_DENIED, "client", NULL);
    front_expect_records("denied");
    front_call(2, "paradex.auth_headers", "{'account': 'desk'}");
    front_expect_refusal(PS_POLICY_DENIED, "method", NULL);
    assert_int_equal(front.asked, 0);
}

/* A client that is refused all the time cannot fill the disk. */
static void records_of_denials_are_limited(void **state)
{
    size_t i, records = 0;

    (void)state;
    for (i = 0; i < 500; i++) {
        front_call(99, "system.status", "{}");
        records += json_array_size(front.records);
    }
    assert_in_range(records, 1, 100);
}

static void a_refused_key_is_not_used(void **state)
{
    struct ps_token_key key = ps_keyring_find(front.keyring, "desk.sub.trader")->key;

    (void)state;
    (void)snprintf(key.refused, sizeof key.refused, "it is extractable");
    ps_keyring_events.key_seen(front.keyring, &key);
    front_call(1, "paradex.sign_order", SIGN_ORDER);
    front_expect_refusal(PS_TOKEN_ERROR, NULL, "it is extractable");
    assert_int_equal(front.asked, 0);
}

static void the_timestamp_must_be_near_the_clock(void **state)
{
    static const struct {
        int64_t offset_ms;
        bool ok;
    } cases[] = {{-50000, true}, {50000, true}, {-70000, false}, {70000, false}};
    char params[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t timestamp = front_now_ms(cases[i].offset_ms);

        (void)snprintf(params, sizeof params,
                       "{'account': 'desk', 'order': {'market': 'BTC-USD-PERP', 'side': 'BUY', "
                       "'type': 'MARKET', 'size': '1', 'signature_timestamp': %s%llu%s}}",
                       i % 2 == 0 ? "'" : "", (unsigned long long)timestamp, i % 2 == 0 ? "'" : "");
        front_call(1, "paradex.sign_order", params);
        if (!cases[i].ok) {
            front_expect_refusal(PS_INVALID_PARAMS, "/params/order/signature_timestamp", NULL);
            continue;
        }
        assert_non_null(front.answer);
        assert_true((uint64_t)json_integer_value(
                        json_object_get(front.answer, "signature_timestamp")) == timestamp);
    }
}

static void login_headers(void **state)
{
    const json_t *headers;
    uint64_t expires;
    json_t *pair;
    char path[96];

    (void)state;
    front_call(1, "paradex.auth_headers",
               "{'account': 'desk', 'expires_in_s': 60, 'authorize_isolated_markets': true}");
    assert_non_null(front.answer);
    headers = json_object_get(front.answer, "headers");
    assert_string_equal(front_text(front.answer, "method"), "POST");
    assert_string_equal(front_text(headers, "PARADEX-STARKNET-ACCOUNT"),
                        "0x129c135ed63df9353885e292be4426b8ed6122b13c6c0e1bb787288a1f5adfa");
    assert_int_equal(json_object_size(headers), 5);
    assert_string_equal(front_text(headers, "PARADEX-AUTHORIZE-ISOLATED-MARKETS"), "true");
    expires = strtoull(front_text(headers, "PARADEX-SIGNATURE-EXPIRATION"), NULL, 10);
    assert_true(expires - strtoull(front_text(headers, "PARADEX-TIMESTAMP"), NULL, 10) == 60);
    (void)snprintf(path, sizeof path, "/v1/auth/%s", front_text(front.answer, "public_key"));
    assert_string_equal(front_text(front.answer, "path"), path);
    pair = json_loads(front_text(headers, "PARADEX-STARKNET-SIGNATURE"), 0, NULL);
    expect_valid(pair, front_text(front.answer, "hash"), "desk.sub.trader");
    json_decref(pair);
    front_call(1, "paradex.auth_headers", "{'account': 'desk', 'expires_in_s': 3601}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/expires_in_s", "3600");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, front_setup, front_teardown)
        TEST(an_order_is_signed_recorded_and_released),
        TEST(the_hash_is_over_the_main_accounts_address),
        TEST(without_a_record_nothing_is_signed),
        TEST(a_record_that_does_not_reach_the_disk_holds_the_signature_back),
        TEST(a_wrong_signature_is_never_released),
        TEST(wrong_signatures_are_noticed_at_any_time),
        TEST(signatures_out_of_range_are_asked_for_again),
        TEST(the_tokens_own_failure_is_passed_on),
        TEST(a_locked_token_is_not_asked),
        TEST(a_token_that_is_being_restarted_is_waited_for),
        TEST(orders_are_signed_all_or_none),
        TEST(a_modification_names_the_order),
        TEST(keys_sign_for_their_own_account_only),
        TEST(who_is_not_listed_is_denied),
        TEST(records_of_denials_are_limited),
        TEST(a_refused_key_is_not_used),
        TEST(the_timestamp_must_be_near_the_clock),
        TEST(login_headers),
    };

    return cmocka_run_group_tests_name("methods.signing", tests, NULL, NULL);
}
