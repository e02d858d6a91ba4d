/*
 * What the front knows of the keys on the token: their public halves. The token is the source of
 * truth; this follows it (token_client.h, events).
 */
#ifndef PARASIGN_DAEMON_METHODS_KEYRING_H
#define PARASIGN_DAEMON_METHODS_KEYRING_H

#include <daemon/front/token_client.h>
#include <proto/stark/ecdsa.h>

struct ps_keyring;

struct ps_keyring_entry {
    struct ps_token_key key;
    struct ps_stark_public stark; /* checked; only for PS_KIND_STARK with key.refused empty */
};

/* NULL when memory is out. */
struct ps_keyring *ps_keyring_new(void);
void ps_keyring_free(struct ps_keyring *keyring);
/* The callbacks to register with the token client, arg = the keyring. */
extern const struct ps_token_client_events ps_keyring_events;

/*
 * Whether a full list has come in since the start. While the token process is being replaced the
 * keyring keeps what it knew, so that requests can wait for the new one.
 */
bool ps_keyring_complete(const struct ps_keyring *keyring);

/* NULL when there is none. Valid until the loop runs again. */
const struct ps_keyring_entry *ps_keyring_find(const struct ps_keyring *keyring, const char *name);
size_t ps_keyring_count(const struct ps_keyring *keyring);
/* In order of name; index below the count. */
const struct ps_keyring_entry *ps_keyring_at(const struct ps_keyring *keyring, size_t index);

/*
 * ps_stark_verify_var() under key, a copy of an entry of this keyring, faster for keys that are
 * checked often: the keyring keeps multiples of them.
 */
enum ps_stark_verdict ps_keyring_verify_var(struct ps_keyring *keyring,
                                            const struct ps_keyring_entry *key,
                                            const uint8_t hash32[32], const uint8_t r32[32],
                                            const uint8_t s32[32]);

#endif
