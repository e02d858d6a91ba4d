/* PINs: where they come from, and that a wrong one is tried once. */
#include <tests/token/rig.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tests/token/direct.h>
#include <unistd.h>

static void expect_locked(const struct ps_token_status *status, const char *why)
{
    assert_int_equal(status->state, PS_STATE_LOCKED);
    if (strstr(status->detail, why) == NULL)
        fail_msg("%s", status->detail);
}

static void without_a_start_login_the_token_stays_locked(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_key key;
    struct ps_error error;
    uint8_t login = PS_LOGIN_NONE;
    struct answer a;

    rig_start(rig);
    rig_call(rig, PS_TOKEN_START, &login, 1, -1, &a);
    ps_get_token_status(&a.r, &status);
    expect_locked(&status, "parasign unlock");
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &key, &error), PS_TOKEN_LOCKED);
    assert_int_equal(rig_calls(rig, "C_Login"), 0);
    assert_int_equal(rig_login(rig, RIG_PIN "\n", &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &key, &error), PS_OK);
    rig_stop(rig);
}

static void a_wrong_pin_is_tried_once_in_all(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;
    int i;

    rig_write(rig, "pin", "0000\n", 0600);
    for (i = 0; i < 4; i++) {
        assert_int_equal(rig_begin(rig, &status), PS_OK);
        expect_locked(&status, "refused the PIN");
        assert_true(rig_exists(rig, "state/pin-refused"));
        assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
        expect_locked(&status, "not tried again");
        rig_stop(rig);
        assert_int_equal(rig_calls(rig, "C_Login"), 1);
    }
    assert_true((direct_flags("desk") & CKF_USER_PIN_COUNT_LOW) != 0);
    assert_true((direct_flags("desk") & CKF_USER_PIN_FINAL_TRY) == 0);
    /* The corrected file is another source. */
    rig_write(rig, "pin", RIG_PIN "\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_false(rig_exists(rig, "state/pin-refused"));
    rig_stop(rig);
}

static void a_corrected_file_works_without_a_restart(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    rig_write(rig, "pin", "0000\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "refused the PIN");
    rig_write(rig, "pin", RIG_PIN, 0600);
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void the_marker_holds_nothing_of_the_pin(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    char path[PATH_MAX], first[300] = "", second[300] = "";
    FILE *file;

    rig_write(rig, "pin", "0000\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    rig_stop(rig);
    (void)snprintf(path, sizeof path, "%s/state/pin-refused", rig->dir);
    assert_non_null(file = fopen(path, "re"));
    assert_non_null(fgets(first, sizeof first, file));
    (void)fclose(file);
    assert_int_equal(strncmp(first, "serial=", 7), 0);
    /* The same bytes in a new file give another marker: it speaks of the file, not of the PIN. */
    rig_write(rig, "pin", "0000\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    rig_stop(rig);
    assert_non_null(file = fopen(path, "re"));
    assert_non_null(fgets(second, sizeof second, file));
    (void)fclose(file);
    assert_string_not_equal(first, second);
}

static void an_unlock_by_hand_gets_past_a_wrong_file(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    rig_write(rig, "pin", "0000\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "refused the PIN");
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
    /* The file is as wrong as before: it is not tried after a restart either. */
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "not tried again");
    assert_int_equal(rig_calls(rig, "C_Login"), 2);
    rig_stop(rig);
}

static void a_wrong_pin_by_hand_locks_even_a_ready_token(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(rig_login(rig, "9999", &status, &error), PS_TOKEN_LOCKED);
    assert_non_null(strstr(error.message, "CKR_PIN_INCORRECT"));
    assert_null(strstr(error.message, "9999"));
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_LOCKED);
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void nothing_is_tried_on_the_last_try(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    /* CKF_USER_PIN_FINAL_TRY, then CKF_USER_PIN_LOCKED: SoftHSM2 itself never counts that far. */
    rig_faults(rig, "C_GetTokenInfo * flags 0x20000\n");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "one wrong PIN more");
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_TOKEN_LOCKED);
    assert_non_null(strstr(error.message, "one wrong PIN more"));
    rig_faults(rig, "C_GetTokenInfo * flags 0x40000\n");
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    expect_locked(&status, "CKR_PIN_LOCKED");
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_TOKEN_LOCKED);
    assert_int_equal(rig_calls(rig, "C_Login"), 0);
    /* An operator sets the count back with the token's own tool. */
    rig_faults(rig, "");
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void a_login_that_fails_for_another_reason_is_no_refusal(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    rig_faults(rig, "C_Login 1 rv 0x30\n");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "CKR_DEVICE_ERROR");
    assert_false(rig_exists(rig, "state/pin-refused"));
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void pin_files_open_to_others_are_refused(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0666};
    struct rig *rig = *state;
    struct ps_token_status status;
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        rig_write(rig, "pin", RIG_PIN "\n", modes[i]);
        assert_int_equal(rig_begin(rig, &status), PS_OK);
        expect_locked(&status, "chmod");
        rig_stop(rig);
    }
    assert_int_equal(rig_calls(rig, "C_Login"), 0);
    rig_write(rig, "pin", RIG_PIN "\n", 0400);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void pin_files_that_hold_no_pin_are_refused(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    char path[PATH_MAX], large[300];

    memset(large, '1', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    rig_write(rig, "pin", large, 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "longer than 255");
    rig_stop(rig);
    rig_write(rig, "pin", "\n", 0600);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "holds no PIN");
    rig_stop(rig);
    (void)snprintf(path, sizeof path, "%s/pin", rig->dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    expect_locked(&status, "not there");
    rig_stop(rig);
    assert_int_equal(rig_calls(rig, "C_Login"), 0);
}

static void the_credential_of_the_service_manager_comes_first(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    char path[PATH_MAX];

    rig_write(rig, "pin", "0000\n", 0600);
    rig_write(rig, "parasign-pin", RIG_PIN, 0400);
    (void)snprintf(path, sizeof path, "%s", rig->dir);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", path, 1), 0);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void a_logout_keeps_the_token_locked(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_signature signature;
    struct ps_token_key key;
    struct ps_error error;
    uint8_t hash[32] = {1};
    struct answer a;

    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &key, &error), PS_OK);
    rig_call(rig, PS_TOKEN_LOGOUT, NULL, 0, -1, &a);
    ps_get_token_status(&a.r, &status);
    expect_locked(&status, "locked by an operator");
    assert_int_equal(status.key_count, 0);
    assert_int_equal(rig_sign(rig, "desk.main", PS_KIND_STARK, hash, &signature, &error),
                     PS_TOKEN_LOCKED);
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_OK);
    assert_int_equal(status.key_count, 1);
    assert_int_equal(rig_sign(rig, "desk.main", PS_KIND_STARK, hash, &signature, &error), PS_OK);
    rig_stop(rig);
}

static void no_pin_is_tried_where_a_refusal_could_not_be_written_down(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;
    uint8_t login = PS_LOGIN_NONE;
    struct answer a;
    char path[PATH_MAX];

    rig_start(rig);
    rig_call(rig, PS_TOKEN_START, &login, 1, -1, &a);
    (void)snprintf(path, sizeof path, "%s/state", rig->dir);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    expect_locked(&status, "cannot be written");
    assert_int_equal(rig_calls(rig, "C_Login"), 0);
    rig_stop(rig);
}

int main(void)
{
#define ON_TOKEN(test) cmocka_unit_test_setup_teardown(test, rig_setup_faulty, rig_teardown)
    const struct CMUnitTest tests[] = {
        ON_TOKEN(without_a_start_login_the_token_stays_locked),
        ON_TOKEN(a_wrong_pin_is_tried_once_in_all),
        ON_TOKEN(a_corrected_file_works_without_a_restart),
        ON_TOKEN(the_marker_holds_nothing_of_the_pin),
        ON_TOKEN(an_unlock_by_hand_gets_past_a_wrong_file),
        ON_TOKEN(a_wrong_pin_by_hand_locks_even_a_ready_token),
        ON_TOKEN(nothing_is_tried_on_the_last_try),
        ON_TOKEN(a_login_that_fails_for_another_reason_is_no_refusal),
        ON_TOKEN(pin_files_open_to_others_are_refused),
        ON_TOKEN(pin_files_that_hold_no_pin_are_refused),
        ON_TOKEN(the_credential_of_the_service_manager_comes_first),
        ON_TOKEN(a_logout_keeps_the_token_locked),
        ON_TOKEN(no_pin_is_tried_where_a_refusal_could_not_be_written_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
