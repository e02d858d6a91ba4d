#include <tests/support/check.h>

#include <proto/paradex/messages.h>
#include <proto/paradex/type_hashes.h>
#include <string.h>
#include <tests/support/vectors.h>

static void names_go_both_ways(void **state)
{
    enum ps_order_type type;
    enum ps_side side;
    unsigned i;

    (void)state;
    for (i = 0; i < PS_ORDER_TYPE_COUNT; i++) {
        assert_true(ps_order_type_from_name(ps_order_type_name((enum ps_order_type)i), &type));
        assert_int_equal(type, i);
        assert_ptr_equal(ps_order_type_names[i], ps_order_type_name((enum ps_order_type)i));
    }
    assert_null(ps_order_type_names[PS_ORDER_TYPE_COUNT]);
    assert_true(ps_side_from_name("BUY", &side) && side == PS_SIDE_BUY);
    assert_true(ps_side_from_name("SELL", &side) && side == PS_SIDE_SELL);
    assert_string_equal(ps_side_name(PS_SIDE_SELL), "SELL");
    assert_false(ps_side_from_name("buy", &side));
    assert_false(ps_side_from_name("", &side));
    assert_false(ps_order_type_from_name("LIMIT ", &type));
    assert_false(ps_order_type_from_name("TWAP", &type));
}

static void market_types_have_no_price(void **state)
{
    (void)state;
    assert_true(ps_order_type_is_market(PS_ORDER_MARKET));
    assert_true(ps_order_type_is_market(PS_ORDER_STOP_MARKET));
    assert_true(ps_order_type_is_market(PS_ORDER_TAKE_PROFIT_MARKET));
    assert_true(ps_order_type_is_market(PS_ORDER_STOP_LOSS_MARKET));
    assert_false(ps_order_type_is_market(PS_ORDER_LIMIT));
    assert_false(ps_order_type_is_market(PS_ORDER_STOP_LIMIT));
    assert_false(ps_order_type_is_market(PS_ORDER_TAKE_PROFIT_LIMIT));
    assert_false(ps_order_type_is_market(PS_ORDER_STOP_LOSS_LIMIT));
}

static void markets_are_symbols(void **state)
{
    (void)state;
    assert_true(ps_market_ok("BTC-USD-PERP"));
    assert_true(ps_market_ok("BTC-USD-27DEC24-120000-C"));
    assert_true(ps_market_ok("1000PEPE-USD-PERP"));
    assert_true(ps_market_ok("A"));
    assert_true(ps_market_ok("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.01"));
    assert_false(ps_market_ok("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.012"));
    assert_false(ps_market_ok(""));
    assert_false(ps_market_ok("btc-usd-perp"));
    assert_false(ps_market_ok("BTC USD"));
    assert_false(ps_market_ok("BTC/USD"));
    assert_false(ps_market_ok("BTC-USD-PERP\n"));
    assert_false(ps_market_ok("12345"));
    assert_false(ps_market_ok("0x12"));
}

static void orders_are_checked_as_a_whole(void **state)
{
    const struct ps_order good = {.timestamp_ms = 1706868900000,
                                  .market = "BTC-USD-PERP",
                                  .side = PS_SIDE_BUY,
                                  .type = PS_ORDER_LIMIT,
                                  .size_e8 = 10000000,
                                  .price_e8 = 5000000000000};
    struct ps_order order = good;
    struct ps_error err;

    (void)state;
    assert_int_equal(ps_order_check(&order, &err), PS_OK);
    order.price_e8 = 0;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/price");
    order.type = PS_ORDER_MARKET;
    assert_int_equal(ps_order_check(&order, &err), PS_OK);
    order.price_e8 = 1;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/price");
    order = good;
    order.price_e8 = UINT64_C(1) << 63;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/price");
    order = good;
    order.size_e8 = 0;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/size");
    order.size_e8 = UINT64_C(1) << 63;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/size");
    order = good;
    order.timestamp_ms = 0;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    order.timestamp_ms = PS_ORDER_TIMESTAMP_MS_MAX + 1;
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/timestamp");
    order = good;
    order.market[0] = '\0';
    assert_int_equal(ps_order_check(&order, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/market");
}

static void chain_ids_are_short_strings(void **state)
{
    struct ps_error err;
    ps_felt hash;

    (void)state;
    assert_int_equal(ps_paradex_domain_hash_var(&hash, "", &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_paradex_domain_hash_var(&hash, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", &err),
                     PS_INVALID_PARAMS);
    assert_int_equal(ps_paradex_domain_hash_var(&hash, "CHA\xc3\x8eNE", &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_paradex_domain_hash_var(&hash, "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234", &err),
                     PS_OK);
}

/* Each signed field moves the hash: none of them is left out. */
static void every_signed_field_counts(void **state)
{
    const ps_felt account = ps_test_felt_text("0x1234");
    struct ps_order order = {.timestamp_ms = 1,
                             .market = "BTC-USD-PERP",
                             .side = PS_SIDE_BUY,
                             .type = PS_ORDER_LIMIT,
                             .size_e8 = 1,
                             .price_e8 = 1};
    struct ps_order orders[7];
    uint8_t hashes[7][32];
    struct ps_paradex_signer signer;
    ps_felt domain;
    size_t i;
    size_t k;

    (void)state;
    assert_int_equal(ps_paradex_domain_hash_var(&domain, "X", NULL), PS_OK);
    ps_paradex_signer_init_var(&signer, &domain, &account);
    for (i = 0; i < 7; i++)
        orders[i] = order;
    orders[1].timestamp_ms = 2;
    orders[2].market[0] = 'A';
    orders[3].side = PS_SIDE_SELL;
    orders[4].type = PS_ORDER_STOP_LIMIT;
    orders[5].size_e8 = 2;
    orders[6].price_e8 = 2;
    for (i = 0; i < 7; i++) {
        ps_order_hash_var(hashes[i], &signer, &orders[i]);
        for (k = 0; k < i; k++)
            assert_memory_not_equal(hashes[i], hashes[k], 32);
    }
}

static void signatures_are_written_as_two_decimals(void **state)
{
    char text[PS_SIGNATURE_TEXT_MAX];
    uint8_t r[32] = {0};
    uint8_t s[32];

    (void)state;
    r[31] = 7;
    memset(s, 0xff, sizeof s);
    ps_signature_text(text, r, s);
    assert_string_equal(text,
                        "[\"7\",\"1157920892373161954235709850086879078532699846656405640394575"
                        "84007913129639935\"]");
    memset(r, 0xff, sizeof r);
    ps_signature_text(text, r, s);
    assert_int_equal(strlen(text), 2 * 78 + 7);
    memset(r, 0, sizeof r);
    memset(s, 0, sizeof s);
    ps_signature_text(text, r, s);
    assert_string_equal(text, "[\"0\",\"0\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(market_types_have_no_price),
        cmocka_unit_test(markets_are_symbols),
        cmocka_unit_test(orders_are_checked_as_a_whole),
        cmocka_unit_test(chain_ids_are_short_strings),
        cmocka_unit_test(every_signed_field_counts),
        cmocka_unit_test(signatures_are_written_as_two_decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
