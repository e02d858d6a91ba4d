#include <proto/snip12/byte_array.h>

#include <assert.h>
#include <proto/stark/poseidon.h>
#include <string.h>

#define WORD 31u /* bytes */

/* Unlike a short string, a word may have any bytes: 31 of them are always below P. */
static void word_felt(ps_felt *out, const uint8_t *bytes, size_t length)
{
    uint8_t be[32] = {0};
    enum ps_code rc;

    assert(length <= WORD);
    if (length > 0)
        memcpy(be + sizeof be - length, bytes, length);
    rc = ps_felt_from_be32(out, be);
    assert(rc == PS_OK);
    (void)rc;
}

void ps_byte_array_hash(ps_felt *out, const void *bytes, size_t length)
{
    struct ps_poseidon_sponge sponge;
    const uint8_t *at = bytes;
    ps_felt felt;
    size_t i;

    ps_poseidon_init(&sponge);
    ps_felt_from_u64(&felt, length / WORD);
    ps_poseidon_add(&sponge, &felt);
    for (i = 0; i < length / WORD; i++, at += WORD) {
        word_felt(&felt, at, WORD);
        ps_poseidon_add(&sponge, &felt);
    }
    word_felt(&felt, at, length % WORD);
    ps_poseidon_add(&sponge, &felt);
    ps_felt_from_u64(&felt, length % WORD);
    ps_poseidon_add(&sponge, &felt);
    ps_poseidon_end(out, &sponge);
}
