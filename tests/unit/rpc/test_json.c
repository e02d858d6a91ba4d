#include <tests/support/check.h>

#include <proto/rpc/json.h>
#include <stdlib.h>
#include <string.h>

/* length 0: strlen(text) */
struct bad_row {
    const char *text;
    size_t length;
    const char *message_part;
};

static const struct bad_row bad[] = {
    {"", 0, "ends too early"},
    {" ", 0, "ends too early"},
    {"{", 0, "ends too early"},
    {"{\"a\"", 0, "ends too early"},
    {"\"abc", 0, "ends too early"},
    {"{\"a\":}", 0, "not valid JSON"},
    {"{'a':1}", 0, "not valid JSON"},
    {"{\"a\":1,}", 0, "not valid JSON"},
    {"[1,]", 0, "not valid JSON"},
    {"{\"a\":1}}", 0, "something follows"},
    {"{\"a\":1} {\"b\":1}", 0, "something follows"},
    {"{} x", 0, "something follows"},
    {"NaN", 0, "not valid JSON"},
    {"[Infinity]", 0, "not valid JSON"},
    {"[01]", 0, "not valid JSON"},
    {"[+1]", 0, "not valid JSON"},
    {"[-]", 0, "not valid JSON"},
    {"[0x10]", 0, "not valid JSON"},
    {"// x\n{}", 0, "not valid JSON"},
    {"[\"\t\"]", 0, "not valid JSON"},
    {"[\"\\x\"]", 0, "not valid JSON"},
    /* duplicate keys, at any depth */
    {"{\"a\":1,\"a\":1}", 0, "twice"},
    {"{\"a\":1,\"\\u0061\":2}", 0, "twice"},
    {"[{\"x\":{\"k\":1,\"k\":2}}]", 0, "twice"},
    /* numbers that do not fit, and what only looks like one */
    {"[9223372036854775808]", 0, "64 bits"},
    {"[-9223372036854775809]", 0, "64 bits"},
    {"[123456789012345678901234567890]", 0, "64 bits"},
    {"[0.12345678901234567890]", 0, "64 bits"},
    {"[1e999]", 0, "64 bits"},
    {"[1.]", 0, "not valid JSON"},
    {"[.5]", 0, "not valid JSON"},
    {"[1e]", 0, "not valid JSON"},
    {"[1-2]", 0, "not valid JSON"},
    /* zero bytes and their escape */
    {"[\"\\u0000\"]", 0, "u0000"},
    {"{\"a\\u0000b\":1}", 0, "u0000"},
    {"[\"a\0b\"]", 7, "zero byte"},
    {"{}\0", 3, "zero byte"},
    /* UTF-8: stray continuation, cut, overlong, surrogate, too high, never used */
    {"[\"\x80\"]", 0, "not UTF-8"},
    {"[\"\xc3\"]", 0, "not UTF-8"},
    {"[\"\xc3", 0, "not UTF-8"},
    {"[\"\xc0\xaf\"]", 0, "not UTF-8"},
    {"[\"\xc1\xbf\"]", 0, "not UTF-8"},
    {"[\"\xe0\x9f\xbf\"]", 0, "not UTF-8"},
    {"[\"\xe2\x82\"]", 0, "not UTF-8"},
    {"[\"\xed\xa0\x80\"]", 0, "not UTF-8"},
    {"[\"\xed\xbf\xbf\"]", 0, "not UTF-8"},
    {"[\"\xf0\x8f\xbf\xbf\"]", 0, "not UTF-8"},
    {"[\"\xf4\x90\x80\x80\"]", 0, "not UTF-8"},
    {"[\"\xf5\x80\x80\x80\"]", 0, "not UTF-8"},
    {"[\"\xff\"]", 0, "not UTF-8"},
    {"{\"a\":1}\xfe", 0, "not UTF-8"},
    {"[\"\\\xff\"]", 0, "not UTF-8"},
    {"\xef\xbb\xbf{}", 0, "not valid JSON"}, /* byte order mark */
    /* escapes of half a surrogate pair */
    {"[\"\\ud800\"]", 0, "not valid JSON"},
    {"[\"\\udc00\"]", 0, "not valid JSON"},
    {"[\"\\ud800\\u0041\"]", 0, "not valid JSON"},
};

static void bad_lines_are_refused_with_a_reason(void **state)
{
    struct ps_error err;
    json_t *json;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t length = bad[i].length != 0 ? bad[i].length : strlen(bad[i].text);

        assert_int_equal(ps_json_parse_line(bad[i].text, length, &json, &err), PS_PARSE_ERROR);
        assert_null(json);
        if (strstr(err.message, bad[i].message_part) == NULL)
            fail_msg("%s: \"%s\" does not say \"%s\"", bad[i].text, err.message,
                     bad[i].message_part);
        assert_int_equal(strncmp(err.message, "byte ", 5), 0);
    }
}

static void good_lines_are_read(void **state)
{
    static const char *const good[] = {
        "{}",
        "[]",
        "1",
        "\"x\"",
        "null",
        " {\"a\" : [1, -1, true, false, null, \"\"]} ",
        "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
        "[\"1.5e7\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20ac\\ud83d\\ude00\"]",
        "[\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\"]",
        "[\"\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]",
        "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]", /* brackets in a string nest nothing
                                                               */
        "[\"\\\"[\"]",
        "{\"a\":1,\"A\":1}",
    };
    struct ps_error err;
    json_t *json;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (ps_json_parse_line(good[i], strlen(good[i]), &json, &err) != PS_OK)
            fail_msg("%s: %s", good[i], err.message);
        assert_non_null(json);
        json_decref(json);
    }
}

static void nesting_stops_at_the_limit(void **state)
{
    char text[4 * PS_RPC_DEPTH_MAX + 8];
    struct ps_error err;
    json_t *json;
    int depth;

    (void)state;
    for (depth = PS_RPC_DEPTH_MAX - 1; depth <= PS_RPC_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        if (depth <= PS_RPC_DEPTH_MAX) {
            assert_int_equal(ps_json_parse_line(text, 2 * (size_t)depth, &json, &err), PS_OK);
            json_decref(json);
        } else {
            assert_int_equal(ps_json_parse_line(text, 2 * (size_t)depth, &json, &err),
                             PS_PARSE_ERROR);
            assert_non_null(strstr(err.message, "deeper than 32"));
        }
    }
    /* objects count too, and side by side they do not add up */
    assert_int_equal(ps_json_parse_line("[{},{},[{}],{}]", 15, &json, &err), PS_OK);
    json_decref(json);
}

static void a_line_of_the_limit_is_read_and_one_byte_more_is_not(void **state)
{
    char *text = malloc(PS_RPC_LINE_MAX + 1);
    struct ps_error err;
    json_t *json;

    (void)state;
    assert_non_null(text);
    memset(text, 'a', PS_RPC_LINE_MAX + 1);
    text[0] = '"';
    text[PS_RPC_LINE_MAX - 1] = '"';
    assert_int_equal(ps_json_parse_line(text, PS_RPC_LINE_MAX, &json, &err), PS_OK);
    assert_int_equal(json_string_length(json), PS_RPC_LINE_MAX - 2);
    json_decref(json);
    text[PS_RPC_LINE_MAX - 1] = 'a';
    text[PS_RPC_LINE_MAX] = '"';
    assert_int_equal(ps_json_parse_line(text, PS_RPC_LINE_MAX + 1, &json, &err), PS_PARSE_ERROR);
    assert_non_null(strstr(err.message, "262144"));
    free(text);
}

/* Wide, not deep: deep nesting of the longest line must be refused before it costs anything. */
static void the_deepest_line_is_refused(void **state)
{
    char *text = malloc(PS_RPC_LINE_MAX);
    struct ps_error err;
    json_t *json;

    (void)state;
    assert_non_null(text);
    memset(text, '[', PS_RPC_LINE_MAX);
    assert_int_equal(ps_json_parse_line(text, PS_RPC_LINE_MAX, &json, &err), PS_PARSE_ERROR);
    assert_non_null(strstr(err.message, "byte 32:"));
    free(text);
}

static void dumped_lines_end_with_a_line_feed_and_read_back(void **state)
{
    size_t sizes[] = {0, 1, 2000, 2041, 2042, 2043, 2044, 2045, 2046, 2047, 2048, 5000, 200000};
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *long_text = malloc(sizes[i] + 1);
        json_t *json;
        json_t *again;
        char *line;
        size_t length = 0;

        assert_non_null(long_text);
        memset(long_text, 'x', sizes[i]);
        long_text[sizes[i]] = '\0';
        json = json_pack("{s:s}", "a", long_text);
        line = ps_json_dump_line(json, &length);
        assert_non_null(line);
        assert_int_equal(length, sizes[i] + 9);
        assert_int_equal(line[length - 1], '\n');
        assert_null(memchr(line, '\n', length - 1));
        assert_int_equal(ps_json_parse_line(line, length - 1, &again, &err), PS_OK);
        assert_true(json_equal(json, again));
        json_decref(again);
        json_decref(json);
        free(line);
        free(long_text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_lines_are_refused_with_a_reason),
        cmocka_unit_test(good_lines_are_read),
        cmocka_unit_test(nesting_stops_at_the_limit),
        cmocka_unit_test(a_line_of_the_limit_is_read_and_one_byte_more_is_not),
        cmocka_unit_test(the_deepest_line_is_refused),
        cmocka_unit_test(dumped_lines_end_with_a_line_feed_and_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
