/* Each rung of the recovery ladder, on a module that fails as told. */
#include <tests/token/rig.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_NEW_PROCESS 75

static struct ps_token_key key;

static void begin_with_key(struct rig *rig)
{
    struct ps_token_status status;
    struct ps_error error;

    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &key, &error), PS_OK);
}

static enum ps_code sign(struct rig *rig, struct ps_error *error)
{
    struct ps_token_signature signature;
    enum ps_code rc;
    uint8_t hash[32];

    rig_hash(1, hash);
    rc = rig_sign(rig, "desk.main", PS_KIND_STARK, hash, &signature, error);
    if (rc == PS_OK)
        assert_true(rig_verifies(PS_KIND_STARK, key.public_key65, hash, &signature));
    return rc;
}

/* Signs once under faults; it must come out right. */
static struct ps_token_counters mended(struct rig *rig, const char *faults)
{
    struct ps_token_status status;
    struct ps_error error;

    begin_with_key(rig);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_faults(rig, faults);
    if (sign(rig, &error) != PS_OK)
        fail_msg("%s: %s", faults, error.message);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_faults(rig, "");
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
    return status.counters;
}

static void a_lost_session_is_opened_again(void **state)
{
    struct ps_token_counters c = mended(*state, "C_SignInit 1 rv 0xb3\n");

    assert_int_equal(c.fresh_sessions, 1);
    assert_int_equal(c.refound + c.relogins + c.reinitialised, 0);
}

static void a_session_that_is_stuck_in_an_operation_is_replaced(void **state)
{
    assert_int_equal(mended(*state, "C_SignInit 1 rv 0x90\n").fresh_sessions, 1);
}

static void a_lost_object_is_found_again(void **state)
{
    struct ps_token_counters c = mended(*state, "C_SignInit 1 rv 0x60\n");

    assert_int_equal(c.refound, 1);
    assert_int_equal(c.fresh_sessions + c.relogins + c.reinitialised, 0);
}

static void a_lost_login_is_made_again(void **state)
{
    struct ps_token_counters c = mended(*state, "C_SignInit 1 rv 0x101\n");

    assert_int_equal(c.relogins, 1);
    assert_int_equal(c.fresh_sessions + c.refound + c.reinitialised, 0);
}

static void a_module_that_lost_its_state_is_started_again(void **state)
{
    struct ps_token_counters c = mended(*state, "C_SignInit 1 rv 0x190\n");

    assert_int_equal(c.reinitialised, 1);
    assert_int_equal(c.fresh_sessions + c.refound + c.relogins, 0);
}

static void the_ladder_is_climbed_in_order(void **state)
{
    struct ps_token_counters c;

    c = mended(*state, "C_Sign 1 rv 0x30\n");
    assert_int_equal(c.fresh_sessions, 1);
    assert_int_equal(c.refound + c.relogins + c.reinitialised, 0);
}

static void four_failures_climb_four_rungs(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    begin_with_key(rig);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_faults(rig, "C_SignInit 1 rv 0x30\nC_SignInit 2 rv 0x30\nC_SignInit 3 rv 0x30\n"
                    "C_SignInit 4 rv 0x30\n");
    assert_int_equal(sign(rig, &error), PS_OK);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.counters.fresh_sessions, 1);
    assert_int_equal(status.counters.refound, 1);
    assert_int_equal(status.counters.relogins, 1);
    assert_int_equal(status.counters.reinitialised, 1);
    rig_stop(rig);
}

static void the_last_rung_is_a_new_process(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;
    uint8_t payload[256];
    struct ps_token_sign request = {.name = "desk.main", .kind = PS_KIND_STARK};
    struct ps_wbuf w;
    int ended;

    begin_with_key(rig);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_faults(rig, "C_Sign * rv 0x30\n");
    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_token_sign(&w, &request);
    rig_send(rig, PS_TOKEN_SIGN, 1, payload, w.length, -1);
    ended = rig_wait(rig, 5000);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), EXIT_NEW_PROCESS);
    /* A new process that never signed says so, instead of ending again and again. */
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    if (sign(rig, &error) != PS_TOKEN_UNAVAILABLE ||
        strstr(error.message, "CKR_DEVICE_ERROR") == NULL)
        fail_msg("%s", error.message);
    rig_faults(rig, "");
    assert_int_equal(rig_login(rig, NULL, &status, &error), PS_OK);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
}

static void an_answer_that_no_retry_can_change_is_told_at_once(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    begin_with_key(rig);
    rig_faults(rig, "C_SignInit * rv 0x68\n");
    assert_int_equal(sign(rig, &error), PS_TOKEN_ERROR);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.counters.fresh_sessions, 0);
    assert_int_equal(status.counters.reinitialised, 0);
    rig_stop(rig);
}

static void a_typed_login_that_is_lost_is_not_made_up(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;
    uint8_t login = PS_LOGIN_NONE;
    unsigned logins;
    struct answer a;

    rig_start(rig);
    rig_call(rig, PS_TOKEN_START, &login, 1, -1, &a);
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_OK);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &key, &error), PS_OK);
    logins = rig_calls(rig, "C_Login");
    /* The module starts anew: the PIN is not ours to give. */
    rig_faults(rig, "C_SignInit 1 rv 0x190\n");
    assert_int_equal(sign(rig, &error), PS_TOKEN_LOCKED);
    assert_non_null(strstr(error.message, "parasign unlock"));
    assert_int_equal(rig_calls(rig, "C_Login"), logins);
    assert_int_equal(rig_login(rig, RIG_PIN, &status, &error), PS_OK);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
}

static void a_token_that_is_pulled_is_absent_until_it_is_back(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;
    int i;

    begin_with_key(rig);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_faults(rig, "C_SignInit * rv 0x32\nC_GetTokenInfo * rv 0xe0\n");
    assert_int_equal(sign(rig, &error), PS_TOKEN_UNAVAILABLE);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_ABSENT);
    assert_string_equal(status.label, "desk");
    rig_faults(rig, "");
    for (i = 0; i < 30 && status.state != PS_STATE_READY; i++) {
        (void)usleep(100000);
        assert_int_equal(rig_status(rig, &status), PS_OK);
    }
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
}

static void numbers_out_of_range_are_asked_for_again(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    begin_with_key(rig);
    rig_faults(rig, "C_Sign 1 zero\n");
    assert_int_equal(sign(rig, &error), PS_OK);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.counters.range_retries, 1);
    rig_faults(rig, "C_Sign * zero\n");
    assert_int_equal(sign(rig, &error), PS_TOKEN_ERROR);
    assert_non_null(strstr(error.message, "faulty"));
    rig_stop(rig);
}

static void a_new_key_that_signs_wrongly_is_destroyed(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key_page page;
    struct ps_token_key other;
    struct ps_error error;

    begin_with_key(rig);
    rig_faults(rig, "C_Sign 1 corrupt\n");
    assert_int_equal(rig_generate(rig, "desk.sub.a", PS_KIND_STARK, &other, &error),
                     PS_TOKEN_ERROR);
    assert_non_null(strstr(error.message, "destroyed"));
    assert_int_equal(rig_keys(rig, &page), 1);
    rig_faults(rig, "C_Sign 1 rv 0x30\n");
    assert_int_equal(rig_generate(rig, "desk.sub.a", PS_KIND_STARK, &other, &error),
                     PS_TOKEN_UNAVAILABLE);
    assert_int_equal(rig_keys(rig, &page), 1);
    rig_faults(rig, "");
    assert_int_equal(rig_generate(rig, "desk.sub.a", PS_KIND_STARK, &other, &error), PS_OK);
    rig_stop(rig);
}

static void a_new_key_that_is_weaker_than_asked_is_destroyed(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key_page page;
    struct ps_token_key other;
    struct ps_error error;

    begin_with_key(rig);
    rig_faults(rig, "C_GenerateKeyPair 1 weak\n");
    assert_int_equal(rig_generate(rig, "desk.sub.a", PS_KIND_STARK, &other, &error),
                     PS_TOKEN_ERROR);
    assert_non_null(strstr(error.message, "weaker"));
    assert_int_equal(rig_keys(rig, &page), 1);
    rig_stop(rig);
}

static void an_import_that_fails_halfway_leaves_nothing(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_key other;
    struct ps_error error;
    int fd = rig_pipe("0x3039");

    begin_with_key(rig);
    rig_faults(rig, "C_CreateObject 2 rv 0x31\n");
    assert_int_equal(rig_import(rig, "desk.sub.a", PS_KIND_STARK, fd, &other, &error),
                     PS_TOKEN_ERROR);
    (void)close(fd);
    rig_faults(rig, "");
    rig_stop(rig);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.key_count, 1);
    assert_int_equal(status.counters.skipped_objects, 0);
    fd = rig_pipe("0x3039");
    assert_int_equal(rig_import(rig, "desk.sub.a", PS_KIND_STARK, fd, &other, &error), PS_OK);
    (void)close(fd);
    rig_stop(rig);
}

static void templates_a_token_does_not_take_are_made_leaner(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key other;
    struct ps_error error;

    begin_with_key(rig);
    rig_faults(rig, "C_GenerateKeyPair 1 rv 0x12\nC_GenerateKeyPair 2 rv 0x12\n");
    assert_int_equal(rig_generate(rig, "desk.sub.a", PS_KIND_STARK, &other, &error), PS_OK);
    assert_int_equal(other.created_on, 0);
    assert_true(other.sensitive && !other.extractable && other.never_extractable);
    rig_stop(rig);
}

static void a_token_with_few_sessions_still_signs(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_error error;

    begin_with_key(rig);
    rig_stop(rig);
    rig_faults(rig, "C_OpenSession 2+ rv 0xb1\n");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(status.threads, 1);
    assert_int_equal(sign(rig, &error), PS_OK);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
    rig_faults(rig, "C_OpenSession * rv 0xb1\n");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_ABSENT);
    assert_non_null(strstr(status.detail, "CKR_SESSION_COUNT"));
    rig_stop(rig);
}

static void a_token_without_the_curve_is_told_apart(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_key other;
    struct ps_error error;

    rig_faults(rig, "C_GenerateKeyPair 1 rv 0x140\n");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(status.stark, PS_STARK_UNSUPPORTED);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, &other, &error),
                     PS_UNSUPPORTED_BY_TOKEN);
    assert_int_equal(rig_generate(rig, "desk.evm", PS_KIND_SECP256K1, &other, &error), PS_OK);
    rig_stop(rig);
}

static void a_crash_ends_the_process_and_the_next_one_signs(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_sign request = {.name = "desk.main", .kind = PS_KIND_STARK};
    struct ps_error error;
    uint8_t payload[256];
    struct ps_wbuf w;
    int ended;

    begin_with_key(rig);
    rig_faults(rig, "C_Sign 1 crash\n");
    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_token_sign(&w, &request);
    rig_send(rig, PS_TOKEN_SIGN, 1, payload, w.length, -1);
    ended = rig_wait(rig, 5000);
    /* With sanitizers the runtime takes the signal and exits. */
    assert_true(WIFSIGNALED(ended) || WEXITSTATUS(ended) != 0);
    rig_faults(rig, "");
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(sign(rig, &error), PS_OK);
    rig_stop(rig);
}

int main(void)
{
#define ON_FAULTY(test) cmocka_unit_test_setup_teardown(test, rig_setup_faulty, rig_teardown)
    const struct CMUnitTest tests[] = {
        ON_FAULTY(a_lost_session_is_opened_again),
        ON_FAULTY(a_session_that_is_stuck_in_an_operation_is_replaced),
        ON_FAULTY(a_lost_object_is_found_again),
        ON_FAULTY(a_lost_login_is_made_again),
        ON_FAULTY(a_module_that_lost_its_state_is_started_again),
        ON_FAULTY(the_ladder_is_climbed_in_order),
        ON_FAULTY(four_failures_climb_four_rungs),
        ON_FAULTY(the_last_rung_is_a_new_process),
        ON_FAULTY(an_answer_that_no_retry_can_change_is_told_at_once),
        ON_FAULTY(a_typed_login_that_is_lost_is_not_made_up),
        ON_FAULTY(a_token_that_is_pulled_is_absent_until_it_is_back),
        ON_FAULTY(numbers_out_of_range_are_asked_for_again),
        ON_FAULTY(a_new_key_that_signs_wrongly_is_destroyed),
        ON_FAULTY(a_new_key_that_is_weaker_than_asked_is_destroyed),
        ON_FAULTY(an_import_that_fails_halfway_leaves_nothing),
        ON_FAULTY(templates_a_token_does_not_take_are_made_leaner),
        ON_FAULTY(a_token_with_few_sessions_still_signs),
        ON_FAULTY(a_token_without_the_curve_is_told_apart),
        ON_FAULTY(a_crash_ends_the_process_and_the_next_one_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
