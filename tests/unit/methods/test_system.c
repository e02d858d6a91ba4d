/* system.*, token.*, rpc.discover, paradex.account, and the table of bodies. */
#include <tests/support/check.h>

#include "front.h"

#include <daemon/methods/methods.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void every_method_has_a_body(void **state)
{
    (void)state;
    assert_true(ps_methods_complete());
}

static void status(void **state)
{
    const json_t *token;

    (void)state;
    (void)snprintf(front.status.label, sizeof front.status.label, "trading");
    front.status.stark = PS_STARK_NATIVE;
    front.status.counters.relogins = 4;
    front_call(1, "system.status", "{}");
    assert_non_null(front.answer);
    token = json_object_get(front.answer, "token");
    assert_string_equal(front_text(token, "state"), "ready");
    assert_string_equal(front_text(token, "label"), "trading");
    assert_string_equal(front_text(token, "stark_curve"), "native");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(token, "counters"), "relogins")), 4);
    assert_int_equal(json_array_size(json_object_get(front.answer, "accounts")), 4);
    assert_int_equal(json_integer_value(json_object_get(front.answer, "uptime_s")), 7);
    assert_int_equal(json_integer_value(json_object_get(front.answer, "clients")), 3);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(front.answer, "restarts"), "token")), 2);
    assert_string_equal(front_text(json_object_get(front.answer, "audit"), "path"),
                        "/var/log/audit.ndjson");
    assert_true(
        json_is_boolean(json_object_get(json_object_get(front.answer, "upstream"), "healthy")));
}

static void lock_and_unlock(void **state)
{
    int fds[2];

    (void)state;
    front_call(1, "system.lock", "{}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "state"), "locked");
    front_expect_records("intent released");
    front_call(1, "system.unlock", "{}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "state"), "ready");
    assert_string_equal(front_text(json_array_get(front.records, 0), "pin"), "configured");
    assert_int_equal(front.fd_given, -1);

    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    front.fd = fds[0];
    front_call(1, "system.unlock", "{}");
    assert_non_null(front.answer);
    assert_int_equal(front.fd_given, fds[0]);
    assert_string_equal(front_text(json_array_get(front.records, 0), "pin"), "passed");
    assert_int_equal(close(fds[1]), 0);
}

/* Locking makes nothing possible, so it does not wait for the log. */
static void locking_works_while_the_log_does_not(void **state)
{
    (void)state;
    front.log_cannot_append = true;
    front_call(1, "system.lock", "{}");
    assert_non_null(front.answer);
    front_call(1, "system.unlock", "{}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(front.admin, 0);
    front.log_cannot_append = false;
    front.log_cannot_flush = true;
    front_call(1, "system.lock", "{}");
    assert_non_null(front.answer);
    front_call(1, "system.unlock", "{}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(front.admin, 0);
}

static void probe_and_ping(void **state)
{
    const json_t *rows;

    (void)state;
    front.probe.count = 2;
    (void)snprintf(front.probe.rows[1].what, sizeof front.probe.rows[1].what, "sign");
    (void)snprintf(front.probe.rows[1].result, sizeof front.probe.rows[1].result, "differs");
    front_call(1, "token.probe", "{}");
    assert_non_null(front.answer);
    rows = json_object_get(front.answer, "rows");
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(front_text(json_array_get(rows, 1), "result"), "differs");
    front_call(1, "token.ping", "{}");
    assert_non_null(front.answer);
    assert_int_equal(json_object_size(front.answer), 0);
}

static void discover(void **state)
{
    (void)state;
    front_call(1, "rpc.discover", "{}");
    assert_non_null(front.answer);
    assert_non_null(json_object_get(front.answer, "openrpc"));
    front_call(2, "rpc.discover", "{}");
    front_expect_refusal(PS_POLICY_DENIED, "method", NULL);
}

static void accounts(void **state)
{
    (void)state;
    front_call(1, "paradex.account", "{'account': 'desk'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "address"),
                        "0x129c135ed63df9353885e292be4426b8ed6122b13c6c0e1bb787288a1f5adfa");
    assert_string_equal(front_text(front.answer, "public_key"),
                        "0x2c144d2f2d4fc61b6f8967f3ba0012a87d90140bcfe5a3e92e8df83258c960f");
    assert_string_equal(front_text(front.answer, "signer_type"), "starknet");
    assert_string_equal(front_text(front.answer, "chain_id"), "PRIVATE_SN_PARACLEAR_MAINNET");
    assert_string_equal(front_text(front.answer, "environment"), "published");
    assert_int_equal(json_array_size(json_object_get(front.answer, "keys")), 2);
    front_call(1, "paradex.account", "{'account': 'evmdesk'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "signer_type"), "eip191");
    front_call(1, "paradex.account", "{'account': 'bare'}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL, "generate bare.main");
    front.status.state = PS_STATE_ABSENT;
    front_call(1, "paradex.account", "{'account': 'bare'}");
    front_expect_refusal(PS_TOKEN_UNAVAILABLE, NULL, NULL);
    front_call(1, "paradex.account", "{'account': 'none'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/account", NULL);
}

/* Its address follows the main key, also when that becomes another. */
static void the_address_follows_the_main_key(void **state)
{
    struct ps_token_key key = ps_keyring_find(front.keyring, "other.sub.a")->key;
    char first[80];

    (void)state;
    (void)snprintf(key.name, sizeof key.name, "bare.main");
    ps_keyring_events.key_seen(front.keyring, &key);
    front_call(1, "paradex.account", "{'account': 'bare'}");
    assert_non_null(front.answer);
    (void)snprintf(first, sizeof first, "%s", front_text(front.answer, "address"));
    key = ps_keyring_find(front.keyring, "desk.main")->key;
    (void)snprintf(key.name, sizeof key.name, "bare.main");
    ps_keyring_events.key_seen(front.keyring, &key);
    front_call(1, "paradex.account", "{'account': 'bare'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(front.answer, "address"),
                        "0x129c135ed63df9353885e292be4426b8ed6122b13c6c0e1bb787288a1f5adfa");
    assert_string_not_equal(first, front_text(front.answer, "address"));
    ps_keyring_events.key_gone(front.keyring, "bare.main");
    front_call(1, "paradex.account", "{'account': 'bare'}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, front_setup, front_teardown)
        cmocka_unit_test(every_method_has_a_body),
        TEST(status),
        TEST(lock_and_unlock),
        TEST(locking_works_while_the_log_does_not),
        TEST(probe_and_ping),
        TEST(discover),
        TEST(accounts),
        TEST(the_address_follows_the_main_key),
    };

    return cmocka_run_group_tests_name("methods.system", tests, NULL, NULL);
}
