/* STARK signatures by OpenSSL's generic curve code, as a token makes them. */
#ifndef PARASIGN_TESTS_UNIT_METHODS_STARK_SIGNER_H
#define PARASIGN_TESTS_UNIT_METHODS_STARK_SIGNER_H

#include <stdint.h>

/* private_hex: without 0x. Out: 0x04 x y. */
void stark_signer_public(const char *private_hex, uint8_t out65[65]);
void stark_signer_sign(const char *private_hex, const uint8_t hash32[32], uint8_t r32[32],
                       uint8_t s32[32]);

#endif
