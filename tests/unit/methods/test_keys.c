/* key.*: recorded before the token is asked. */
#include <tests/support/check.h>

#include "front.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void a_key_is_generated(void **state)
{
    const json_t *key, *record;

    (void)state;
    front_call(1, "key.generate", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    assert_non_null(front.answer);
    key = json_object_get(front.answer, "key");
    assert_string_equal(front_text(key, "name"), "desk.sub.new");
    assert_string_equal(front_text(key, "role"), "subkey");
    assert_string_equal(front_text(key, "created_at"), "2026-11-21");
    front_expect_records("intent released");
    record = json_array_get(front.records, 0);
    assert_string_equal(front_text(record, "key"), "desk.sub.new");
    assert_string_equal(front_text(record, "kind"), "stark");
    assert_string_equal(front_text(record, "custody"), "token");
}

static void names_and_kinds_must_fit(void **state)
{
    (void)state;
    front_call(1, "key.generate", "{'name': 'desk.main', 'kind': 'stark'}");
    front_expect_refusal(PS_KEY_EXISTS, NULL, NULL);
    front_call(1, "key.generate", "{'name': 'desk', 'kind': 'stark'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/name", NULL);
    front_call(1, "key.generate", "{'name': 'new.evm', 'kind': 'stark'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/kind", NULL);
    front_call(1, "key.generate", "{'name': 'new.main', 'kind': 'secp256k1'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/kind", NULL);
    front_call(1, "key.generate", "{'name': 'para.prod', 'kind': 'stark'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/kind", NULL);
    assert_int_equal(front.admin, 0);
    front_expect_records("");
}

static void without_a_record_nothing_is_done(void **state)
{
    (void)state;
    front.log_cannot_append = true;
    front_call(1, "key.generate", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(front.admin, 0);
    front.log_cannot_append = false;
    front.log_cannot_flush = true;
    front_call(1, "key.destroy", "{'name': 'desk.sub.trader', 'confirm': 'desk.sub.trader'}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(front.admin, 0);
}

static void destroying_wants_the_name_twice(void **state)
{
    (void)state;
    front_call(1, "key.destroy", "{'name': 'desk.sub.trader', 'confirm': 'desk.sub.tradr'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/confirm", NULL);
    front_call(1, "key.destroy", "{'name': 'desk.sub.none', 'confirm': 'desk.sub.none'}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL, NULL);
    assert_int_equal(front.admin, 0);
    front_call(1, "key.destroy", "{'name': 'desk.sub.trader', 'confirm': 'desk.sub.trader'}");
    assert_non_null(front.answer);
    assert_int_equal(front.admin, 1);
    front_expect_records("intent released");
}

static int open_pipe(void)
{
    int fds[2];

    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    assert_int_equal(close(fds[1]), 0);
    return fds[0];
}

static void the_secret_of_an_import_goes_through_unread(void **state)
{
    int fd = open_pipe();

    (void)state;
    front.fd = fd;
    front_call(1, "key.import", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    assert_non_null(front.answer);
    assert_int_equal(front.fd_given, fd);
    front_expect_records("intent released");

    front_call(1, "key.import", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    front_expect_refusal(PS_INVALID_PARAMS, NULL, "descriptor");

    /* When nothing is imported it is closed all the same. */
    fd = open_pipe();
    front.fd = fd;
    front.log_cannot_append = true;
    front_call(1, "key.import", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    fd = open_pipe();
    front.fd = fd;
    front.log_cannot_append = false;
    front.log_cannot_flush = true;
    front_call(1, "key.import", "{'name': 'desk.sub.new', 'kind': 'stark'}");
    front_expect_refusal(PS_AUDIT_UNAVAILABLE, NULL, NULL);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void keys_are_listed_and_shown(void **state)
{
    const json_t *keys;

    (void)state;
    front_call(1, "key.list", "{}");
    assert_non_null(front.answer);
    keys = json_object_get(front.answer, "keys");
    assert_int_equal(json_array_size(keys), 5);
    assert_string_equal(front_text(json_array_get(keys, 0), "name"), "desk.main");
    front_expect_records("");
    front_call(1, "key.get", "{'name': 'desk.main'}");
    assert_non_null(front.answer);
    assert_string_equal(front_text(json_object_get(front.answer, "key"), "role"), "main");
    front_call(1, "key.get", "{'name': 'desk.sub.none'}");
    front_expect_refusal(PS_KEY_NOT_FOUND, NULL, NULL);
    front_call(1, "key.get", "{'name': 'x'}");
    front_expect_refusal(PS_INVALID_PARAMS, "/params/name", NULL);
    front.status.state = PS_STATE_LOCKED;
    front_call(1, "key.get", "{'name': 'desk.sub.none'}");
    front_expect_refusal(PS_TOKEN_LOCKED, NULL, NULL);
    front_call(2, "key.list", "{}");
    front_expect_refusal(PS_POLICY_DENIED, "method", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, front_setup, front_teardown)
        TEST(a_key_is_generated),
        TEST(names_and_kinds_must_fit),
        TEST(without_a_record_nothing_is_done),
        TEST(destroying_wants_the_name_twice),
        TEST(the_secret_of_an_import_goes_through_unread),
        TEST(keys_are_listed_and_shown),
    };

    return cmocka_run_group_tests_name("methods.keys", tests, NULL, NULL);
}
