/*
 * Each profile, entered for real in a child of its own per act: what must fail fails with the errno
 * that callers can handle, and what the program needs works.
 */
#include <tests/support/check.h>

#include "acts.h"

#include <daemon/sandbox/sandbox.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETUP_FAILED 250
#define ALLOWED 0

static struct act_world world;

static void make_file(const char *dir, const char *name)
{
    char path[192];
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, "1234\n", 5) == 5);
    (void)close(fd);
}

static void make_dir(char out[128], const char *name)
{
    (void)snprintf(out, 128, "%s/%s", world.dir, name);
    assert_int_equal(mkdir(out, 0700), 0);
    make_file(out, "file");
}

static int set_up(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)state;
    (void)snprintf(world.dir, sizeof world.dir, "/tmp/parasign-sandbox-XXXXXX");
    assert_non_null(mkdtemp(world.dir));
    make_dir(world.audit_dir, "audit");
    make_dir(world.token_dir, "token");
    make_dir(world.read_only_dir, "granted");
    make_file(world.dir, "pin");
    (void)snprintf(world.pin_file, sizeof world.pin_file, "%s/pin", world.dir);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", world.dir);
    world.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(world.listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(world.listening, 1), 0);
    world.closed = open("/etc/passwd", O_RDONLY);
    assert_true(world.closed >= 0);
    world.other = fork();
    assert_true(world.other >= 0);
    if (world.other == 0) {
        (void)signal(SIGUSR1, SIG_IGN);
        for (;;)
            (void)pause();
    }
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    assert_int_equal(kill(world.other, SIGKILL), 0);
    assert_int_equal(waitpid(world.other, NULL, 0), world.other);
    (void)close(world.listening);
    (void)close(world.closed);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", world.dir);
    return system(command);
}

/* The profile as the program's own main() makes it. */
static enum ps_code enter(enum ps_sandbox_program program, enum ps_sandbox_filter filter,
                          bool network, struct ps_error *err)
{
    const struct ps_sandbox_path front[] = {{world.audit_dir, PS_SANDBOX_READ | PS_SANDBOX_WRITE}};
    const struct ps_sandbox_path token[] = {{world.token_dir, PS_SANDBOX_READ | PS_SANDBOX_WRITE},
                                            {world.read_only_dir, PS_SANDBOX_READ}};
    const struct ps_sandbox_path upstream[] = {{world.read_only_dir, PS_SANDBOX_READ}};
    struct ps_sandbox_profile profile = {
        .program = program,
        .filter = filter,
        .landlock = true,
        .network = network,
        .keep_fds = &world.listening,
        .keep_count = 1,
    };

    switch (program) {
    case PS_SANDBOX_FRONT:
        profile.paths = front;
        profile.path_count = 1;
        break;
    case PS_SANDBOX_TOKEN:
        profile.paths = token;
        profile.path_count = 2;
        break;
    default:
        profile.paths = upstream;
        profile.path_count = 1;
        break;
    }
    return ps_sandbox_enter(&profile, err);
}

/* The errno of the act in a fresh sandbox, 0 when it was allowed, negative: killed by a signal. */
static int try_act(enum ps_sandbox_program program, enum ps_sandbox_filter filter, bool network,
                   act *what)
{
    pid_t pid = fork();
    struct ps_error err;
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        if (enter(program, filter, network, &err) != PS_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            _exit(SETUP_FAILED);
        }
        _exit(what(&world));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status))
        return -WTERMSIG(status);
    assert_int_not_equal(WEXITSTATUS(status), SETUP_FAILED);
    return WEXITSTATUS(status);
}

struct expectation {
    const char *name;
    act *what;
    int strict; /* errno, or ALLOWED */
    int deny;
};

#define SAME(name, code)                                                                           \
    {                                                                                              \
#name, act_##name, code, code                                                              \
    }
#define EITHER(name, strict, deny)                                                                 \
    {                                                                                              \
#name, act_##name, strict, deny                                                            \
    }

/* What holds in every profile. */
static const struct expectation everywhere[] = {
    SAME(read_pin, EACCES),
    SAME(list_root, EACCES),
    SAME(read_passwd, EACCES),
    SAME(raw_socket, EPERM),
    SAME(execve, EPERM),
    EITHER(memfd_exec, EPERM, EPERM),
    EITHER(fork, EPERM, ALLOWED),
    SAME(thread, ALLOWED),
    SAME(clone3, ENOSYS),
    SAME(ptrace, EPERM),
    SAME(read_memory, EPERM),
    SAME(kill_other, EPERM),
    SAME(kill_self_check, ALLOWED),
    SAME(mount, EPERM),
    SAME(unshare, EPERM),
    SAME(io_uring, EPERM),
    SAME(bpf, EPERM),
    SAME(keyctl, EPERM),
    SAME(setuid, EPERM),
    SAME(personality, EPERM),
    SAME(chroot, EPERM),
    SAME(use_closed, EBADF),
    SAME(core_limit, EFBIG),
    SAME(dumpable, EACCES),
    SAME(umask, EPERM),
};

static const struct expectation front[] = {
    SAME(read_audit, ALLOWED),   SAME(write_audit, ALLOWED), SAME(read_token, EACCES),
    SAME(write_token, EACCES),   SAME(read_granted, EACCES), SAME(accept, ALLOWED),
    SAME(unix_socket, EPERM),    SAME(unix_datagram, EPERM), SAME(tcp_socket, EPERM),
    SAME(netlink_socket, EPERM), SAME(read_library, EACCES), SAME(load_library, EACCES),
};

static const struct expectation token[] = {
    SAME(read_audit, EACCES),       SAME(write_audit, EACCES),   SAME(read_token, ALLOWED),
    SAME(write_token, ALLOWED),     SAME(read_granted, ALLOWED), SAME(write_granted, EACCES),
    SAME(unix_datagram, ALLOWED),   SAME(tcp_socket, EPERM),     SAME(netlink_socket, EPERM),
    SAME(read_library, ALLOWED),    SAME(load_library, ALLOWED), EITHER(make_device, EPERM, EACCES),
    EITHER(accept, EPERM, ALLOWED),
};

static const struct expectation upstream[] = {
    SAME(read_audit, EACCES),    SAME(write_audit, EACCES),   SAME(read_token, EACCES),
    SAME(write_token, EACCES),   SAME(read_granted, ALLOWED), SAME(write_granted, EACCES),
    SAME(tcp_socket, ALLOWED),   SAME(tcp_connect, ALLOWED),  SAME(netlink_socket, ALLOWED),
    SAME(read_library, ALLOWED), SAME(load_library, ALLOWED), EITHER(accept, EPERM, ALLOWED),
};

static void check(enum ps_sandbox_program program, const struct expectation *expectations,
                  size_t count, enum ps_sandbox_filter filter)
{
    /* Builds with sanitizers relax the strict filter. */
    bool strict = filter == PS_SANDBOX_STRICT && !PS_SANITIZED;
    size_t i;

    for (i = 0; i < count; i++) {
        int expected = strict ? expectations[i].strict : expectations[i].deny;
        int found = try_act(program, filter, false, expectations[i].what);

        if (found != expected)
            fail_msg("%s under %s: expected %d (%s), found %d (%s)", expectations[i].name,
                     ps_sandbox_filter_name(filter), expected, strerror(expected), found,
                     found < 0 ? "killed" : strerror(found));
    }
}

#define CHECK(program, list, filter) check(program, list, sizeof(list) / sizeof((list)[0]), filter)

static void test_front(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_FRONT, everywhere, PS_SANDBOX_STRICT);
    CHECK(PS_SANDBOX_FRONT, front, PS_SANDBOX_STRICT);
}

static void test_front_deny(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_FRONT, everywhere, PS_SANDBOX_DENY);
    CHECK(PS_SANDBOX_FRONT, front, PS_SANDBOX_DENY);
}

static void test_token(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_TOKEN, everywhere, PS_SANDBOX_STRICT);
    CHECK(PS_SANDBOX_TOKEN, token, PS_SANDBOX_STRICT);
}

static void test_token_deny(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_TOKEN, everywhere, PS_SANDBOX_DENY);
    CHECK(PS_SANDBOX_TOKEN, token, PS_SANDBOX_DENY);
}

static void test_token_with_network(void **state)
{
    (void)state;
    assert_int_equal(try_act(PS_SANDBOX_TOKEN, PS_SANDBOX_STRICT, true, act_tcp_connect), ALLOWED);
    assert_int_equal(try_act(PS_SANDBOX_TOKEN, PS_SANDBOX_DENY, true, act_tcp_connect), ALLOWED);
    assert_int_equal(try_act(PS_SANDBOX_TOKEN, PS_SANDBOX_STRICT, true, act_raw_socket), EPERM);
    assert_int_equal(try_act(PS_SANDBOX_TOKEN, PS_SANDBOX_STRICT, true, act_execve), EPERM);
}

static void test_upstream(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_UPSTREAM, everywhere, PS_SANDBOX_STRICT);
    CHECK(PS_SANDBOX_UPSTREAM, upstream, PS_SANDBOX_STRICT);
}

static void test_upstream_deny(void **state)
{
    (void)state;
    CHECK(PS_SANDBOX_UPSTREAM, everywhere, PS_SANDBOX_DENY);
    CHECK(PS_SANDBOX_UPSTREAM, upstream, PS_SANDBOX_DENY);
}

/* Without seccomp Landlock still stands, and the process itself is still guarded. */
static void test_seccomp_off_leaves_the_rest(void **state)
{
    (void)state;
    assert_int_equal(try_act(PS_SANDBOX_FRONT, PS_SANDBOX_OFF, false, act_read_pin), EACCES);
    assert_int_equal(try_act(PS_SANDBOX_FRONT, PS_SANDBOX_OFF, false, act_execve), EACCES);
    assert_int_equal(try_act(PS_SANDBOX_FRONT, PS_SANDBOX_OFF, false, act_dumpable), EACCES);
    if (ps_sandbox_landlock_abi() >= 4)
        assert_int_equal(try_act(PS_SANDBOX_FRONT, PS_SANDBOX_OFF, false, act_tcp_connect), EACCES);
    if (ps_sandbox_landlock_abi() >= 6)
        assert_int_equal(try_act(PS_SANDBOX_FRONT, PS_SANDBOX_OFF, false, act_kill_other), EPERM);
}

/* The same acts outside: a test that would pass without a sandbox proves nothing. */
static void test_acts_work_outside(void **state)
{
    static act *const possible[] = {
        act_read_pin,      act_list_root,  act_read_passwd,  act_read_audit, act_read_token,
        act_write_granted, act_tcp_socket, act_unix_socket,  act_fork,       act_kill_other,
        act_use_closed,    act_dumpable,   act_load_library, act_umask};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof possible / sizeof possible[0]; i++)
        assert_int_equal(possible[i](&world), 0);
}

static void test_a_missing_path_stops_the_start(void **state)
{
    pid_t pid = fork();
    int status;

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        const struct ps_sandbox_path path = {"/nonexistent/parasign", PS_SANDBOX_READ};
        const struct ps_sandbox_profile profile = {.program = PS_SANDBOX_TOKEN,
                                                   .filter = PS_SANDBOX_STRICT,
                                                   .landlock = true,
                                                   .paths = &path,
                                                   .path_count = 1};
        struct ps_error err;

        _exit(ps_sandbox_enter(&profile, &err) == PS_INTERNAL_ERROR &&
                      strstr(err.message, path.path) != NULL
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_names_of_filters(void **state)
{
    enum ps_sandbox_filter filter;

    (void)state;
    assert_true(ps_sandbox_filter_from_name("deny", &filter));
    assert_int_equal(filter, PS_SANDBOX_DENY);
    assert_string_equal(ps_sandbox_filter_name(filter), "deny");
    assert_false(ps_sandbox_filter_from_name("Strict", &filter));
    assert_false(ps_sandbox_filter_from_name("", &filter));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest front_tests[] = {cmocka_unit_test(test_front),
                                             cmocka_unit_test(test_front_deny)};
    const struct CMUnitTest token_tests[] = {cmocka_unit_test(test_token),
                                             cmocka_unit_test(test_token_deny),
                                             cmocka_unit_test(test_token_with_network)};
    const struct CMUnitTest upstream_tests[] = {cmocka_unit_test(test_upstream),
                                                cmocka_unit_test(test_upstream_deny)};
    const struct CMUnitTest setup_tests[] = {cmocka_unit_test(test_acts_work_outside),
                                             cmocka_unit_test(test_seccomp_off_leaves_the_rest),
                                             cmocka_unit_test(test_a_missing_path_stops_the_start),
                                             cmocka_unit_test(test_names_of_filters)};
    const char *which = argc == 2 ? argv[1] : "";

    if (strcmp(which, "front") == 0)
        return cmocka_run_group_tests_name("sandbox.front", front_tests, set_up, tear_down);
    if (strcmp(which, "token") == 0)
        return cmocka_run_group_tests_name("sandbox.token", token_tests, set_up, tear_down);
    if (strcmp(which, "upstream") == 0)
        return cmocka_run_group_tests_name("sandbox.upstream", upstream_tests, set_up, tear_down);
    if (strcmp(which, "setup") == 0)
        return cmocka_run_group_tests_name("sandbox.setup", setup_tests, set_up, tear_down);
    (void)fprintf(stderr, "usage: test_sandbox front|token|upstream|setup\n");
    return 2;
}
