#include <pkcs11/curve.h>

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/obj_mac.h>
#include <string.h>

/* Explicit ECParameters of the STARK curve, as OpenSSL writes them; a test holds them to that. */
static const uint8_t stark_params[] = {
    0x30, 0x81, 0xde, 0x02, 0x01, 0x01, 0x30, 0x2b, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
    0x01, 0x01, 0x02, 0x20, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x11, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x30, 0x44, 0x04, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x04, 0x20, 0x06,
    0xf2, 0x14, 0x13, 0xef, 0xbe, 0x40, 0xde, 0x15, 0x0e, 0x59, 0x6d, 0x72, 0xf7, 0xa8, 0xc5,
    0x60, 0x9a, 0xd2, 0x6c, 0x15, 0xc9, 0x15, 0xc1, 0xf4, 0xcd, 0xfc, 0xb9, 0x9c, 0xee, 0x9e,
    0x89, 0x04, 0x41, 0x04, 0x01, 0xef, 0x15, 0xc1, 0x85, 0x99, 0x97, 0x1b, 0x7b, 0xec, 0xed,
    0x41, 0x5a, 0x40, 0xf0, 0xc7, 0xde, 0xac, 0xfd, 0x9b, 0x0d, 0x18, 0x19, 0xe0, 0x3d, 0x72,
    0x3d, 0x8b, 0xc9, 0x43, 0xcf, 0xca, 0x00, 0x56, 0x68, 0x06, 0x0a, 0xa4, 0x97, 0x30, 0xb7,
    0xbe, 0x48, 0x01, 0xdf, 0x46, 0xec, 0x62, 0xde, 0x53, 0xec, 0xd1, 0x1a, 0xbe, 0x43, 0xa3,
    0x28, 0x73, 0x00, 0x0c, 0x36, 0xe8, 0xdc, 0x1f, 0x02, 0x20, 0x08, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xb7, 0x81, 0x12, 0x6d,
    0xca, 0xe7, 0xb2, 0x32, 0x1e, 0x66, 0xa2, 0x41, 0xad, 0xc6, 0x4d, 0x2f, 0x02, 0x01, 0x01,
};
static const uint8_t secp256k1_params[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a};
static const uint8_t p256_params[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

/* docs.starknet.io, "STARK curve"; a is 1, the cofactor is 1. */
#define STARK_P "800000000000011000000000000000000000000000000000000000000000001"
#define STARK_B "6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89"
#define STARK_GX "1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca"
#define STARK_GY "5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f"
#define STARK_N "800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f"

static struct ps_curve curves[PS_CURVE_COUNT] = {
    [PS_CURVE_STARK] = {"STARK", stark_params, sizeof stark_params, NULL, NULL},
    [PS_CURVE_SECP256K1] = {"secp256k1", secp256k1_params, sizeof secp256k1_params, NULL, NULL},
    [PS_CURVE_P256] = {"P-256", p256_params, sizeof p256_params, NULL, NULL},
};

static EC_GROUP *stark_group(void)
{
    EC_GROUP *group = NULL;
    EC_POINT *g = NULL;
    BIGNUM *p = NULL, *b = NULL, *x = NULL, *y = NULL, *n = NULL;
    bool done = false;

    if (BN_hex2bn(&p, STARK_P) == 0 || BN_hex2bn(&b, STARK_B) == 0 ||
        BN_hex2bn(&x, STARK_GX) == 0 || BN_hex2bn(&y, STARK_GY) == 0 || BN_hex2bn(&n, STARK_N) == 0)
        goto out;
    if ((group = EC_GROUP_new_curve_GFp(p, BN_value_one(), b, NULL)) == NULL ||
        (g = EC_POINT_new(group)) == NULL ||
        EC_POINT_set_affine_coordinates(group, g, x, y, NULL) != 1 ||
        EC_GROUP_set_generator(group, g, n, BN_value_one()) != 1)
        goto out;
    EC_GROUP_set_asn1_flag(group, OPENSSL_EC_EXPLICIT_CURVE);
    done = true;
out:
    BN_free(p);
    BN_free(b);
    BN_free(x);
    BN_free(y);
    BN_free(n);
    EC_POINT_free(g);
    if (!done) {
        EC_GROUP_free(group);
        group = NULL;
    }
    return group;
}

enum ps_code ps_curves_setup(struct ps_error *err)
{
    size_t i;

    if (curves[PS_CURVE_STARK].group != NULL)
        return PS_OK;
    curves[PS_CURVE_STARK].group = stark_group();
    curves[PS_CURVE_SECP256K1].group = EC_GROUP_new_by_curve_name(NID_secp256k1);
    curves[PS_CURVE_P256].group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    for (i = 0; i < PS_CURVE_COUNT; i++) {
        struct ps_curve *curve = &curves[i];

        if (curve->group == NULL || (curve->half_order = BN_new()) == NULL ||
            BN_rshift1(curve->half_order, EC_GROUP_get0_order(curve->group)) != 1)
            return ps_fail(err, PS_INTERNAL_ERROR, "OpenSSL cannot set up the curve %s",
                           curve->name);
    }
    return PS_OK;
}

const struct ps_curve *ps_curve(enum ps_curve_id id)
{
    assert((unsigned)id < PS_CURVE_COUNT && curves[id].group != NULL);
    return &curves[id];
}

const struct ps_curve *ps_curve_of_kind(enum ps_kind kind)
{
    assert(kind == PS_KIND_STARK || kind == PS_KIND_SECP256K1);
    return ps_curve(kind == PS_KIND_STARK ? PS_CURVE_STARK : PS_CURVE_SECP256K1);
}

bool ps_curve_params_are(const struct ps_curve *curve, const uint8_t *der, size_t length)
{
    return length == curve->params_length && memcmp(der, curve->params, length) == 0;
}

static bool on_curve(const struct ps_curve *curve, const uint8_t point65[PS_POINT_BYTES])
{
    EC_POINT *point = EC_POINT_new(curve->group);
    /* EC_POINT_oct2point refuses coordinates out of range and points off the curve. */
    bool ok = point != NULL && point65[0] == POINT_CONVERSION_UNCOMPRESSED &&
              EC_POINT_oct2point(curve->group, point, point65, PS_POINT_BYTES, NULL) == 1;

    EC_POINT_free(point);
    return ok;
}

bool ps_curve_point_from_attribute(const struct ps_curve *curve, const uint8_t *value,
                                   size_t length, uint8_t out65[PS_POINT_BYTES])
{
    if (length == PS_POINT_BYTES + 2 && value[0] == 0x04 && value[1] == PS_POINT_BYTES) {
        value += 2;
        length -= 2;
    }
    if (length != PS_POINT_BYTES || !on_curve(curve, value))
        return false;
    memcpy(out65, value, PS_POINT_BYTES);
    return true;
}

void ps_curve_point_to_attribute(const uint8_t in65[PS_POINT_BYTES],
                                 uint8_t out67[PS_POINT_BYTES + 2])
{
    out67[0] = 0x04;
    out67[1] = PS_POINT_BYTES;
    memcpy(out67 + 2, in65, PS_POINT_BYTES);
}

bool ps_curve_verify_var(const struct ps_curve *curve, const uint8_t point65[PS_POINT_BYTES],
                         const uint8_t hash32[32], const uint8_t r32[32], const uint8_t s32[32])
{
    const BIGNUM *n = EC_GROUP_get0_order(curve->group);
    BN_CTX *ctx = BN_CTX_new();
    EC_POINT *q = EC_POINT_new(curve->group), *sum = EC_POINT_new(curve->group);
    BIGNUM *z, *r, *s, *w, *x;
    bool ok = false;

    if (ctx == NULL)
        goto out;
    BN_CTX_start(ctx);
    z = BN_CTX_get(ctx);
    r = BN_CTX_get(ctx);
    s = BN_CTX_get(ctx);
    w = BN_CTX_get(ctx);
    x = BN_CTX_get(ctx);
    if (q == NULL || sum == NULL || x == NULL || BN_bin2bn(hash32, 32, z) == NULL ||
        BN_bin2bn(r32, 32, r) == NULL || BN_bin2bn(s32, 32, s) == NULL)
        goto out;
    if (BN_is_zero(r) || BN_is_zero(s) || BN_cmp(r, n) >= 0 || BN_cmp(s, n) >= 0)
        goto out;
    if (EC_POINT_oct2point(curve->group, q, point65, PS_POINT_BYTES, ctx) != 1 ||
        BN_mod_inverse(w, s, n, ctx) == NULL || BN_mod_mul(z, z, w, n, ctx) != 1 ||
        BN_mod_mul(w, r, w, n, ctx) != 1 || EC_POINT_mul(curve->group, sum, z, q, w, ctx) != 1 ||
        EC_POINT_get_affine_coordinates(curve->group, sum, x, NULL, ctx) != 1 ||
        BN_nnmod(x, x, n, ctx) != 1)
        goto out;
    ok = BN_cmp(x, r) == 0;
out:
    if (ctx != NULL)
        BN_CTX_end(ctx);
    EC_POINT_free(q);
    EC_POINT_free(sum);
    BN_CTX_free(ctx);
    return ok;
}

bool ps_curve_secret_ok(const struct ps_curve *curve, const uint8_t secret32[32])
{
    uint8_t n[32];
    unsigned borrow = 0, any = 0;
    size_t i;

    if (BN_bn2binpad(EC_GROUP_get0_order(curve->group), n, sizeof n) != sizeof n)
        return false;
    for (i = sizeof n; i-- > 0;) {
        borrow = ((unsigned)secret32[i] - n[i] - borrow) >> 31;
        any |= secret32[i];
    }
    /* A borrow out of the top: the secret is below n. */
    return (borrow & ((0U - any) >> 31)) == 1;
}

enum ps_code ps_curve_public_from_secret(const struct ps_curve *curve, const uint8_t secret32[32],
                                         uint8_t out65[PS_POINT_BYTES], struct ps_error *err)
{
    BN_CTX *ctx = BN_CTX_secure_new();
    EC_POINT *point = EC_POINT_new(curve->group);
    BIGNUM *secret = BN_secure_new();
    enum ps_code rc = PS_OK;

    if (ctx == NULL || point == NULL || secret == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "out of secure memory");
        goto out;
    }
    BN_set_flags(secret, BN_FLG_CONSTTIME);
    if (BN_bin2bn(secret32, 32, secret) == NULL ||
        EC_POINT_mul(curve->group, point, secret, NULL, NULL, ctx) != 1 ||
        EC_POINT_point2oct(curve->group, point, POINT_CONVERSION_UNCOMPRESSED, out65,
                           PS_POINT_BYTES, ctx) != PS_POINT_BYTES)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "OpenSSL could not compute the public key");
out:
    BN_clear_free(secret);
    EC_POINT_clear_free(point);
    BN_CTX_free(ctx);
    return rc;
}
