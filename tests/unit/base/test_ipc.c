#include <tests/support/check.h>

#include <proto/ipc/frame.h>
#include <proto/ipc/token_proto.h>
#include <stdlib.h>
#include <string.h>

static void frames_survive_the_way(void **state)
{
    const struct ps_frame_header in = {
        .length = 65536, .type = 0x8004, .flags = PS_FRAME_HAS_FD, .id = 0x1122334455667788u};
    struct ps_frame_header out;
    uint8_t bytes[PS_FRAME_HEADER_BYTES];

    (void)state;
    ps_frame_encode(&in, bytes);
    assert_int_equal(bytes[8], 0x88);
    assert_int_equal(ps_frame_decode(bytes, &out), PS_OK);
    assert_memory_equal(&in, &out, sizeof in);
}

static void oversized_and_unknown_frames_are_refused(void **state)
{
    struct ps_frame_header header = {.length = PS_FRAME_PAYLOAD_MAX + 1, .type = 1};
    uint8_t bytes[PS_FRAME_HEADER_BYTES];

    (void)state;
    ps_frame_encode(&header, bytes);
    assert_int_equal(ps_frame_decode(bytes, &header), PS_INTERNAL_ERROR);
    header = (struct ps_frame_header){.length = 1, .flags = 2};
    ps_frame_encode(&header, bytes);
    assert_int_equal(ps_frame_decode(bytes, &header), PS_INTERNAL_ERROR);
}

static void writers_and_readers_latch(void **state)
{
    uint8_t memory[10];
    char text[4];
    struct ps_wbuf w;
    struct ps_rbuf r;

    (void)state;
    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_u64(&w, 7);
    ps_put_u32(&w, 1); /* does not fit */
    ps_put_u8(&w, 1);  /* would fit, but the message is broken already */
    assert_true(w.bad);
    assert_int_equal(w.length, 8);

    ps_rbuf_init(&r, memory, 8);
    assert_int_equal(ps_get_u64(&r), 7);
    assert_true(ps_rbuf_done(&r));
    assert_int_equal(ps_get_u8(&r), 0);
    assert_true(r.bad);
    assert_false(ps_rbuf_done(&r));

    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_text(&w, "four");
    ps_rbuf_init(&r, memory, w.length);
    ps_get_text(&r, text, sizeof text);
    assert_true(r.bad);
    assert_string_equal(text, "");

    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_bytes(&w, "a\0b", 3);
    ps_rbuf_init(&r, memory, w.length);
    ps_get_text(&r, text, sizeof text);
    assert_true(r.bad);
}

static void fill_key(struct ps_token_key *key, unsigned n)
{
    memset(key, 0, sizeof *key);
    memset(key->name, 'a', PS_KEY_NAME_MAX);
    key->kind = n % 2 ? PS_KIND_SECP256K1 : PS_KIND_STARK;
    memset(key->public_key65, (int)n, sizeof key->public_key65);
    memset(key->id, 0xee, sizeof key->id);
    key->id_length = sizeof key->id;
    key->sensitive = true;
    key->local = n % 2;
    key->created_on = 20260102;
    memset(key->refused, 'r', sizeof key->refused - 1);
}

static void a_full_key_page_fits_a_frame(void **state)
{
    static struct ps_token_key_page in, out;
    static uint8_t memory[PS_FRAME_PAYLOAD_MAX];
    struct ps_wbuf w;
    struct ps_rbuf r;
    unsigned i;

    (void)state;
    in.total = 1000;
    in.first = 64;
    in.count = PS_TOKEN_KEYS_PER_PAGE;
    for (i = 0; i < in.count; i++)
        fill_key(&in.keys[i], i);
    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_answer(&w, PS_OK, "");
    ps_put_token_key_page(&w, &in);
    assert_false(w.bad);

    ps_rbuf_init(&r, memory, w.length);
    assert_int_equal(ps_get_answer(&r, NULL), PS_OK);
    ps_get_token_key_page(&r, &out);
    assert_true(ps_rbuf_done(&r));
    assert_memory_equal(&in, &out, sizeof in);
}

/* A helper that was taken over may send anything: nothing of it may reach past a buffer. */
static void mangled_answers_end_in_bad(void **state)
{
    static uint8_t memory[PS_FRAME_PAYLOAD_MAX];
    static struct ps_token_key_page page;
    struct ps_token_status status;
    struct ps_token_probe probe;
    struct ps_error err;
    struct ps_wbuf w;
    struct ps_rbuf r;
    unsigned round, i;

    (void)state;
    srand(20260102);
    for (round = 0; round < 20000; round++) {
        size_t length;

        memset(&status, 0, sizeof status);
        memset(&page, 0, sizeof page);
        page.count = 2;
        fill_key(&page.keys[0], round);
        fill_key(&page.keys[1], round + 1);
        ps_wbuf_init(&w, memory, sizeof memory);
        if (round % 2)
            ps_put_token_status(&w, &status);
        else
            ps_put_token_key_page(&w, &page);
        length = w.length - (size_t)rand() % 8;
        for (i = 0; i < 4; i++)
            memory[(size_t)rand() % length] = (uint8_t)rand();

        ps_rbuf_init(&r, memory, length);
        ps_get_token_key_page(&r, &page);
        assert_true(page.count <= PS_TOKEN_KEYS_PER_PAGE);
        ps_rbuf_init(&r, memory, length);
        ps_get_token_status(&r, &status);
        assert_true(memchr(status.label, '\0', sizeof status.label) != NULL);
        ps_rbuf_init(&r, memory, length);
        ps_get_token_probe(&r, &probe);
        assert_true(probe.count <= PS_TOKEN_PROBE_ROWS);
        ps_rbuf_init(&r, memory, length);
        (void)ps_get_answer(&r, &err);
    }
}

static void unknown_answer_codes_are_malformed(void **state)
{
    uint8_t memory[64];
    struct ps_error err;
    struct ps_wbuf w;
    struct ps_rbuf r;

    (void)state;
    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_u16(&w, PS_CODE_COUNT);
    ps_rbuf_init(&r, memory, w.length);
    assert_int_equal(ps_get_answer(&r, &err), PS_INTERNAL_ERROR);
    assert_true(r.bad);

    ps_wbuf_init(&w, memory, sizeof memory);
    ps_put_answer(&w, PS_TOKEN_LOCKED, "unlock it");
    ps_rbuf_init(&r, memory, w.length);
    assert_int_equal(ps_get_answer(&r, &err), PS_TOKEN_LOCKED);
    assert_string_equal(err.message, "unlock it");
    assert_true(ps_rbuf_done(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_survive_the_way),
        cmocka_unit_test(oversized_and_unknown_frames_are_refused),
        cmocka_unit_test(writers_and_readers_latch),
        cmocka_unit_test(a_full_key_page_fits_a_frame),
        cmocka_unit_test(mangled_answers_end_in_bad),
        cmocka_unit_test(unknown_answer_codes_are_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
