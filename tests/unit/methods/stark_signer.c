#include <tests/support/check.h>

#include "stark_signer.h"

/* The low-level API: a curve without a name has no other way in. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <string.h>

static BIGNUM *number(const char *hex)
{
    BIGNUM *bn = NULL;

    assert_true(BN_hex2bn(&bn, hex) > 0);
    return bn;
}

static EC_GROUP *stark_group(void)
{
    BIGNUM *p = number("800000000000011000000000000000000000000000000000000000000000001");
    BIGNUM *a = number("1");
    BIGNUM *b = number("6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89");
    BIGNUM *n = number("800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f");
    BIGNUM *x = number("1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca");
    BIGNUM *y = number("5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f");
    EC_GROUP *group = EC_GROUP_new_curve_GFp(p, a, b, NULL);
    EC_POINT *g = EC_POINT_new(group);

    assert_true(EC_POINT_set_affine_coordinates(group, g, x, y, NULL) == 1);
    assert_true(EC_GROUP_set_generator(group, g, n, BN_value_one()) == 1);
    EC_POINT_free(g);
    BN_free(p);
    BN_free(a);
    BN_free(b);
    BN_free(n);
    BN_free(x);
    BN_free(y);
    return group;
}

static EC_KEY *stark_key(const char *private_hex)
{
    EC_GROUP *group = stark_group();
    BIGNUM *d = number(private_hex);
    EC_POINT *q = EC_POINT_new(group);
    EC_KEY *key = EC_KEY_new();

    assert_true(EC_POINT_mul(group, q, d, NULL, NULL, NULL) == 1);
    assert_true(EC_KEY_set_group(key, group) == 1);
    assert_true(EC_KEY_set_private_key(key, d) == 1);
    assert_true(EC_KEY_set_public_key(key, q) == 1);
    EC_POINT_free(q);
    BN_free(d);
    EC_GROUP_free(group);
    return key;
}

void stark_signer_public(const char *private_hex, uint8_t out65[65])
{
    EC_KEY *key = stark_key(private_hex);

    assert_int_equal(EC_POINT_point2oct(EC_KEY_get0_group(key), EC_KEY_get0_public_key(key),
                                        POINT_CONVERSION_UNCOMPRESSED, out65, 65, NULL),
                     65);
    EC_KEY_free(key);
}

void stark_signer_sign(const char *private_hex, const uint8_t hash32[32], uint8_t r32[32],
                       uint8_t s32[32])
{
    EC_KEY *key = stark_key(private_hex);
    uint8_t shifted[32];
    const BIGNUM *r, *s;
    ECDSA_SIG *sig;
    size_t i;

    /* ECDSA drops the low 4 bits of 256: the order has 252. */
    for (i = 0; i < 32; i++)
        shifted[i] = (uint8_t)(hash32[i] << 4 | (i + 1 < 32 ? hash32[i + 1] >> 4 : 0));
    sig = ECDSA_do_sign(shifted, sizeof shifted, key);
    assert_non_null(sig);
    ECDSA_SIG_get0(sig, &r, &s);
    assert_int_equal(BN_bn2binpad(r, r32, 32), 32);
    assert_int_equal(BN_bn2binpad(s, s32, 32), 32);
    ECDSA_SIG_free(sig);
    EC_KEY_free(key);
}
