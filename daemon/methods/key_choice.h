/* Which key signs a STARK message for an account, and whether it may. */
#ifndef PARASIGN_DAEMON_METHODS_KEY_CHOICE_H
#define PARASIGN_DAEMON_METHODS_KEY_CHOICE_H

#include <daemon/front/call.h>
#include <daemon/methods/accounts.h>

/*
 * The key for this call: name, policy (as `rule_method` would use it), existence, fitness.
 * Out: *out, valid until the loop runs again.
 */
PS_MUST_USE enum ps_code ps_key_choose(struct ps_call *call, const struct ps_account *account,
                                       const char *rule_method, const struct ps_keyring_entry **out,
                                       struct ps_error *err);

/*
 * The account of params.account with its address, and the key, as above: who speaks and who signs.
 * Out: valid until the loop runs again.
 */
struct ps_parties {
    struct ps_account *account;
    const struct ps_paradex_signer *signer;
    const struct ps_keyring_entry *key;
};
PS_MUST_USE enum ps_code ps_parties_find(struct ps_call *call, struct ps_parties *out,
                                         struct ps_error *err);

/*
 * The key of that name, or PS_KEY_NOT_FOUND; while the token is locked or away, the reason instead:
 * nobody knows then which keys there are.
 */
PS_MUST_USE enum ps_code ps_key_find(struct ps_call *call, const char *name,
                                     const struct ps_keyring_entry **out, struct ps_error *err);
/* PS_TOKEN_LOCKED or PS_TOKEN_UNAVAILABLE with the token's own detail, unless it is ready. */
PS_MUST_USE enum ps_code ps_key_token_ready(struct ps_call *call, struct ps_error *err);

#endif
