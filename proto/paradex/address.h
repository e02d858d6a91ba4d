/* Account addresses from public keys (Starknet contract addresses, Pedersen). */
#ifndef PARASIGN_PROTO_PARADEX_ADDRESS_H
#define PARASIGN_PROTO_PARADEX_ADDRESS_H

#include <proto/stark/felt.h>
#include <stddef.h>

/* H([STARKNET_CONTRACT_ADDRESS, deployer, salt, class_hash, H(calldata)]) mod (2^251 - 256). */
void ps_contract_address_var(ps_felt *out, const ps_felt *deployer, const ps_felt *salt,
                             const ps_felt *class_hash, const ps_felt *calldata, size_t count);

/* The Cairo 0 proxy account of a STARK public key (its x). Class hashes: of the environment. */
void ps_stark_account_address_var(ps_felt *out, const ps_felt *public_key,
                                  const ps_felt *proxy_class_hash,
                                  const ps_felt *account_class_hash);
/* The account of an Ethereum address (20 bytes). */
void ps_evm_account_address_var(ps_felt *out, const uint8_t eth_address20[20],
                                const ps_felt *evm_class_hash);

#endif
