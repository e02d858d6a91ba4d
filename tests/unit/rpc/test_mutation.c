/*
 * Random changes to good lines, through all that a line from a client goes through. Nothing may
 * crash or leak (sanitizers watch), every refusal must say why, and whatever is accepted must mean
 * the same when it is written and read again. The seed is printed; PARASIGN_TEST_SEED sets it.
 */
#include <tests/support/check.h>

#include <proto/rpc/json.h>
#include <proto/rpc/methods.h>
#include <proto/rpc/request.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 50000
#define LINE_ROOM 2048

static const char *const seeds[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"paradex.sign_order\",\"params\":{\"account\":"
    "\"desk\",\"key\":\"desk.sub.trader\",\"order\":{\"market\":\"BTC-USD-PERP\",\"side\":\"BUY\","
    "\"type\":\"LIMIT\",\"size\":\"0.1\",\"price\":\"70000.5\",\"instruction\":\"GTC\","
    "\"client_id\":\"c\",\"flags\":[\"REDUCE_ONLY\"],\"stp\":\"EXPIRE_TAKER\",\"recv_window\":100,"
    "\"signature_timestamp\":\"1700000000000\"}}}",
    "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"paradex.sign_orders\",\"params\":{\"account\":"
    "\"desk\",\"orders\":[{\"market\":\"A\",\"side\":\"SELL\",\"type\":\"MARKET\",\"size\":\"1\"},"
    "{\"market\":\"B\",\"side\":\"BUY\",\"type\":\"STOP_LIMIT\",\"size\":\"2\",\"price\":\"3\"}]}}",
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"paradex.sign_typed_data\",\"params\":{\"account\":"
    "\"desk\",\"typed_data\":{\"types\":{\"T\":[{\"name\":\"a\",\"type\":\"felt\"}]},"
    "\"primaryType\":\"T\",\"domain\":{\"name\":\"\xc3\xa9\"},\"message\":{\"a\":\"0x1\"}}}}",
    "{\"jsonrpc\":\"2.0\",\"method\":\"key.generate\",\"params\":{\"name\":\"desk.main\",\"kind\":"
    "\"stark\",\"custody\":\"token\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"paradex.auth_headers\",\"params\":{\"account\":"
    "\"desk\",\"expires_in_s\":300,\"authorize_isolated_markets\":true}}",
};

static uint64_t random_state;

/* xorshift64* */
static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

/* Bytes that mean something to a reader of JSON, or to one of UTF-8. */
static char random_byte(void)
{
    static const char telling[] = "{}[]\":,\\/.-+eE0123456789tfnu \t\xc3\xa9\xed\xa0\xff\x80";

    if (random_below(4) == 0)
        return (char)random_below(256);
    return telling[random_below(sizeof telling - 1)];
}

static size_t mutate(char *line, size_t length)
{
    size_t at = random_below((uint32_t)length);
    size_t span = 1 + random_below(16);

    if (span > length - at)
        span = length - at;
    switch (random_below(5)) {
    case 0: /* another byte */
        line[at] = random_byte();
        break;
    case 1: /* one byte more */
        if (length + 1 < LINE_ROOM) {
            memmove(line + at + 1, line + at, length - at);
            line[at] = random_byte();
            length++;
        }
        break;
    case 2: /* a piece less */
        if (span < length) {
            memmove(line + at, line + at + span, length - at - span);
            length -= span;
        }
        break;
    case 3: /* a piece twice */
        if (length + span < LINE_ROOM) {
            memmove(line + at + span, line + at, length - at);
            length += span;
        }
        break;
    default: /* one bit */
        line[at] = (char)((unsigned char)line[at] ^ (1u << random_below(8)));
        break;
    }
    return length;
}

static void assert_explained(enum ps_code rc, const struct ps_error *err)
{
    json_t *refusal;

    assert_int_equal(err->code, rc);
    assert_true(err->message[0] != '\0');
    refusal = ps_rpc_refusal(NULL, err, NULL);
    assert_non_null(refusal);
    /* the sentence itself came through, not its stand-in */
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(refusal, "error"), "message")),
        err->message);
    if (err->pointer[0] != '\0')
        assert_string_equal(
            json_string_value(json_object_get(
                json_object_get(json_object_get(refusal, "error"), "data"), "pointer")),
            err->pointer);
    json_decref(refusal);
}

static void assert_reads_back(const json_t *json)
{
    struct ps_error err;
    json_t *again = NULL;
    size_t length = 0;
    char *line = ps_json_dump_line(json, &length);

    assert_non_null(line);
    assert_int_equal(ps_json_parse_line(line, length - 1, &again, &err), PS_OK);
    assert_true(json_equal(json, again));
    json_decref(again);
    free(line);
}

enum outcome { NOT_JSON, NO_REQUEST, NO_METHOD, BAD_PARAMS, ACCEPTED, OUTCOMES };

static enum outcome take_line(const char *line, size_t length)
{
    struct ps_rpc_request request;
    const struct ps_method *method;
    struct ps_error err = {0};
    enum outcome outcome = ACCEPTED;
    json_t *json;
    enum ps_code rc = ps_json_parse_line(line, length, &json, &err);

    if (rc != PS_OK) {
        assert_explained(rc, &err);
        return NOT_JSON;
    }
    assert_reads_back(json);
    rc = ps_rpc_request_read(json, &request, &err);
    if (rc != PS_OK) {
        assert_explained(rc, &err);
        outcome = NO_REQUEST;
    } else if ((method = ps_method_find(request.method)) == NULL) {
        outcome = NO_METHOD;
    } else if ((rc = ps_method_check(method, request.params, &err)) != PS_OK) {
        assert_explained(rc, &err);
        assert_int_equal(strncmp(err.pointer, "/params", 7), 0);
        outcome = BAD_PARAMS;
    }
    json_decref(json);
    return outcome;
}

static void changed_lines_are_handled(void **state)
{
    const char *wish = getenv("PARASIGN_TEST_SEED");
    unsigned seen[OUTCOMES] = {0};
    uint64_t seed = wish != NULL ? strtoull(wish, NULL, 0) : UINT64_C(0x9e3779b97f4a7c15);
    unsigned round;

    (void)state;
    print_message("seed %#llx\n", (unsigned long long)seed);
    random_state = seed != 0 ? seed : 1;
    for (round = 0; round < ROUNDS; round++) {
        const char *start = seeds[round % (sizeof seeds / sizeof seeds[0])];
        char line[LINE_ROOM];
        size_t length = strlen(start);
        unsigned changes = 1 + random_below(4);
        char *exact;

        (void)snprintf(line, sizeof line, "%s", start);
        while (changes-- > 0)
            length = mutate(line, length);
        exact = malloc(length); /* so that a read past the end is seen */
        assert_non_null(exact);
        memcpy(exact, line, length);
        seen[take_line(exact, length)]++;
        free(exact);
    }
    /* the changes reached every layer, or this would test the first one only */
    assert_true(seen[NOT_JSON] > ROUNDS / 100);
    assert_true(seen[NO_REQUEST] > ROUNDS / 1000);
    assert_true(seen[NO_METHOD] > ROUNDS / 1000);
    assert_true(seen[BAD_PARAMS] > ROUNDS / 100);
    assert_true(seen[ACCEPTED] > ROUNDS / 100);
}

static void unchanged_lines_are_accepted(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
        assert_int_equal(take_line(seeds[i], strlen(seeds[i])), ACCEPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_lines_are_accepted),
        cmocka_unit_test(changed_lines_are_handled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
