/*
 * Orders: from the request to the fields that are signed, and to the body that the exchange takes.
 * Pure. Pointers in errors are relative to the order ("/size"); the caller puts its place in front.
 */
#ifndef PARASIGN_DAEMON_METHODS_ORDER_H
#define PARASIGN_DAEMON_METHODS_ORDER_H

#include <jansson.h>
#include <parasign/error.h>
#include <proto/paradex/messages.h>

/* Unix time in milliseconds, and how far a timestamp may lie from it on either side. */
struct ps_order_clock {
    uint64_t now_ms;
    uint64_t window_ms;
};

/*
 * In:  json: an order that was checked against the method's table.
 *      initial_ms: signature_timestamp when the order has none.
 *      modifies: an order that exists already is changed: its trigger_price may stay as it is.
 * Out: order, the signed fields. Sizes and prices are exact; limit types need a price above 0,
 *      market types none or 0; stop and take-profit types need a trigger_price.
 */
PS_MUST_USE enum ps_code ps_order_read(const json_t *json, const struct ps_order_clock *clock,
                                       uint64_t initial_ms, bool modifies, struct ps_order *order,
                                       struct ps_error *err);

/* The order's id, an all-digit text without leading zeros, as the felt that is signed. */
PS_MUST_USE enum ps_code ps_order_read_id(const json_t *json, ps_felt *out, struct ps_error *err);

/* Whether timestamp_ms lies within the clock's window; else PS_INVALID_PARAMS at time_pointer. */
PS_MUST_USE enum ps_code ps_time_check(uint64_t timestamp_ms, const struct ps_order_clock *clock,
                                       const char *time_pointer, struct ps_error *err);

/*
 * The JSON for POST /v1/orders, or with `modifies` for PUT /v1/orders/{id}, all but the signature.
 * New reference; NULL when memory is out.
 */
json_t *ps_order_body(const json_t *json, const struct ps_order *order, bool modifies);

#endif
