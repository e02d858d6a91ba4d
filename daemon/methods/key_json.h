/* A key as the API shows it. */
#ifndef PARASIGN_DAEMON_METHODS_KEY_JSON_H
#define PARASIGN_DAEMON_METHODS_KEY_JSON_H

#include <jansson.h>
#include <proto/ipc/token_proto.h>

/* New reference; NULL when memory is out. */
json_t *ps_key_json(const struct ps_token_key *key);

/* 0x and lowercase hex of a STARK key's x without leading zeros, or of the whole point of another
 * kind; NUL-terminated. */
#define PS_PUBLIC_KEY_HEX_MAX 133
void ps_public_key_hex(char out[PS_PUBLIC_KEY_HEX_MAX], enum ps_kind kind,
                       const uint8_t public_key65[65]);

/* An Ethereum address with the mixed case of EIP-55; NUL-terminated. */
#define PS_ETHEREUM_ADDRESS_MAX 43
void ps_ethereum_address_text(char out[PS_ETHEREUM_ADDRESS_MAX], const uint8_t address20[20]);

#endif
