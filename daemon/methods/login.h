/* The rules of login signatures. Pure. */
#ifndef PARASIGN_DAEMON_METHODS_LOGIN_H
#define PARASIGN_DAEMON_METHODS_LOGIN_H

#include <daemon/methods/order.h>

/*
 * Times in Unix seconds. One captured login signature gives access until it expires, so its life,
 * from the daemon's clock on, is at most max_s. Pointers: /timestamp, /expiration.
 */
PS_MUST_USE enum ps_code ps_login_check(uint64_t timestamp_s, uint64_t expiration_s, uint64_t max_s,
                                        const struct ps_order_clock *clock, struct ps_error *err);

#endif
