/* Which token is meant, and what happens when it is not there. */
#include <tests/token/rig.h>

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tests/token/direct.h>
#include <unistd.h>

static void expect_absent(struct rig *rig, const char *why)
{
    struct ps_token_status status;
    struct ps_token_signature signature;
    struct ps_error error;
    uint8_t hash[32] = {1};

    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_ABSENT);
    if (strstr(status.detail, why) == NULL)
        fail_msg("%s", status.detail);
    assert_int_equal(rig_sign(rig, "desk.main", PS_KIND_STARK, hash, &signature, &error),
                     PS_TOKEN_UNAVAILABLE);
    assert_string_equal(error.message, status.detail);
    rig_stop(rig);
}

static void set_uri(struct rig *rig, const char *attributes, const char *module)
{
    (void)snprintf(rig->uri, sizeof rig->uri, "pkcs11:%s?module-path=%s&pin-source=file:%s/pin",
                   attributes, module, rig->dir);
}

static void a_wrong_label_lists_the_labels_there_are(void **state)
{
    struct rig *rig = *state;

    rig_make_token(rig, "spare");
    set_uri(rig, "token=desc", PS_TEST_SOFTHSM);
    expect_absent(rig, "\"desk\"");
    expect_absent(rig, "\"spare\"");
}

static void two_tokens_of_one_label_are_refused(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    char attributes[128];

    rig_make_token(rig, "desk");
    expect_absent(rig, "2 tokens fit");
    /* Either serial decides. */
    {
        struct direct d;
        CK_TOKEN_INFO info;

        direct_open(&d, "desk", NULL);
        assert_int_equal(d.ck->C_GetTokenInfo(d.slot, &info), CKR_OK);
        (void)snprintf(attributes, sizeof attributes, "token=desk;serial=%.16s",
                       (const char *)info.serialNumber);
        direct_close(&d);
    }
    set_uri(rig, attributes, PS_TEST_SOFTHSM);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
}

static void a_missing_module_is_told(void **state)
{
    struct rig *rig = *state;

    set_uri(rig, "token=desk", "/usr/lib/softhsm/no-such-module.so");
    expect_absent(rig, "no-such-module.so");
}

static void a_library_that_is_no_module_is_told(void **state)
{
    struct rig *rig = *state;

    set_uri(rig, "token=desk", PS_TEST_LIBC);
    expect_absent(rig, "not a PKCS#11 module");
}

static void a_module_without_configuration_is_told(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;

    assert_int_equal(setenv("SOFTHSM2_CONF", "/nonexistent/softhsm2.conf", 1), 0);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_ABSENT);
    assert_true(strlen(status.detail) > 20);
    rig_stop(rig);
}

static void a_token_that_appears_later_is_found(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    int i;

    set_uri(rig, "token=late", PS_TEST_SOFTHSM);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_ABSENT);
    rig_make_token(rig, "late");
    for (i = 0; i < 40 && status.state == PS_STATE_ABSENT; i++) {
        (void)usleep(100000);
        assert_int_equal(rig_status(rig, &status), PS_OK);
    }
    assert_int_equal(status.state, PS_STATE_READY);
    assert_string_equal(status.label, "late");
    rig_stop(rig);
}

static int run_program(const char *const argv[], const char *so_pin, const char *pin)
{
    int so_fd = so_pin == NULL ? -1 : rig_pipe(so_pin), fd = pin == NULL ? -1 : rig_pipe(pin);
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    if (so_fd >= 0)
        so_fd = fcntl(so_fd, F_DUPFD_CLOEXEC, 20);
    if (fd >= 0)
        fd = fcntl(fd, F_DUPFD_CLOEXEC, 20);
    if (so_fd >= 0)
        assert_int_equal(posix_spawn_file_actions_adddup2(&actions, so_fd, 7), 0);
    if (fd >= 0)
        assert_int_equal(posix_spawn_file_actions_adddup2(&actions, fd, 8), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(posix_spawn(&pid, argv[0], &actions, NULL, rig_argv(argv), environ), 0);
    (void)posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void init_makes_a_token_and_never_over_another(void **state)
{
    struct rig *rig = *state;
    const char *argv[] = {PS_TEST_TOKEN, "init", "--uri",        rig->uri, "--so-pin-fd", "7",
                          "--pin-fd",    "8",    "--write-path", rig->dir, NULL};
    struct ps_token_status status;

    set_uri(rig, "token=fresh", PS_TEST_SOFTHSM);
    assert_int_equal(run_program(argv, RIG_SO_PIN "\n", RIG_PIN "\n"), 0);
    assert_int_equal(direct_login("fresh", RIG_PIN), CKR_OK);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    rig_stop(rig);
    assert_int_not_equal(run_program(argv, RIG_SO_PIN, "9999"), 0);
    assert_int_equal(direct_login("fresh", RIG_PIN), CKR_OK);
}

static void the_probe_prints_and_ends(void **state)
{
    struct rig *rig = *state;
    const char *argv[] = {PS_TEST_TOKEN,  "probe",  "--uri", rig->uri,
                          "--write-path", rig->dir, NULL};

    assert_int_equal(run_program(argv, NULL, NULL), 0);
    set_uri(rig, "token=none", PS_TEST_SOFTHSM);
    assert_int_not_equal(run_program(argv, NULL, NULL), 0);
}

static void wrong_arguments_end_with_2(void **state)
{
    struct rig *rig = *state;
    const char *no_uri[] = {PS_TEST_TOKEN, "--fd", "3", NULL};
    const char *pin_in_uri[] = {PS_TEST_TOKEN, "probe", "--uri",
                                "pkcs11:token=a?module-path=/m&pin-value=1", NULL};
    const char *threads[] = {PS_TEST_TOKEN, "--uri",     rig->uri, "--fd",
                             "3",           "--threads", "65",     NULL};
    const char *mode[] = {PS_TEST_TOKEN, "signs", "--uri", rig->uri, NULL};

    assert_int_equal(WEXITSTATUS(run_program(no_uri, NULL, NULL)), 2);
    assert_int_equal(WEXITSTATUS(run_program(pin_in_uri, NULL, NULL)), 1);
    assert_int_equal(WEXITSTATUS(run_program(threads, NULL, NULL)), 2);
    assert_int_equal(WEXITSTATUS(run_program(mode, NULL, NULL)), 2);
}

int main(void)
{
#define ON_TOKEN(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        ON_TOKEN(a_wrong_label_lists_the_labels_there_are),
        ON_TOKEN(two_tokens_of_one_label_are_refused),
        ON_TOKEN(a_missing_module_is_told),
        ON_TOKEN(a_library_that_is_no_module_is_told),
        ON_TOKEN(a_module_without_configuration_is_told),
        ON_TOKEN(a_token_that_appears_later_is_found),
        ON_TOKEN(init_makes_a_token_and_never_over_another),
        ON_TOKEN(the_probe_prints_and_ends),
        ON_TOKEN(wrong_arguments_end_with_2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
