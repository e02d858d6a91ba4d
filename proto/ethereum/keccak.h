/* Keccak-256 as Ethereum uses it (padding 0x01, not SHA-3's 0x06), and Starknet's cut of it. */
#ifndef PARASIGN_PROTO_ETHEREUM_KECCAK_H
#define PARASIGN_PROTO_ETHEREUM_KECCAK_H

#include <proto/stark/felt.h>
#include <stddef.h>

/* Plain data; nothing to free. */
struct ps_keccak256 {
    uint64_t state[25];
    size_t at; /* bytes absorbed into the current block */
};

void ps_keccak256_init(struct ps_keccak256 *k);
void ps_keccak256_add(struct ps_keccak256 *k, const void *data, size_t length);
/* Leaves k as after ps_keccak256_init(). */
void ps_keccak256_end(struct ps_keccak256 *k, uint8_t out32[32]);
void ps_keccak256(uint8_t out32[32], const void *data, size_t length);

/* sn_keccak: Keccak-256 modulo 2^250. Type hashes and entry point selectors. */
void ps_starknet_keccak(ps_felt *out, const void *data, size_t length);
/* The same for data that was added piece by piece; ends k. */
void ps_starknet_keccak_end(struct ps_keccak256 *k, ps_felt *out);
/* The selector of an entry point: sn_keccak of its name; 0 for __default__ and __l1_default__. */
void ps_starknet_selector(ps_felt *out, const char *name, size_t length);

#endif
