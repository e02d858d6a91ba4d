/* The audit log: its chain, its repair after a crash, its refusal when the disk says no. */
#include <tests/support/check.h>

#include <daemon/audit/audit.h>
#include <daemon/audit/tail.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    char dir[64];
    char path[128];
    uv_loop_t loop;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    (void)snprintf(f->dir, sizeof f->dir, "/tmp/parasign-audit-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof f->path, "%s/audit.ndjson", f->dir);
    assert_int_equal(uv_loop_init(&f->loop), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];

    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static struct ps_audit *open_log(struct fixture *f)
{
    struct ps_audit *audit = NULL;
    struct ps_error err;

    if (ps_audit_open(&f->loop, f->dir, &audit, &err) != PS_OK)
        fail_msg("%s", err.message);
    return audit;
}

static uint64_t append(struct ps_audit *audit, const char *event)
{
    json_t *fields = json_pack("{s:s}", "event", event);
    struct ps_error err;
    uint64_t seq = 0;

    assert_int_equal(ps_audit_append(audit, fields, &seq, &err), PS_OK);
    json_decref(fields);
    return seq;
}

/* The lines of the log; to be freed with the array. */
struct lines {
    char *text;
    char *line[4096];
    size_t count;
};

static void read_lines(const struct fixture *f, struct lines *out)
{
    FILE *file = fopen(f->path, "r");
    struct stat st;
    char *at;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    out->text = calloc(1, (size_t)st.st_size + 1);
    assert_int_equal(fread(out->text, 1, (size_t)st.st_size, file), (size_t)st.st_size);
    (void)fclose(file);
    out->count = 0;
    for (at = out->text; *at != '\0';) {
        char *feed = strchr(at, '\n');

        assert_non_null(feed); /* no torn line */
        *feed = '\0';
        out->line[out->count++] = at;
        at = feed + 1;
    }
}

/* Every record continues the one before: numbers and hashes, recomputed here. */
static size_t check_chain(const struct fixture *f)
{
    struct lines *lines = malloc(sizeof *lines);
    char expected[PS_AUDIT_HASH_HEX + 1];
    uint8_t hash[PS_AUDIT_HASH_BYTES] = {0};
    size_t count;
    size_t i;

    read_lines(f, lines);
    for (i = 0; i < lines->count; i++) {
        json_t *record = json_loads(lines->line[i], JSON_REJECT_DUPLICATES, NULL);

        assert_non_null(record);
        ps_audit_hex(hash, expected);
        assert_string_equal(json_string_value(json_object_get(record, "prev")), expected);
        assert_int_equal(json_integer_value(json_object_get(record, "seq")), (json_int_t)i + 1);
        assert_true(json_integer_value(json_object_get(record, "time_ms")) > 1700000000000);
        assert_int_equal(
            EVP_Digest(lines->line[i], strlen(lines->line[i]), hash, NULL, EVP_sha256(), NULL), 1);
        json_decref(record);
    }
    count = lines->count;
    free(lines->text);
    free(lines);
    return count;
}

static void append_bytes(const struct fixture *f, const void *bytes, size_t length)
{
    int fd = open(f->path, O_WRONLY | O_APPEND);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    (void)close(fd);
}

static void test_records_are_chained_across_restarts(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct stat st;
    unsigned i;

    for (i = 0; i < 100; i++)
        assert_int_equal(append(audit, "first run"), i + 2); /* 1 says that the log was opened */
    ps_audit_close(audit);
    audit = open_log(f);
    assert_int_equal(append(audit, "second run"), 103);
    ps_audit_close(audit);
    assert_int_equal(check_chain(f), 103);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

struct waiter {
    unsigned called;
    enum ps_code code;
};

static void on_durable(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct waiter *waiter = arg;

    waiter->called++;
    waiter->code = code;
    assert_true((err == NULL) == (code == PS_OK));
}

static void test_one_flush_serves_all_who_wait(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct ps_audit_figures before;
    struct ps_audit_figures after;
    struct waiter waiters[200] = {{0}};
    struct waiter again = {0};
    uint64_t seqs[200];
    unsigned turns = 0;
    size_t open = 200;
    size_t i;

    ps_audit_figures(audit, &before);
    assert_true(before.healthy);
    for (i = 0; i < 200; i++) {
        seqs[i] = append(audit, "waited for");
        ps_audit_when_durable(audit, seqs[i], on_durable, &waiters[i]);
    }
    while (open > 0) {
        (void)uv_run(&f->loop, UV_RUN_ONCE);
        turns++;
        open = 0;
        for (i = 0; i < 200; i++)
            open += waiters[i].called == 0;
    }
    /* The first record got a flush of its own, all that came meanwhile the second. */
    assert_in_range(turns, 1, 8);
    for (i = 0; i < 200; i++) {
        assert_int_equal(waiters[i].called, 1);
        assert_int_equal(waiters[i].code, PS_OK);
    }
    ps_audit_when_durable(audit, seqs[7], on_durable, &again);
    assert_int_equal(again.called, 1); /* on disk already */
    ps_audit_figures(audit, &after);
    assert_int_equal(after.seq, seqs[199]);
    assert_true(after.last_fsync_ms > 0);
    ps_audit_close(audit);
}

static void on_time_over(uv_timer_t *timer)
{
    (void)uv_timer_stop(timer);
}

static void test_records_nobody_waits_for_reach_the_disk_by_themselves(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct ps_audit_figures figures;
    uv_timer_t timer;
    unsigned turns;

    (void)append(audit, "released");
    assert_int_equal(uv_timer_init(&f->loop, &timer), 0);
    assert_int_equal(uv_timer_start(&timer, on_time_over, 200, 0), 0);
    for (turns = 0; turns < 50; turns++) {
        ps_audit_figures(audit, &figures);
        if (figures.last_fsync_ms != 0)
            break;
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    }
    assert_true(figures.last_fsync_ms > 0);
    uv_close((uv_handle_t *)&timer, NULL);
    ps_audit_close(audit);
}

static void test_closing_flushes_and_calls_back(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct waiter waiter = {0};

    ps_audit_when_durable(audit, append(audit, "last words"), on_durable, &waiter);
    ps_audit_close(audit);
    assert_int_equal(waiter.called, 1);
    assert_int_equal(waiter.code, PS_OK);
}

static bool has_torn_file(const struct fixture *f)
{
    char command[128];

    (void)snprintf(command, sizeof command, "ls '%s'/audit.ndjson.torn-* > /dev/null 2>&1", f->dir);
    return system(command) == 0;
}

/* What a crash may leave behind the last whole record. */
static void test_a_torn_end_is_set_aside(void **state)
{
    static const char zeros[5000];
    static const struct {
        const char *bytes;
        size_t length;
    } ends[] = {
        {"{\"seq\":3,\"time", 14},
        {"x", 1},
        {zeros, sizeof zeros},
        {"\0\0\0\0}\n", 6},
    };
    struct fixture *f = *state;
    struct ps_audit *audit;
    struct lines *lines = malloc(sizeof *lines);
    size_t i;

    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        json_t *record;

        audit = open_log(f);
        (void)append(audit, "whole");
        ps_audit_close(audit);
        append_bytes(f, ends[i].bytes, ends[i].length);
        audit = open_log(f);
        ps_audit_close(audit);
        assert_true(has_torn_file(f));
        (void)check_chain(f);
        read_lines(f, lines);
        record = json_loads(lines->line[lines->count - 1], 0, NULL);
        assert_int_equal(json_integer_value(json_object_get(record, "torn_bytes")),
                         (json_int_t)ends[i].length);
        json_decref(record);
        free(lines->text);
    }
    free(lines);
}

static void test_a_changed_end_stops_the_start(void **state)
{
    static const char *const ends[] = {"not a record\n", "{\"seq\":0,\"prev\":\"\"}\n",
                                       "{\"seq\":4,\"time_ms\":1,\"prev\":\"00\"}\n"};
    struct fixture *f = *state;
    struct ps_audit *audit;
    struct ps_error err;
    size_t i;

    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct stat st;

        audit = open_log(f);
        (void)append(audit, "whole");
        ps_audit_close(audit);
        assert_int_equal(stat(f->path, &st), 0);
        append_bytes(f, ends[i], strlen(ends[i]));
        assert_int_equal(ps_audit_open(&f->loop, f->dir, &audit, &err), PS_AUDIT_UNAVAILABLE);
        assert_null(audit);
        assert_non_null(strstr(err.message, f->path));
        assert_int_equal(truncate(f->path, st.st_size), 0);
    }
}

static void test_two_daemons_cannot_write_one_log(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct ps_audit *second;
    struct ps_error err;

    assert_int_equal(ps_audit_open(&f->loop, f->dir, &second, &err), PS_AUDIT_UNAVAILABLE);
    assert_non_null(strstr(err.message, "another process"));
    ps_audit_close(audit);
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A file size limit stands for the full disk: a write stops in the middle of a record. */
static void test_a_full_disk_refuses_and_recovers(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    struct ps_audit_figures figures;
    json_t *fields = json_pack("{s:s}", "event", "does not fit");
    struct ps_error err;
    struct stat st;
    uint64_t seq = 0;
    off_t before;

    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(append(audit, "fits"), 2);
    assert_int_equal(stat(f->path, &st), 0);
    before = st.st_size;

    set_file_limit((rlim_t)before + 50);
    assert_int_equal(ps_audit_append(audit, fields, &seq, &err), PS_AUDIT_UNAVAILABLE);
    assert_non_null(strstr(err.message, "nothing is signed"));
    ps_audit_figures(audit, &figures);
    assert_false(figures.healthy);
    assert_int_equal(figures.seq, 2);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_size, before); /* the half record is gone */

    set_file_limit(RLIM_INFINITY);
    assert_int_equal(append(audit, "fits again"), 3);
    ps_audit_figures(audit, &figures);
    assert_true(figures.healthy);
    json_decref(fields);
    ps_audit_close(audit);
    assert_int_equal(check_chain(f), 3);
}

static void test_a_record_that_is_too_large_is_refused(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit = open_log(f);
    char *text = malloc(PS_AUDIT_LINE_MAX + 1);
    struct ps_error err;
    uint64_t seq;
    json_t *fields;

    memset(text, 'a', PS_AUDIT_LINE_MAX);
    text[PS_AUDIT_LINE_MAX] = '\0';
    fields = json_pack("{s:s}", "event", text);
    assert_int_equal(ps_audit_append(audit, fields, &seq, &err), PS_AUDIT_UNAVAILABLE);
    assert_int_equal(append(audit, "small"), 2);
    ps_audit_close(audit);
    assert_int_equal(check_chain(f), 2);
    json_decref(fields);
    free(text);
}

/* kill -9 between any two records: what was called durable is there afterwards. */
static void test_a_killed_writer_loses_nothing(void **state)
{
    struct fixture *f = *state;
    struct ps_audit *audit;
    unsigned round;

    for (round = 0; round < 5; round++) {
        pid_t pid = fork();
        int status;

        assert_true(pid >= 0);
        if (pid == 0) {
            uv_loop_t loop;
            struct ps_error err;
            json_t *fields = json_pack("{s:s}", "event", "from the child");
            uint64_t seq;
            unsigned i;

            if (uv_loop_init(&loop) != 0 || ps_audit_open(&loop, f->dir, &audit, &err) != PS_OK)
                _exit(1);
            for (i = 0; i < 10; i++) {
                if (ps_audit_append(audit, fields, &seq, &err) != PS_OK)
                    _exit(1);
            }
            (void)raise(SIGKILL);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
    }
    audit = open_log(f);
    ps_audit_close(audit);
    assert_int_equal(check_chain(f), 5 * 11 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_records_are_chained_across_restarts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_one_flush_serves_all_who_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_records_nobody_waits_for_reach_the_disk_by_themselves,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_closing_flushes_and_calls_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_torn_end_is_set_aside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_changed_end_stops_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_daemons_cannot_write_one_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_disk_refuses_and_recovers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_record_that_is_too_large_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_killed_writer_loses_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
