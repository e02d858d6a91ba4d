#include <proto/ethereum/keccak.h>

#include <assert.h>
#include <nettle/sha3.h>
#include <string.h>

#define RATE 136u /* bytes per block: 200 - 2 * 32 */

static void permute(uint64_t state[25])
{
    struct sha3_state nettle;

    _Static_assert(sizeof nettle.a == 25 * sizeof state[0], "nettle's state is 25 lanes");
    memcpy(nettle.a, state, sizeof nettle.a);
    sha3_permute(&nettle);
    memcpy(state, nettle.a, sizeof nettle.a);
}

void ps_keccak256_init(struct ps_keccak256 *k)
{
    memset(k, 0, sizeof *k);
}

/* Lanes are little-endian whatever the machine is. */
static void absorb_byte(struct ps_keccak256 *k, uint8_t byte)
{
    k->state[k->at / 8] ^= (uint64_t)byte << (8 * (k->at % 8));
    if (++k->at == RATE) {
        permute(k->state);
        k->at = 0;
    }
}

void ps_keccak256_add(struct ps_keccak256 *k, const void *data, size_t length)
{
    const uint8_t *bytes = data;
    size_t i;

    assert(k->at < RATE);
    for (i = 0; i < length; i++)
        absorb_byte(k, bytes[i]);
}

void ps_keccak256_end(struct ps_keccak256 *k, uint8_t out32[32])
{
    size_t i;

    k->state[k->at / 8] ^= (uint64_t)0x01 << (8 * (k->at % 8));
    k->state[(RATE - 1) / 8] ^= (uint64_t)0x80 << (8 * ((RATE - 1) % 8));
    permute(k->state);
    for (i = 0; i < 32; i++)
        out32[i] = (uint8_t)(k->state[i / 8] >> (8 * (i % 8)));
    ps_keccak256_init(k);
}

void ps_keccak256(uint8_t out32[32], const void *data, size_t length)
{
    struct ps_keccak256 k;

    ps_keccak256_init(&k);
    ps_keccak256_add(&k, data, length);
    ps_keccak256_end(&k, out32);
}

void ps_starknet_keccak_end(struct ps_keccak256 *k, ps_felt *out)
{
    uint8_t digest[32];
    enum ps_code rc;

    ps_keccak256_end(k, digest);
    digest[0] &= 0x03;
    rc = ps_felt_from_be32(out, digest);
    assert(rc == PS_OK);
    (void)rc;
}

void ps_starknet_keccak(ps_felt *out, const void *data, size_t length)
{
    struct ps_keccak256 k;

    ps_keccak256_init(&k);
    ps_keccak256_add(&k, data, length);
    ps_starknet_keccak_end(&k, out);
}

static bool is_text(const char *text, const char *name, size_t length)
{
    return length == strlen(text) && memcmp(text, name, length) == 0;
}

void ps_starknet_selector(ps_felt *out, const char *name, size_t length)
{
    if (is_text("__default__", name, length) || is_text("__l1_default__", name, length))
        *out = ps_felt_zero;
    else
        ps_starknet_keccak(out, name, length);
}
