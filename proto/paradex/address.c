#include <proto/paradex/address.h>

#include <assert.h>
#include <proto/ethereum/keccak.h>
#include <proto/stark/felt_text.h>
#include <proto/stark/pedersen.h>
#include <string.h>

/* Addresses are modulo 2^251 - 256; P is less than twice that. */
static void reduce(ps_felt *address)
{
    static const uint8_t bound32[32] = {0x07, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00};
    ps_felt bound;
    enum ps_code rc = ps_felt_from_be32(&bound, bound32);

    assert(rc == PS_OK);
    (void)rc;
    if (ps_felt_cmp(address, &bound) >= 0)
        ps_felt_sub(address, address, &bound);
}

void ps_contract_address_var(ps_felt *out, const ps_felt *deployer, const ps_felt *salt,
                             const ps_felt *class_hash, const ps_felt *calldata, size_t count)
{
    static const char prefix_text[] = "STARKNET_CONTRACT_ADDRESS";
    ps_felt elements[5];
    enum ps_code rc;

    rc = ps_felt_from_short_string(&elements[0], prefix_text, sizeof prefix_text - 1);
    assert(rc == PS_OK);
    (void)rc;
    elements[1] = *deployer;
    elements[2] = *salt;
    elements[3] = *class_hash;
    ps_pedersen_many_var(&elements[4], calldata, count);
    ps_pedersen_many_var(out, elements, 5);
    reduce(out);
}

void ps_stark_account_address_var(ps_felt *out, const ps_felt *public_key,
                                  const ps_felt *proxy_class_hash,
                                  const ps_felt *account_class_hash)
{
    static const char initialize[] = "initialize";
    ps_felt calldata[5];

    calldata[0] = *account_class_hash;
    ps_starknet_selector(&calldata[1], initialize, sizeof initialize - 1);
    ps_felt_from_u64(&calldata[2], 2); /* arguments: signer and guardian */
    calldata[3] = *public_key;
    calldata[4] = ps_felt_zero;
    ps_contract_address_var(out, &ps_felt_zero, public_key, proxy_class_hash, calldata, 5);
}

void ps_evm_account_address_var(ps_felt *out, const uint8_t eth_address20[20],
                                const ps_felt *evm_class_hash)
{
    uint8_t be[32] = {0};
    ps_felt calldata[3];
    ps_felt address;
    enum ps_code rc;

    memcpy(be + 12, eth_address20, 20);
    rc = ps_felt_from_be32(&address, be);
    assert(rc == PS_OK);
    (void)rc;
    ps_felt_from_u64(&calldata[0], 3); /* the kind of signer: EIP-191 */
    calldata[1] = address;
    calldata[2] = ps_felt_one;
    ps_contract_address_var(out, &ps_felt_zero, &address, evm_class_hash, calldata, 3);
}
