/* The client library against a server of the test's own that says what the test wants. */
#include <tests/support/check.h>

#include <errno.h>
#include <fcntl.h>
#include <parasign/client.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_ROOM 300000

/* One connection: for each line that comes in, the next answer goes out. */
struct server {
    char dir[64];
    char path[100];
    int listener;
    const char *const *answers; /* ended by NULL; "" sends nothing; after the last it hangs up */
    bool stay;                  /* keep the connection open after the last answer */
    pthread_t thread;
    char request[REQUEST_ROOM]; /* the last line that came */
    char passed[64];            /* what stood in a descriptor that came along */
    bool descriptor_with_first_byte;
};

static void read_passed(struct server *s, struct msghdr *message)
{
    struct cmsghdr *c;

    for (c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        int fd;
        ssize_t n;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
        n = read(fd, s->passed, sizeof s->passed - 1);
        s->passed[n > 0 ? n : 0] = '\0';
        (void)close(fd);
    }
}

/* Reads one line byte by byte for its first byte, so that it is seen what came with it. */
static bool read_request(struct server *s, int fd)
{
    size_t n = 0;

    while (n < sizeof s->request - 1) {
        char control[CMSG_SPACE(sizeof(int))];
        struct iovec part = {s->request + n, n == 0 ? 1 : sizeof s->request - 1 - n};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = control,
                                 .msg_controllen = sizeof control};
        ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

        if (got <= 0)
            return false;
        if (message.msg_controllen > 0) {
            s->descriptor_with_first_byte = n == 0;
            read_passed(s, &message);
        }
        n += (size_t)got;
        if (s->request[n - 1] == '\n') {
            s->request[n - 1] = '\0';
            return true;
        }
    }
    return false;
}

static void *serve(void *arg)
{
    struct server *s = arg;
    int fd = accept(s->listener, NULL, NULL);
    const char *const *answer;

    if (fd < 0)
        return NULL;
    for (answer = s->answers; *answer != NULL; answer++) {
        if (!read_request(s, fd))
            break;
        if ((*answer)[0] != '\0' &&
            send(fd, *answer, strlen(*answer), MSG_NOSIGNAL) != (ssize_t)strlen(*answer))
            break;
    }
    if (s->stay)
        (void)read_request(s, fd);
    (void)close(fd);
    return NULL;
}

static struct server *server_start(const char *const *answers)
{
    struct server *s = calloc(1, sizeof *s);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    assert_non_null(s);
    (void)snprintf(s->dir, sizeof s->dir, "/tmp/parasign-test-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    (void)snprintf(s->path, sizeof s->path, "%s/s", s->dir);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", s->path);
    s->answers = answers;
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(s->listener, 4), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return s;
}

static void server_wait(struct server *s)
{
    assert_int_equal(pthread_join(s->thread, NULL), 0);
}

static void server_free(struct server *s)
{
    (void)close(s->listener);
    (void)unlink(s->path);
    (void)rmdir(s->dir);
    free(s);
}

static void a_result_comes_back_as_text(void **state)
{
    static const char *const answers[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"b\": [1, \"x\"], \"a\": null}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":true}\n", NULL};
    struct server *s = server_start(answers);
    struct ps_client *client;
    struct ps_error err;
    char *result;
    char *error;

    (void)state;
    assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
    assert_int_equal(ps_client_call(client, "system.status", NULL, -1, &result, &error, &err),
                     PS_OK);
    assert_string_equal(result, "{\"b\":[1,\"x\"],\"a\":null}");
    assert_null(error);
    free(result);
    assert_int_equal(
        ps_client_call(client, "key.get", "{\n \"name\":\t\"x\"\n}", -1, &result, NULL, &err),
        PS_OK);
    assert_string_equal(result, "true");
    free(result);
    ps_client_close(client);
    server_wait(s);
    assert_string_equal(
        s->request,
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"key.get\",\"params\":{\"name\":\"x\"}}");
    server_free(s);
}

static void a_refusal_comes_back_with_all_it_says(void **state)
{
    static const char *const answers[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"no\",\"data\":{"
        "\"code\":\"policy_denied\",\"retryable\":false,\"rule\":\"key\",\"pointer\":\"/params/"
        "key\""
        "}}}\n",
        /* a code of a later version: the number decides */
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32003,\"message\":\"m\",\"data\":{"
        "\"code\":\"from_the_future\"}}}\n",
        /* without an id: the daemon could not read the line */
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"p\"}}\n", NULL};
    struct server *s = server_start(answers);
    struct ps_client *client;
    struct ps_error err;
    char *result;
    char *error;

    (void)state;
    assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
    assert_int_equal(ps_client_call(client, "a", "{}", -1, &result, &error, &err),
                     PS_POLICY_DENIED);
    assert_null(result);
    assert_string_equal(err.message, "no");
    assert_string_equal(err.rule, "key");
    assert_string_equal(err.pointer, "/params/key");
    assert_non_null(strstr(error, "\"code\":\"policy_denied\""));
    free(error);
    assert_int_equal(ps_client_call(client, "a", "{}", -1, &result, NULL, &err), PS_TOKEN_LOCKED);
    assert_int_equal(ps_client_call(client, "a", "{}", -1, &result, NULL, &err), PS_PARSE_ERROR);
    ps_client_close(client);
    server_wait(s);
    server_free(s);
}

static void a_descriptor_travels_with_the_first_byte(void **state)
{
    static const char *const answers[] = {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n", NULL};
    struct server *s = server_start(answers);
    struct ps_client *client;
    struct ps_error err;
    char *result;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "1234", 4), 4);
    (void)close(ends[1]);
    assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
    assert_int_equal(ps_client_call(client, "system.unlock", NULL, ends[0], &result, NULL, &err),
                     PS_OK);
    free(result);
    assert_true(fcntl(ends[0], F_GETFD) >= 0); /* stays the caller's */
    (void)close(ends[0]);
    ps_client_close(client);
    server_wait(s);
    assert_true(s->descriptor_with_first_byte);
    assert_string_equal(s->passed, "1234");
    server_free(s);
}

static void answers_to_calls_given_up_are_skipped(void **state)
{
    static const char *const answers[] = {"",
                                          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n{"
                                          "\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}\n",
                                          NULL};
    struct server *s = server_start(answers);
    struct ps_client *client;
    struct ps_error err;
    char *result;

    (void)state;
    assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
    ps_client_set_timeout_ms(client, 50);
    assert_int_equal(ps_client_call(client, "a", NULL, -1, &result, NULL, &err),
                     PS_DEADLINE_EXCEEDED);
    assert_null(result);
    ps_client_set_timeout_ms(client, 0);
    assert_int_equal(ps_client_call(client, "b", NULL, -1, &result, NULL, &err), PS_OK);
    assert_string_equal(result, "2");
    free(result);
    ps_client_close(client);
    server_wait(s);
    server_free(s);
}

static void what_is_no_answer_ends_the_connection(void **state)
{
    static const char *const bad[] = {
        "HTTP/1.1 400 Bad Request\n",
        "[]\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":1}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}", /* hung up in the middle */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *const answers[] = {bad[i], NULL};
        struct server *s = server_start(answers);
        struct ps_client *client;
        struct ps_error err;
        char *result;

        assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
        assert_int_equal(ps_client_call(client, "a", NULL, -1, &result, NULL, &err),
                         PS_DAEMON_UNREACHABLE);
        assert_null(result);
        assert_int_equal(ps_client_call(client, "a", NULL, -1, &result, NULL, &err),
                         PS_DAEMON_UNREACHABLE);
        ps_client_close(client);
        server_wait(s);
        server_free(s);
    }
}

static void bad_parameters_are_not_sent(void **state)
{
    static const char *const answers[] = {"{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":1}\n", NULL};
    static const struct {
        const char *params;
        enum ps_code code;
    } bad[] = {
        {"[]", PS_INVALID_PARAMS},
        {"1", PS_INVALID_PARAMS},
        {"{", PS_PARSE_ERROR},
        {"{}{}", PS_PARSE_ERROR},
        {"{\"a\":1,\"a\":2}", PS_PARSE_ERROR},
        {"{\"a\":\"\xff\"}", PS_PARSE_ERROR},
    };
    struct server *s = server_start(answers);
    struct ps_client *client;
    struct ps_error err;
    char *result;
    char *longest = malloc(262144);
    size_t i;

    (void)state;
    assert_non_null(longest);
    assert_int_equal(ps_client_connect(s->path, &client, &err), PS_OK);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(ps_client_call(client, "a", bad[i].params, -1, &result, NULL, &err),
                         bad[i].code);
    (void)snprintf(longest, 262144, "{\"a\":\"%0262100d\"}", 0);
    assert_int_equal(ps_client_call(client, "a", longest, -1, &result, NULL, &err),
                     PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "262144"));
    free(longest);
    assert_int_equal(ps_client_call(client, "last", "{}", -1, &result, NULL, &err), PS_OK);
    free(result);
    ps_client_close(client);
    server_wait(s);
    assert_non_null(strstr(s->request, "\"last\"")); /* and this was the first that came */
    server_free(s);
}

static void a_missing_daemon_is_said_with_its_path(void **state)
{
    char too_long[200];
    struct ps_client *client;
    struct ps_error err;

    (void)state;
    assert_int_equal(ps_client_connect("/nonexistent/parasign.sock", &client, &err),
                     PS_DAEMON_UNREACHABLE);
    assert_null(client);
    assert_non_null(strstr(err.message, "/nonexistent/parasign.sock"));
    assert_non_null(strstr(err.message, "is parasignd running?"));
    memset(too_long, 'x', sizeof too_long);
    too_long[sizeof too_long - 1] = '\0';
    assert_int_equal(ps_client_connect(too_long, &client, &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_client_connect("", &client, &err), PS_INVALID_PARAMS);
    assert_int_equal(setenv("PARASIGN_SOCKET", "/nonexistent/from-environment", 1), 0);
    assert_int_equal(ps_client_connect(NULL, &client, &err), PS_DAEMON_UNREACHABLE);
    assert_non_null(strstr(err.message, "/nonexistent/from-environment"));
    assert_int_equal(unsetenv("PARASIGN_SOCKET"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_comes_back_as_text),
        cmocka_unit_test(a_refusal_comes_back_with_all_it_says),
        cmocka_unit_test(a_descriptor_travels_with_the_first_byte),
        cmocka_unit_test(answers_to_calls_given_up_are_skipped),
        cmocka_unit_test(what_is_no_answer_ends_the_connection),
        cmocka_unit_test(bad_parameters_are_not_sent),
        cmocka_unit_test(a_missing_daemon_is_said_with_its_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
