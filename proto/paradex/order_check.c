#include <proto/paradex/messages.h>

enum ps_code ps_order_check(const struct ps_order *order, struct ps_error *err)
{
    bool is_market = ps_order_type_is_market(order->type);

    if (!ps_market_ok(order->market))
        return ps_fail_at(err, "/market",
                          "must be a market symbol, as BTC-USD-PERP: 1 to %d of A-Z 0-9 - _ .",
                          PS_MARKET_MAX);
    if (order->timestamp_ms < 1 || order->timestamp_ms > PS_ORDER_TIMESTAMP_MS_MAX)
        return ps_fail_at(err, "/timestamp", "must be Unix time in milliseconds");
    if (order->size_e8 == 0 || order->size_e8 > INT64_MAX)
        return ps_fail_at(err, "/size", "must be above 0 and below 2^63 / 10^8");
    if (order->price_e8 > INT64_MAX)
        return ps_fail_at(err, "/price", "must be below 2^63 / 10^8");
    if (is_market && order->price_e8 != 0)
        return ps_fail_at(err, "/price", "must be 0 or absent: %s has no price",
                          ps_order_type_name(order->type));
    if (!is_market && order->price_e8 == 0)
        return ps_fail_at(err, "/price", "must be above 0: %s needs a price",
                          ps_order_type_name(order->type));
    return PS_OK;
}
