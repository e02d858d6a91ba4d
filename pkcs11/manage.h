/* New keys, imported keys, destroyed keys: ps_manage_ with the token's write lock held. */
#ifndef PARASIGN_PKCS11_MANAGE_H
#define PARASIGN_PKCS11_MANAGE_H

#include <pkcs11/token.h>

/*
 * Generates a key pair in the token, reads its attributes back, lets it sign a random hash and
 * verifies that in software; a pair that fails is destroyed again. PS_KEY_EXISTS when any object
 * has that label. Out: *out, as it is in the list now.
 */
PS_MUST_USE enum ps_code ps_manage_generate(struct ps_token *token,
                                            const struct ps_token_new_key *wish,
                                            struct ps_token_key *out, struct ps_error *err);

/*
 * As generate, with a private key from ps_secret_receive(). PS_INVALID_PARAMS when it is not in
 * 1..n-1. The public key is computed in software and must be what the token then shows.
 */
PS_MUST_USE enum ps_code ps_manage_import(struct ps_token *token,
                                          const struct ps_token_new_key *wish,
                                          const uint8_t secret32[32], struct ps_token_key *out,
                                          struct ps_error *err);

PS_MUST_USE enum ps_code ps_manage_destroy(struct ps_token *token, const char *name,
                                           struct ps_error *err);

/*
 * Reads a private key in hexadecimal text into out32 (big-endian, left-padded), in time that does
 * not depend on the digits. PS_INVALID_PARAMS with a sentence; never echoes the text.
 */
PS_MUST_USE enum ps_code ps_secret_from_hex(const char *text, size_t length, uint8_t out32[32],
                                            struct ps_error *err);

/*
 * Reads the text of a private key from a passed pipe or memfd (pin.h), no lock needed. fd stays the
 * caller's. Out: *secret32, big-endian, in secure heap, for ps_secret_free(); NULL on failure.
 */
PS_MUST_USE enum ps_code ps_secret_receive(int fd, uint8_t **secret32, struct ps_error *err);
void ps_secret_free(uint8_t *secret32);

#endif
