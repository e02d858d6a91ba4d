#include <daemon/methods/login.h>

#include <inttypes.h>

/* Above, milliseconds would not fit; the year 2286. */
#define TIME_S_MAX UINT64_C(9999999999)

enum ps_code ps_login_check(uint64_t timestamp_s, uint64_t expiration_s, uint64_t max_s,
                            const struct ps_order_clock *clock, struct ps_error *err)
{
    uint64_t now_s = clock->now_ms / 1000;
    enum ps_code rc;

    if (timestamp_s > TIME_S_MAX)
        return ps_fail_at(err, "/timestamp", "the timestamp is too large; write Unix seconds");
    if ((rc = ps_time_check(timestamp_s * 1000, clock, "/timestamp", err)) != PS_OK)
        return rc;
    if (expiration_s > now_s + max_s)
        return ps_fail_at(err, "/expiration",
                          "the signature would live longer than %" PRIu64
                          " s, which is the configured maximum; write an earlier expiration",
                          max_s);
    return PS_OK;
}
