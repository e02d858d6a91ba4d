/*
 * Who may do what. For now an allow-list: a uid, the methods, the keys. Whatever is not written is
 * refused.
 */
#ifndef PARASIGN_DAEMON_POLICY_POLICY_H
#define PARASIGN_DAEMON_POLICY_POLICY_H

#include <daemon/config/config.h>
#include <daemon/front/call.h>

/* Whether peer may call method at all. PS_POLICY_DENIED with rule "client" or "method". */
PS_MUST_USE enum ps_code ps_policy_method(const struct ps_config *config,
                                          const struct ps_peer *peer, const char *method,
                                          struct ps_error *err);

/*
 * Whether peer may use key in method. PS_POLICY_DENIED with rule "key". A pattern "*" or "desk.*"
 * does not reach main keys; "desk.main" and "*.main" do.
 */
PS_MUST_USE enum ps_code ps_policy_key(const struct ps_config *config, const struct ps_peer *peer,
                                       const char *method, const char *key, struct ps_error *err);

#endif
