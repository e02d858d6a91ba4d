#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/unit/stark/cases.h>

#include <string.h>

static uint64_t sequence = 20260102;

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t case_u64(void)
{
    uint64_t z = sequence += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void put(uint8_t out32[32], const BIGNUM *number)
{
    assert_int_equal(BN_bn2binpad(number, out32, 32), 32);
}

static void near(uint8_t out32[32], BIGNUM *middle)
{
    const uint64_t way = case_u64() % 7;

    if (way < 3)
        assert_true(BN_sub_word(middle, way));
    else
        assert_true(BN_add_word(middle, way - 3));
    if (BN_is_negative(middle) || BN_num_bits(middle) > 256)
        BN_zero(middle);
    put(out32, middle);
}

void case_be32(uint8_t out32[32])
{
    BIGNUM *n = BN_new();
    int i;

    assert_non_null(n);
    for (i = 0; i < 32; i++)
        out32[i] = (uint8_t)case_u64();
    switch (case_u64() % 8) {
    case 0:
        assert_true(BN_set_word(n, 3));
        near(out32, n);
        break;
    case 1:
        assert_true(BN_hex2bn(&n, case_u64() % 2 ? PS_TEST_PRIME : PS_TEST_ORDER));
        near(out32, n);
        break;
    case 2:
        assert_true(BN_set_bit(n, (int)(case_u64() % 257)));
        near(out32, n);
        break;
    case 3:
        for (i = 0; i < 4; i++) {
            if (case_u64() % 2)
                memset(out32 + 8 * (size_t)i, case_u64() % 2 ? 0xff : 0, 8);
        }
        break;
    default:
        break;
    }
    BN_free(n);
}

void case_below(uint8_t out32[32], BIGNUM *number, const BIGNUM *modulus)
{
    BN_CTX *ctx = BN_CTX_new();

    case_be32(out32);
    assert_non_null(BN_bin2bn(out32, 32, number));
    assert_true(BN_nnmod(number, number, modulus, ctx));
    put(out32, number);
    BN_CTX_free(ctx);
}

void case_felt(ps_felt *out, BIGNUM *number, const BIGNUM *prime)
{
    uint8_t bytes[32];

    case_below(bytes, number, prime);
    assert_int_equal(ps_felt_from_be32(out, bytes), PS_OK);
}

void assert_bytes_are(const uint8_t bytes32[32], const BIGNUM *number)
{
    uint8_t expected[32];

    put(expected, number);
    assert_memory_equal(bytes32, expected, 32);
}

void assert_felt_is(const ps_felt *felt, const BIGNUM *number)
{
    uint8_t bytes[32];
    ps_felt again;

    ps_felt_to_be32(bytes, felt);
    assert_bytes_are(bytes, number);
    /* and the representation is the reduced one */
    assert_int_equal(ps_felt_from_be32(&again, bytes), PS_OK);
    assert_memory_equal(felt, &again, sizeof again);
}
