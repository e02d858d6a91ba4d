#include <daemon/methods/order.h>

#include <daemon/methods/build.h>
#include <inttypes.h>
#include <proto/paradex/amount.h>
#include <proto/stark/felt_text.h>
#include <stdlib.h>
#include <string.h>

static enum ps_code read_amount(const json_t *json, const char *name, const char *pointer,
                                uint64_t *out_e8, struct ps_error *err)
{
    const json_t *value = json_object_get(json, name);
    enum ps_code rc;

    *out_e8 = 0;
    if (value == NULL)
        return PS_OK;
    rc = ps_amount_parse(json_string_value(value), json_string_length(value), out_e8, err);
    if (rc != PS_OK)
        ps_error_prefix_pointer(err, pointer);
    return rc;
}

/* An integer or a text of digits: the table allows both and has checked the bounds. */
static uint64_t read_uint(const json_t *value)
{
    if (json_is_string(value))
        return strtoull(json_string_value(value), NULL, 10);
    return (uint64_t)json_integer_value(value);
}

static bool needs_trigger(enum ps_order_type type)
{
    return type != PS_ORDER_MARKET && type != PS_ORDER_LIMIT;
}

enum ps_code ps_time_check(uint64_t timestamp_ms, const struct ps_order_clock *clock,
                           const char *time_pointer, struct ps_error *err)
{
    bool ahead = timestamp_ms > clock->now_ms;
    uint64_t apart = ahead ? timestamp_ms - clock->now_ms : clock->now_ms - timestamp_ms;

    if (apart > clock->window_ms)
        return ps_fail_at(err, time_pointer,
                          "the timestamp is %" PRIu64 " ms %s the daemon's clock, and at most "
                          "%" PRIu64 " ms are allowed; check the clocks and the unit",
                          apart, ahead ? "ahead of" : "behind", clock->window_ms);
    return PS_OK;
}

enum ps_code ps_order_read(const json_t *json, const struct ps_order_clock *clock,
                           uint64_t initial_ms, bool modifies, struct ps_order *order,
                           struct ps_error *err)
{
    const char *market = json_string_value(json_object_get(json, "market"));
    const json_t *timestamp = json_object_get(json, "signature_timestamp");
    uint64_t trigger_e8;
    enum ps_code rc;

    memset(order, 0, sizeof *order);
    order->timestamp_ms = timestamp != NULL ? read_uint(timestamp) : initial_ms;
    if (strlen(market) < sizeof order->market)
        memcpy(order->market, market, strlen(market) + 1);
    if (!ps_side_from_name(json_string_value(json_object_get(json, "side")), &order->side))
        return ps_fail_at(err, "/side", "write BUY or SELL");
    if (!ps_order_type_from_name(json_string_value(json_object_get(json, "type")), &order->type))
        return ps_fail_at(err, "/type", "this is not an order type of the exchange");
    if ((rc = read_amount(json, "size", "/size", &order->size_e8, err)) != PS_OK ||
        (rc = read_amount(json, "price", "/price", &order->price_e8, err)) != PS_OK ||
        (rc = read_amount(json, "trigger_price", "/trigger_price", &trigger_e8, err)) != PS_OK)
        return rc;
    if (needs_trigger(order->type) && trigger_e8 == 0 &&
        (!modifies || json_object_get(json, "trigger_price") != NULL))
        return ps_fail_at(err, "/trigger_price",
                          "an order of type %s needs a trigger_price above 0",
                          ps_order_type_name(order->type));
    if ((rc = ps_time_check(order->timestamp_ms, clock, "/signature_timestamp", err)) != PS_OK)
        return rc;
    return ps_order_check(order, err);
}

enum ps_code ps_order_read_id(const json_t *json, ps_felt *out, struct ps_error *err)
{
    const char *id = json_string_value(json_object_get(json, "id"));
    size_t length = strlen(id);

    if (length == 0 || strspn(id, "0123456789") != length || (id[0] == '0' && length > 1) ||
        ps_felt_from_decimal(out, id, length) != PS_OK)
        return ps_fail_at(err, "/id",
                          "the id is not a decimal number of the exchange; write it as GET "
                          "/v1/orders gives it");
    return PS_OK;
}

/* What the exchange takes beside the signed fields, as it came. */
static const char *const passed_on[] = {"client_id",   "flags",         "stp",
                                        "recv_window", "trigger_price", NULL};

json_t *ps_order_body(const json_t *json, const struct ps_order *order, bool modifies)
{
    json_t *instruction = json_object_get(json, "instruction");
    json_t *price = json_object_get(json, "price");
    struct ps_build b;
    size_t i;

    ps_build_begin(&b);
    if (modifies)
        ps_build_json(&b, "id", json_incref(json_object_get(json, "id")));
    ps_build_json(&b, "market", json_incref(json_object_get(json, "market")));
    ps_build_json(&b, "side", json_incref(json_object_get(json, "side")));
    ps_build_json(&b, "type", json_incref(json_object_get(json, "type")));
    ps_build_json(&b, "size", json_incref(json_object_get(json, "size")));
    ps_build_json(&b, "price", price != NULL ? json_incref(price) : json_string_nocheck("0"));
    if (instruction != NULL)
        ps_build_json(&b, "instruction", json_incref(instruction));
    else if (!modifies)
        ps_build_text(&b, "instruction", "GTC");
    for (i = 0; passed_on[i] != NULL; i++) {
        json_t *value = json_object_get(json, passed_on[i]);

        if (value != NULL)
            ps_build_json(&b, passed_on[i], json_incref(value));
    }
    ps_build_uint(&b, "signature_timestamp", order->timestamp_ms);
    return ps_build_end(&b);
}
