/* Many requests at once, and the life of the process. */
#include <tests/token/rig.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIGNATURES 400

static void begin_with_key(struct rig *rig, struct ps_token_key *key)
{
    struct ps_token_status status;
    struct ps_error error;

    assert_int_equal(rig_begin(rig, &status), PS_OK);
    assert_int_equal(status.state, PS_STATE_READY);
    assert_int_equal(rig_generate(rig, "desk.main", PS_KIND_STARK, key, &error), PS_OK);
}

static size_t put_sign(uint8_t payload[256], uint32_t seed)
{
    struct ps_token_sign request = {.name = "desk.main", .kind = PS_KIND_STARK};
    struct ps_wbuf w;

    rig_hash(seed, request.hash32);
    ps_wbuf_init(&w, payload, 256);
    ps_put_token_sign(&w, &request);
    return w.length;
}

static void four_threads_sign_400_times(void **state)
{
    struct rig *rig = *state;
    bool answered[SIGNATURES] = {false};
    struct ps_token_status status;
    struct ps_token_key key;
    struct answer *a = malloc(sizeof *a);
    uint8_t payload[256], hash[32];
    uint32_t sent = 0, got = 0;
    uint64_t id;

    rig->threads = "4";
    begin_with_key(rig, &key);
    while (got < SIGNATURES) {
        while (sent < SIGNATURES && sent - got < 32) {
            rig_send(rig, PS_TOKEN_SIGN, sent, payload, put_sign(payload, sent), -1);
            sent++;
        }
        assert_true(rig_receive(rig, a, &id, -1));
        got++;
        assert_true(id < SIGNATURES && !answered[id]);
        answered[id] = true;
        assert_int_equal(a->code, PS_OK);
        {
            struct ps_token_signature signature;

            ps_get_token_signature(&a->r, &signature);
            rig_hash((uint32_t)id, hash);
            assert_true(rig_verifies(PS_KIND_STARK, key.public_key65, hash, &signature));
        }
    }
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.threads, 4);
    assert_int_equal(status.counters.signatures, SIGNATURES);
    assert_int_equal(status.counters.fresh_sessions, 0);
    free(a);
    rig_stop(rig);
}

/* New keys and logins go between signatures, which must not keep them waiting for ever. */
static void management_gets_its_turn_under_load(void **state)
{
    struct rig *rig = *state;
    struct ps_token_new_key wish = {.name = "desk.sub.a", .kind = PS_KIND_STARK};
    struct ps_token_key key;
    struct answer *a = malloc(sizeof *a);
    uint8_t payload[256];
    uint32_t i, before_new_key = 0;
    bool new_key_seen = false;
    struct ps_wbuf w;
    uint64_t id;

    begin_with_key(rig, &key);
    for (i = 0; i < 20; i++)
        rig_send(rig, PS_TOKEN_SIGN, i, payload, put_sign(payload, i), -1);
    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_token_new_key(&w, &wish);
    rig_send(rig, PS_TOKEN_GENERATE, 1000, payload, w.length, -1);
    for (i = 20; i < 100; i++)
        rig_send(rig, PS_TOKEN_SIGN, i, payload, put_sign(payload, i), -1);
    for (i = 0; i < 101; i++) {
        assert_true(rig_receive(rig, a, &id, -1));
        assert_int_equal(a->code, PS_OK);
        if (id == 1000)
            new_key_seen = true;
        before_new_key += new_key_seen ? 0 : 1;
    }
    assert_true(new_key_seen);
    assert_in_range(before_new_key, 0, 40);
    free(a);
    rig_stop(rig);
}

static void a_ping_is_answered_while_a_signature_takes_long(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key key;
    struct answer *a = malloc(sizeof *a);
    uint8_t payload[256];
    uint64_t id;

    begin_with_key(rig, &key);
    rig_faults(rig, "C_Sign * sleep_ms 300\n");
    rig_send(rig, PS_TOKEN_SIGN, 1, payload, put_sign(payload, 1), -1);
    rig_send(rig, PS_TOKEN_PING, 2, NULL, 0, -1);
    rig_send(rig, PS_TOKEN_STATUS, 3, NULL, 0, -1);
    assert_true(rig_receive(rig, a, &id, 250));
    assert_int_equal(id, 2);
    assert_true(rig_receive(rig, a, &id, 250));
    assert_int_equal(id, 3);
    assert_true(rig_receive(rig, a, &id, -1));
    assert_int_equal(id, 1);
    free(a);
    rig_stop(rig);
}

static void the_process_ends_with_its_pair(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key key;

    begin_with_key(rig, &key);
    assert_in_range(rig_stop(rig), 0, PS_TEST_SLOW * 100);
}

static void the_process_ends_while_the_module_hangs(void **state)
{
    struct rig *rig = *state;
    struct ps_token_key key;
    uint8_t payload[256];

    begin_with_key(rig, &key);
    rig_faults(rig, "C_Sign * hang\n");
    rig_send(rig, PS_TOKEN_SIGN, 1, payload, put_sign(payload, 1), -1);
    (void)usleep(50000);
    assert_in_range(rig_stop(rig), 0, PS_TEST_SLOW * 100);
}

static void an_idle_token_is_touched(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_key key;
    unsigned before;

    rig->keepalive_s = "1";
    begin_with_key(rig, &key);
    before = rig_calls(rig, "C_GetSessionInfo");
    (void)usleep(2500000);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_in_range(status.counters.keepalives, 1, 3);
    assert_true(rig_calls(rig, "C_GetSessionInfo") > before);
    assert_int_equal(rig_calls(rig, "C_Sign"), 2); /* START's and the new key's own check */
    rig_stop(rig);
}

static void a_keepalive_mends_what_it_finds_broken(void **state)
{
    struct rig *rig = *state;
    struct ps_token_signature signature;
    struct ps_token_status status;
    struct ps_token_key key;
    struct ps_error error;
    uint8_t hash[32] = {1};

    rig->keepalive_s = "1";
    begin_with_key(rig, &key);
    rig_faults(rig, "C_GetSessionInfo 1 rv 0xb3\n");
    (void)usleep(2500000);
    assert_int_equal(rig_status(rig, &status), PS_OK);
    assert_int_equal(status.counters.fresh_sessions, 1);
    assert_int_equal(rig_sign(rig, "desk.main", PS_KIND_STARK, hash, &signature, &error), PS_OK);
    assert_true(rig_verifies(PS_KIND_STARK, key.public_key65, hash, &signature));
    rig_stop(rig);
}

static void malformed_requests_are_answered(void **state)
{
    static const uint16_t types[] = {
        PS_TOKEN_START,  PS_TOKEN_KEYS, PS_TOKEN_SIGN,  PS_TOKEN_IMPORT, PS_TOKEN_DESTROY,
        PS_TOKEN_STATUS, PS_TOKEN_PING, PS_TOKEN_LOGIN, PS_TOKEN_OP_END, 0,
        0x7fff};
    static const uint8_t junk[] = {0xff, 0xff, 0xff, 0xff, 0x01};
    struct rig *rig = *state;
    struct ps_token_key key;
    struct answer *a = malloc(sizeof *a);
    size_t i;

    begin_with_key(rig, &key);
    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        rig_call(rig, types[i], junk, sizeof junk, -1, a);
        assert_int_equal(a->code, PS_INTERNAL_ERROR);
    }
    rig_call(rig, PS_TOKEN_PING, NULL, 0, -1, a);
    assert_int_equal(a->code, PS_OK);
    free(a);
    rig_stop(rig);
}

static void a_peer_that_breaks_the_framing_ends_the_process(void **state)
{
    struct rig *rig = *state;
    uint8_t header[PS_FRAME_HEADER_BYTES];
    struct ps_token_key key;

    begin_with_key(rig, &key);
    memset(header, 0xff, sizeof header);
    assert_int_equal(write(rig->fd, header, sizeof header), sizeof header);
    assert_int_equal(WEXITSTATUS(rig_wait(rig, 2000)), 1);
}

/* A descriptor that no frame announced would be taken for that of a later frame. */
static void a_descriptor_out_of_place_ends_the_process(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct ps_token_key key;

    begin_with_key(rig, &key);
    rig_send_flags(rig, PS_TOKEN_PING, 1, 0, rig->fd);
    assert_int_equal(WEXITSTATUS(rig_wait(rig, 2000)), 1);
    assert_int_equal(rig_begin(rig, &status), PS_OK);
    rig_send_flags(rig, PS_TOKEN_LOGIN, 1, PS_FRAME_HAS_FD, -1);
    assert_int_equal(WEXITSTATUS(rig_wait(rig, 2000)), 1);
}

static void requests_in_pieces_are_put_together(void **state)
{
    struct ps_frame_header header = {.type = PS_TOKEN_SIGN, .id = 5};
    struct rig *rig = *state;
    uint8_t message[PS_FRAME_HEADER_BYTES + 256];
    struct ps_token_key key;
    struct answer *a = malloc(sizeof *a);
    size_t length, i;
    uint64_t id;

    begin_with_key(rig, &key);
    length = put_sign(message + PS_FRAME_HEADER_BYTES, 3);
    header.length = (uint32_t)length;
    ps_frame_encode(&header, message);
    for (i = 0; i < PS_FRAME_HEADER_BYTES + length; i++) {
        assert_int_equal(write(rig->fd, message + i, 1), 1);
        (void)usleep(200);
    }
    assert_true(rig_receive(rig, a, &id, -1));
    assert_int_equal(id, 5);
    assert_int_equal(a->code, PS_OK);
    free(a);
    rig_stop(rig);
}

static void start_to_ready_takes_no_time_to_speak_of(void **state)
{
    struct rig *rig = *state;
    struct ps_token_status status;
    struct timespec begin, end;
    long best = 1000000, took;
    int i;

    for (i = 0; i < 5; i++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &begin);
        assert_int_equal(rig_begin(rig, &status), PS_OK);
        (void)clock_gettime(CLOCK_MONOTONIC, &end);
        assert_int_equal(status.state, PS_STATE_READY);
        rig_stop(rig);
        took = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
        best = took < best ? took : best;
    }
    print_message("start to ready: %ld ms\n", best);
    assert_in_range(best, 0, PS_TEST_SLOW * 150);
}

int main(void)
{
#define ON_TOKEN(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
#define ON_FAULTY(test) cmocka_unit_test_setup_teardown(test, rig_setup_faulty, rig_teardown)
    const struct CMUnitTest tests[] = {
        ON_TOKEN(four_threads_sign_400_times),
        ON_TOKEN(management_gets_its_turn_under_load),
        ON_FAULTY(a_ping_is_answered_while_a_signature_takes_long),
        ON_TOKEN(the_process_ends_with_its_pair),
        ON_FAULTY(the_process_ends_while_the_module_hangs),
        ON_FAULTY(an_idle_token_is_touched),
        ON_FAULTY(a_keepalive_mends_what_it_finds_broken),
        ON_TOKEN(malformed_requests_are_answered),
        ON_TOKEN(a_peer_that_breaks_the_framing_ends_the_process),
        ON_TOKEN(a_descriptor_out_of_place_ends_the_process),
        ON_TOKEN(requests_in_pieces_are_put_together),
        ON_TOKEN(start_to_ready_takes_no_time_to_speak_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
