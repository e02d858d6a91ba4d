/* From an order in JSON to what is signed and what is posted. */
#include <tests/support/check.h>

#include <daemon/methods/login.h>
#include <daemon/methods/order.h>
#include <proto/stark/felt_text.h>
#include <string.h>

#define NOW_MS UINT64_C(1706868900000)

static const struct ps_order_clock the_clock = {.now_ms = NOW_MS, .window_ms = 60000};

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);

    assert_non_null(json);
    return json;
}

#define LIMIT(more)                                                                                \
    "{\"market\":\"BTC-USD-PERP\",\"side\":\"BUY\",\"type\":\"LIMIT\",\"size\":\"0.1\","           \
    "\"price\":\"50000\"" more "}"
#define OF_TYPE(type, more)                                                                        \
    "{\"market\":\"BTC-USD-PERP\",\"side\":\"SELL\",\"type\":\"" type "\",\"size\":\"1\"" more "}"

/* The published vector order_limit_PRIVATE_SN_PARACLEAR_MAINNET, from JSON on. */
static void the_published_order_has_the_published_hash(void **state)
{
    static const char account_hex[] =
        "0x129c135ed63df9353885e292be4426b8ed6122b13c6c0e1bb787288a1f5adfa";
    struct ps_paradex_signer signer;
    struct ps_order order;
    ps_felt domain, account;
    uint8_t hash32[32];
    char hex[PS_FELT_HEX_MAX];
    json_t *json = parse(LIMIT(",\"signature_timestamp\":\"1706868900000\""));

    (void)state;
    assert_int_equal(ps_order_read(json, &the_clock, 1, false, &order, NULL), PS_OK);
    assert_int_equal(ps_paradex_domain_hash_var(&domain, "PRIVATE_SN_PARACLEAR_MAINNET", NULL),
                     PS_OK);
    assert_int_equal(ps_felt_from_hex(&account, account_hex, strlen(account_hex)), PS_OK);
    ps_paradex_signer_init_var(&signer, &domain, &account);
    ps_order_hash_var(hash32, &signer, &order);
    ps_be32_to_hex(hex, hash32);
    assert_string_equal(hex, "0x22afc64e78854576ba9a56beac4c1299bda730ca33e217973fb890b2d6f9b42");
    json_decref(json);
}

struct order_case {
    const char *json;
    const char *pointer; /* NULL: taken */
    bool modifies;
};

static const struct order_case order_cases[] = {
    {LIMIT(""), NULL, false},
    {LIMIT(",\"signature_timestamp\":1706868960000"), NULL, false},
    {LIMIT(",\"signature_timestamp\":1706868960001"), "/signature_timestamp", false},
    {LIMIT(",\"signature_timestamp\":1706868840000"), NULL, false},
    {LIMIT(",\"signature_timestamp\":1706868839999"), "/signature_timestamp", false},
    {LIMIT(",\"signature_timestamp\":1706868900"), "/signature_timestamp", false},
    {OF_TYPE("LIMIT", ""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"0\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"0.00000000\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"0.00000001\""), NULL, false},
    {OF_TYPE("LIMIT", ",\"price\":\"0.000000001\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"1e3\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"-1\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"01\""), "/price", false},
    {OF_TYPE("LIMIT", ",\"price\":\"92233720368547758.08\""), "/price", false},
    {OF_TYPE("MARKET", ""), NULL, false},
    {OF_TYPE("MARKET", ",\"price\":\"0\""), NULL, false},
    {OF_TYPE("MARKET", ",\"price\":\"1\""), "/price", false},
    {OF_TYPE("STOP_MARKET", ""), "/trigger_price", false},
    {OF_TYPE("STOP_MARKET", ",\"trigger_price\":\"0\""), "/trigger_price", false},
    {OF_TYPE("STOP_MARKET", ",\"trigger_price\":\"x\""), "/trigger_price", false},
    {OF_TYPE("STOP_MARKET", ",\"trigger_price\":\"7\""), NULL, false},
    {OF_TYPE("STOP_MARKET", ",\"trigger_price\":\"7\",\"price\":\"1\""), "/price", false},
    {OF_TYPE("STOP_LIMIT", ",\"trigger_price\":\"7\""), "/price", false},
    {OF_TYPE("STOP_LIMIT", ",\"trigger_price\":\"7\",\"price\":\"8\""), NULL, false},
    {OF_TYPE("TAKE_PROFIT_LIMIT", ",\"price\":\"8\""), "/trigger_price", false},
    {OF_TYPE("TAKE_PROFIT_MARKET", ",\"trigger_price\":\"7\""), NULL, false},
    {OF_TYPE("STOP_LOSS_MARKET", ",\"trigger_price\":\"7\""), NULL, false},
    {OF_TYPE("STOP_LOSS_LIMIT", ",\"trigger_price\":\"7\",\"price\":\"8\""), NULL, false},
    /* A modification may leave the trigger as it is, but not take it away. */
    {OF_TYPE("STOP_MARKET", ""), NULL, true},
    {OF_TYPE("STOP_MARKET", ",\"trigger_price\":\"0\""), "/trigger_price", true},
    {"{\"market\":\"btc\",\"side\":\"BUY\",\"type\":\"MARKET\",\"size\":\"1\"}", "/market", false},
    {"{\"market\":\"12345\",\"side\":\"BUY\",\"type\":\"MARKET\",\"size\":\"1\"}", "/market",
     false},
    {"{\"market\":\"A\",\"side\":\"BUY\",\"type\":\"MARKET\",\"size\":\"0\"}", "/size", false},
    {"{\"market\":\"A\",\"side\":\"BUY\",\"type\":\"MARKET\",\"size\":\"\"}", "/size", false},
    {"{\"market\":\"A\",\"side\":\"BUY\",\"type\":\"MARKET\",\"size\":\"1.\"}", "/size", false},
    {"{\"market\":\"A\",\"side\":\"LONG\",\"type\":\"MARKET\",\"size\":\"1\"}", "/side", false},
    {"{\"market\":\"A\",\"side\":\"BUY\",\"type\":\"ICEBERG\",\"size\":\"1\"}", "/type", false},
};

static void rules_on_orders(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof order_cases / sizeof order_cases[0]; i++) {
        const struct order_case *c = &order_cases[i];
        struct ps_error err = {.pointer = ""};
        json_t *json = parse(c->json);
        struct ps_order order;
        enum ps_code rc = ps_order_read(json, &the_clock, NOW_MS, c->modifies, &order, &err);

        if (rc != (c->pointer == NULL ? PS_OK : PS_INVALID_PARAMS) ||
            (c->pointer != NULL && strcmp(err.pointer, c->pointer) != 0))
            fail_msg("%s: %s %s %s", c->json, ps_code_name(rc), err.pointer, err.message);
        json_decref(json);
    }
}

static void ids_are_decimal_numbers(void **state)
{
    static const struct {
        const char *json;
        bool ok;
    } cases[] = {
        {"{\"id\":\"1681471234972000000\"}", true},
        {"{\"id\":\"0\"}", true},
        {"{\"id\":\"01\"}", false},
        {"{\"id\":\"0x12\"}", false},
        {"{\"id\":\"abc\"}", false},
        {"{\"id\":\"-1\"}", false},
        {"{\"id\":\"\"}", false},
        /* P itself */
        {"{\"id\":\"361850278866613121369732278309507010562310721533159669997309205613587202048"
         "1\"}",
         false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *json = parse(cases[i].json);
        struct ps_error err;
        ps_felt id;

        assert_int_equal(ps_order_read_id(json, &id, &err),
                         cases[i].ok ? PS_OK : PS_INVALID_PARAMS);
        if (!cases[i].ok)
            assert_string_equal(err.pointer, "/id");
        json_decref(json);
    }
}

static void expect_body(const char *order_text, bool modifies, const char *body_text)
{
    json_t *json = parse(order_text), *expected = parse(body_text), *body;
    struct ps_order order;

    assert_int_equal(ps_order_read(json, &the_clock, NOW_MS, modifies, &order, NULL), PS_OK);
    body = ps_order_body(json, &order, modifies);
    if (!json_equal(body, expected)) {
        char *text = json_dumps(body, 0);

        fail_msg("%s\ngave %s", order_text, text);
    }
    json_decref(json);
    json_decref(expected);
    json_decref(body);
}

static void bodies(void **state)
{
    (void)state;
    expect_body(LIMIT(""), false,
                LIMIT(",\"instruction\":\"GTC\",\"signature_timestamp\":1706868900000"));
    expect_body(OF_TYPE("MARKET", ""), false,
                OF_TYPE("MARKET", ",\"price\":\"0\",\"instruction\":\"GTC\","
                                  "\"signature_timestamp\":1706868900000"));
#define ALL                                                                                        \
    ",\"instruction\":\"IOC\",\"client_id\":\"c1\",\"flags\":[\"REDUCE_ONLY\"],"                   \
    "\"stp\":\"EXPIRE_BOTH\",\"recv_window\":1000,\"trigger_price\":\"3\","                        \
    "\"signature_timestamp\":1706868900001"
    expect_body(LIMIT(ALL), false, LIMIT(ALL));
    expect_body(LIMIT(",\"id\":\"17\""), true,
                LIMIT(",\"id\":\"17\",\"signature_timestamp\":1706868900000"));
}

static void logins_live_no_longer_than_allowed(void **state)
{
    const uint64_t now = NOW_MS / 1000;
    struct ps_error err;

    (void)state;
    assert_int_equal(ps_login_check(now, now + 3600, 3600, &the_clock, &err), PS_OK);
    assert_int_equal(ps_login_check(now, now + 3601, 3600, &the_clock, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/expiration");
    /* A timestamp in the future does not lengthen it. */
    assert_int_equal(ps_login_check(now + 50, now + 3650, 3600, &the_clock, &err),
                     PS_INVALID_PARAMS);
    assert_int_equal(ps_login_check(now + 61, now + 100, 3600, &the_clock, &err),
                     PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/timestamp");
    assert_int_equal(ps_login_check(now - 61, now + 100, 3600, &the_clock, &err),
                     PS_INVALID_PARAMS);
    /* Milliseconds, and what would overflow as such. */
    assert_int_equal(ps_login_check(NOW_MS, NOW_MS + 1, 3600, &the_clock, &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_login_check(UINT64_MAX, UINT64_MAX, 3600, &the_clock, &err),
                     PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/timestamp");
    assert_int_equal(ps_login_check(now, UINT64_MAX, 3600, &the_clock, &err), PS_INVALID_PARAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_order_has_the_published_hash),
        cmocka_unit_test(rules_on_orders),
        cmocka_unit_test(ids_are_decimal_numbers),
        cmocka_unit_test(bodies),
        cmocka_unit_test(logins_live_no_longer_than_allowed),
    };

    return cmocka_run_group_tests_name("methods.order", tests, NULL, NULL);
}
