#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/support/vectors.h>
#include <tests/unit/stark/cases.h>
#include <tests/unit/stark/vector_file.h>

#include <openssl/ecdsa.h>
#include <proto/stark/curve.h>
#include <proto/stark/ecdsa.h>
#include <proto/stark/limbs.h>
#include <string.h>

struct signature {
    uint8_t hash[32];
    uint8_t r[32];
    uint8_t s[32];
};

static BN_CTX *ctx;
static EC_GROUP *group;
static BIGNUM *prime, *order;

static int set_up(void **state)
{
    (void)state;
    ctx = BN_CTX_new();
    group = ps_test_stark_group();
    return group == NULL || BN_hex2bn(&prime, PS_TEST_PRIME) == 0 ||
           BN_hex2bn(&order, PS_TEST_ORDER) == 0;
}

static int tear_down(void **state)
{
    (void)state;
    BN_free(prime);
    BN_free(order);
    EC_GROUP_free(group);
    BN_CTX_free(ctx);
    return 0;
}

/* By the three ways to verify, which must agree. */
static enum ps_stark_verdict verdict_on(const struct ps_stark_public *key,
                                        const struct signature *sig)
{
    struct ps_stark_key_table *table = ps_stark_key_table_new(key);
    const enum ps_stark_verdict verdict = ps_stark_verify_var(key, sig->hash, sig->r, sig->s);

    assert_non_null(table);
    assert_int_equal(ps_stark_verify_table_var(table, sig->hash, sig->r, sig->s), verdict);
    if (verdict != PS_STARK_INVALID)
        assert_int_equal(ps_stark_verify_x_var(&key->x, sig->hash, sig->r, sig->s), verdict);
    ps_stark_key_table_free(table);
    return verdict;
}

static void public_of_secret(struct ps_stark_public *out, const uint8_t secret32[32])
{
    uint64_t scalar[4];
    struct ps_xyzz product;
    struct ps_affine point;

    ps_limbs_from_be32(scalar, secret32);
    ps_affine_mul_var(&product, &ps_stark_generator, scalar);
    assert_true(ps_xyzz_to_affine_var(&point, &product));
    *out = (struct ps_stark_public){point.x, point.y};
}

/* Every bit of every part matters. */
static void assert_flips_are_refused(const struct ps_stark_public *key, const struct signature *sig)
{
    struct ps_stark_key_table *table = ps_stark_key_table_new(key);
    struct signature bad = *sig;
    uint8_t *parts[3] = {bad.hash, bad.r, bad.s};
    int part, bit;

    assert_non_null(table);
    for (part = 0; part < 3; part++) {
        for (bit = 0; bit < 256; bit++) {
            parts[part][bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_not_equal(ps_stark_verify_table_var(table, bad.hash, bad.r, bad.s),
                                 PS_STARK_VALID);
            if (bit % 64 == part) {
                assert_int_not_equal(ps_stark_verify_var(key, bad.hash, bad.r, bad.s),
                                     PS_STARK_VALID);
                assert_int_not_equal(ps_stark_verify_x_var(&key->x, bad.hash, bad.r, bad.s),
                                     PS_STARK_VALID);
            }
            parts[part][bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    assert_memory_equal(&bad, sig, sizeof bad);
    ps_stark_key_table_free(table);
}

static void check_published(const struct ps_stark_public *key, const struct signature *sig)
{
    static const uint8_t zero[32] = {0};
    struct ps_stark_public opposite = *key, other;
    uint8_t secret[32] = {0};

    assert_int_equal(verdict_on(key, sig), PS_STARK_VALID);
    assert_flips_are_refused(key, sig);
    ps_felt_neg(&opposite.y, &opposite.y);
    /* Without z the point is r/s Q alone, and has the x of its opposite. */
    assert_int_equal(ps_stark_verify_var(&opposite, sig->hash, sig->r, sig->s),
                     memcmp(sig->hash, zero, 32) == 0 ? PS_STARK_VALID : PS_STARK_INVALID);
    secret[31] = 77;
    public_of_secret(&other, secret);
    assert_int_equal(verdict_on(&other, sig), PS_STARK_INVALID);
    assert_int_equal(ps_stark_verify_x_var(&other.x, sig->hash, sig->r, sig->s), PS_STARK_INVALID);
}

static void signatures_verify_as_published(void **state)
{
    static const char *const lists[] = {"vectors", "divergent"};
    json_t *file = ps_test_vectors("ecdsa_stark.json"), *vector;
    struct ps_stark_public key, same;
    struct signature sig;
    uint8_t bytes[65];
    ps_felt x;
    size_t i, list, count = 0;

    (void)state;
    for (list = 0; list < 2; list++) {
        json_array_foreach(json_object_get(file, lists[list]), i, vector)
        {
            vector_be32(bytes, vector, "priv");
            public_of_secret(&key, bytes);
            vector_felt(&x, vector, "pub");
            assert_true(ps_felt_eq(&key.x, &x));
            if (json_object_get(vector, "pub_full") != NULL) {
                const char *hex = ps_test_text(vector, "pub_full") + 2;
                size_t length;

                assert_true(OPENSSL_hexstr2buf_ex(bytes, sizeof bytes, &length, hex, '\0'));
                assert_int_equal(length, 65);
                assert_int_equal(ps_stark_public_from_bytes(&same, bytes), PS_OK);
                assert_memory_equal(&same, &key, sizeof key);
            }
            vector_be32(sig.hash, vector, "hash");
            vector_be32(sig.r, vector, "r");
            vector_be32(sig.s, vector, "s");
            check_published(&key, &sig);
            if (json_object_get(vector, "r_starknet_js") != NULL) {
                vector_be32(sig.r, vector, "r_starknet_js");
                vector_be32(sig.s, vector, "s_starknet_js");
                check_published(&key, &sig);
            }
            count++;
        }
    }
    assert_int_equal(count, 36);
    json_decref(file);
}

static void starkex_signatures_verify(void **state)
{
    json_t *file = ps_test_vectors("fixtures/starkex_rfc6979.json"), *vector;
    struct ps_stark_public key;
    struct signature sig;
    uint8_t secret[32];
    size_t i;

    (void)state;
    vector_be32(secret, file, "private_key");
    public_of_secret(&key, secret);
    assert_int_equal(json_array_size(json_object_get(file, "messages")), 9);
    json_array_foreach(json_object_get(file, "messages"), i, vector)
    {
        vector_be32(sig.hash, vector, "hash");
        vector_be32(sig.r, vector, "r");
        vector_be32(sig.s, vector, "s");
        check_published(&key, &sig);
    }
    json_decref(file);
}

static void starkex_orders_verify(void **state)
{
    static const char *const names[] = {"party_a_order", "party_b_order", "transfer_order",
                                        "conditional_transfer_order"};
    json_t *file = ps_test_vectors("fixtures/starkex_signature_test_data.json");
    json_t *settlement = json_object_get(file, "settlement"),
           *meta = json_object_get(file, "meta_data");
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        const json_t *order_object = json_object_get(i < 2 ? settlement : file, names[i]);
        const json_t *signature = json_object_get(order_object, "signature");
        const json_t *secret = json_object_get(meta, names[i]);
        struct ps_stark_public key;
        struct signature sig;
        uint8_t bytes[32];
        ps_felt x;

        vector_be32(bytes, secret, "private_key");
        public_of_secret(&key, bytes);
        vector_felt(&x, order_object, "public_key");
        assert_true(ps_felt_eq(&key.x, &x));
        vector_be32(sig.hash, secret, "message_hash");
        vector_be32(sig.r, signature, "r");
        vector_be32(sig.s, signature, "s");
        if (i < 2)
            check_published(&key, &sig);
        else /* the file has the signatures of other messages here */
            assert_int_equal(verdict_on(&key, &sig), PS_STARK_INVALID);
    }
    json_decref(file);
}

static void to_be32(uint8_t out32[32], const BIGNUM *n)
{
    assert_int_equal(BN_bn2binpad(n, out32, 32), 32);
}

/* Whether OpenSSL, which knows nothing of Starknet's ranges, accepts it. */
static bool openssl_accepts(const EC_POINT *key, const BIGNUM *z, const BIGNUM *r, const BIGNUM *s)
{
    EC_KEY *ec_key = EC_KEY_new();
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *digest = BN_new();
    uint8_t digest32[32];
    int result;

    /* It takes the top 252 bits of a digest. */
    assert_true(BN_lshift(digest, z, 4));
    to_be32(digest32, digest);
    assert_true(EC_KEY_set_group(ec_key, group) && EC_KEY_set_public_key(ec_key, key) &&
                ECDSA_SIG_set0(sig, BN_dup(r), BN_dup(s)));
    result = ECDSA_do_verify(digest32, sizeof digest32, sig, ec_key);
    EC_KEY_free(ec_key);
    ECDSA_SIG_free(sig);
    BN_free(digest);
    return result == 1;
}

/* The key under which r = x(point) mod N and s sign z: Q = (s point - z G) / r. */
static enum ps_stark_verdict forge(const EC_POINT *point, const BIGNUM *z, const BIGNUM *r,
                                   const BIGNUM *s)
{
    EC_POINT *key = EC_POINT_new(group);
    BIGNUM *u = BN_new(), *v = BN_new(), *inverse = BN_new();
    struct ps_stark_public public_key;
    struct signature sig;
    uint8_t bytes[65];

    assert_true(BN_mod_inverse(inverse, r, order, ctx) != NULL &&
                BN_mod_mul(v, s, inverse, order, ctx) && BN_mod_mul(u, z, inverse, order, ctx) &&
                BN_sub(u, order, u) && EC_POINT_mul(group, key, u, point, v, ctx));
    assert_true(openssl_accepts(key, z, r, s));
    assert_int_equal(
        EC_POINT_point2oct(group, key, POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof bytes, ctx),
        sizeof bytes);
    assert_int_equal(ps_stark_public_from_bytes(&public_key, bytes), PS_OK);
    to_be32(sig.hash, z);
    to_be32(sig.r, r);
    to_be32(sig.s, s);
    EC_POINT_free(key);
    BN_free(u);
    BN_free(v);
    BN_free(inverse);
    return verdict_on(&public_key, &sig);
}

/* The first point with an x of start or more; x becomes that. */
static void point_from(EC_POINT *out, BIGNUM *x)
{
    while (!EC_POINT_set_compressed_coordinates(group, out, x, 0, ctx))
        assert_true(BN_add_word(x, 1));
}

static void random_below_2_250(BIGNUM *out)
{
    uint8_t bytes[32];

    case_below(bytes, out, prime);
    assert_true(BN_add_word(out, 3) && (BN_num_bits(out) <= 250 || BN_mask_bits(out, 250)) &&
                BN_add_word(out, 1));
}

static void signatures_starknet_would_refuse_are_out_of_range(void **state)
{
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *x = BN_new(), *r = BN_new(), *s = BN_new(), *z = BN_new();
    int i;

    (void)state;
    for (i = 0; i < 20; i++) {
        random_below_2_250(z);
        random_below_2_250(s);
        random_below_2_250(x);
        point_from(point, x);
        assert_int_equal(forge(point, z, x, s), PS_STARK_VALID);

        /* s itself */
        BN_zero(r);
        assert_true(BN_set_bit(r, 251) && BN_add_word(r, (BN_ULONG)i));
        assert_int_equal(forge(point, z, x, r), PS_STARK_OUT_OF_RANGE);
        assert_true(BN_copy(r, order) != NULL && BN_sub_word(r, (BN_ULONG)i + 1));
        assert_int_equal(forge(point, z, x, r), PS_STARK_OUT_OF_RANGE);
        /* 1/s */
        assert_non_null(BN_mod_inverse(r, r, order, ctx));
        assert_int_equal(forge(point, z, x, r), PS_STARK_OUT_OF_RANGE);
        /* r, 2^251 and more */
        BN_zero(x);
        assert_true(BN_set_bit(x, 251) && BN_add_word(x, (BN_ULONG)i));
        point_from(point, x);
        assert_int_equal(forge(point, z, x, s), PS_STARK_OUT_OF_RANGE);
        /* r = x - N is small, but x is not */
        assert_true(BN_copy(x, order) != NULL && BN_add_word(x, (BN_ULONG)i + 1));
        point_from(point, x);
        assert_true(BN_sub(r, x, order));
        assert_int_equal(forge(point, z, r, s), PS_STARK_OUT_OF_RANGE);
    }
    BN_free(x);
    BN_free(r);
    BN_free(s);
    BN_free(z);
    EC_POINT_free(point);
}

static void signatures_at_the_edge_of_the_range_are_valid(void **state)
{
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *x = BN_new(), *s = BN_new(), *z = BN_new();

    (void)state;
    BN_zero(s);
    assert_true(BN_set_bit(s, 251) && BN_sub_word(s, 1) && BN_copy(z, s) != NULL);
    BN_zero(x);
    assert_true(BN_set_bit(x, 251) && BN_sub_word(x, 1));
    while (!EC_POINT_set_compressed_coordinates(group, point, x, 0, ctx))
        assert_true(BN_sub_word(x, 1));
    assert_int_equal(forge(point, z, x, s), PS_STARK_VALID);
    assert_true(BN_one(s));
    BN_zero(z);
    assert_int_equal(forge(point, z, x, s), PS_STARK_VALID);
    assert_true(BN_one(x));
    point_from(point, x);
    assert_int_equal(forge(point, z, x, s), PS_STARK_VALID);
    BN_free(x);
    BN_free(s);
    BN_free(z);
    EC_POINT_free(point);
}

static void numbers_that_no_signature_has_are_invalid(void **state)
{
    json_t *file = ps_test_vectors("ecdsa_stark.json");
    const json_t *vector = json_array_get(json_object_get(file, "vectors"), 5);
    static const char *const bad[] = {
        "0x0", "0x" PS_TEST_ORDER, "0x" PS_TEST_PRIME,
        "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
    struct ps_stark_public key;
    struct signature good, sig;
    uint8_t bytes[32];
    size_t i;

    (void)state;
    vector_be32(bytes, vector, "priv");
    public_of_secret(&key, bytes);
    vector_be32(good.hash, vector, "hash");
    vector_be32(good.r, vector, "r");
    vector_be32(good.s, vector, "s");
    assert_int_equal(verdict_on(&key, &good), PS_STARK_VALID);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sig = good;
        text_to_be32(sig.r, bad[i]);
        assert_int_equal(verdict_on(&key, &sig), PS_STARK_INVALID);
        sig = good;
        text_to_be32(sig.s, bad[i]);
        assert_int_equal(verdict_on(&key, &sig), PS_STARK_INVALID);
    }
    sig = good;
    memset(sig.hash, 0, sizeof sig.hash);
    sig.hash[0] = 8;
    assert_false(ps_stark_hash_in_range(sig.hash));
    assert_int_equal(verdict_on(&key, &sig), PS_STARK_INVALID);
    memset(sig.hash, 0xff, sizeof sig.hash);
    sig.hash[0] = 7;
    assert_true(ps_stark_hash_in_range(sig.hash));
    json_decref(file);
}

/* N - s signs as well as s does, and Starknet lets it, within the range. */
static void the_other_s_is_valid_too(void **state)
{
    json_t *file = ps_test_vectors("ecdsa_stark.json"), *vector;
    struct ps_stark_public key;
    struct signature sig;
    uint8_t bytes[32];
    BIGNUM *s = BN_new();
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(file, "vectors"), i, vector)
    {
        vector_be32(bytes, vector, "priv");
        public_of_secret(&key, bytes);
        vector_be32(sig.hash, vector, "hash");
        vector_be32(sig.r, vector, "r");
        vector_be32(sig.s, vector, "s");
        assert_true(BN_bin2bn(sig.s, 32, s) != NULL && BN_sub(s, order, s));
        to_be32(sig.s, s);
        assert_int_equal(verdict_on(&key, &sig), PS_STARK_VALID);
    }
    BN_free(s);
    json_decref(file);
}

/* z/s G and r/s Q opposite (their sum is infinity) and equal (their sum is a doubling). */
static void special_sums_are_right(void **state)
{
    BIGNUM *r = BN_new(), *s = BN_new(), *z = BN_new(), *d = BN_new(), *u = BN_new();
    EC_POINT *point = EC_POINT_new(group);
    struct ps_stark_public key;
    struct signature sig;
    uint8_t bytes[32];
    int i, checked = 0;

    (void)state;
    for (i = 0; i < 20; i++) {
        random_below_2_250(z);
        random_below_2_250(r);
        random_below_2_250(s);
        assert_true(BN_mod_inverse(d, r, order, ctx) != NULL && BN_mod_mul(d, d, z, order, ctx) &&
                    BN_sub(d, order, d)); /* z + r d = 0 */
        to_be32(bytes, d);
        public_of_secret(&key, bytes);
        to_be32(sig.hash, z);
        to_be32(sig.r, r);
        to_be32(sig.s, s);
        assert_int_equal(verdict_on(&key, &sig), PS_STARK_INVALID);

        /* u = z/s, r = x(2 u G), and d = z/r makes r/s Q = u G */
        random_below_2_250(u);
        assert_true(BN_mod_mul(z, u, s, order, ctx) && BN_add(u, u, u) &&
                    EC_POINT_mul(group, point, u, NULL, NULL, ctx) &&
                    EC_POINT_get_affine_coordinates(group, point, r, NULL, ctx));
        if (BN_num_bits(z) > 251 || BN_num_bits(r) > 251)
            continue;
        assert_true(BN_mod_inverse(d, r, order, ctx) != NULL && BN_mod_mul(d, d, z, order, ctx));
        to_be32(bytes, d);
        public_of_secret(&key, bytes);
        to_be32(sig.hash, z);
        to_be32(sig.r, r);
        assert_int_equal(verdict_on(&key, &sig), PS_STARK_VALID);
        checked++;
    }
    assert_true(checked > 10);
    BN_free(r);
    BN_free(s);
    BN_free(z);
    BN_free(d);
    BN_free(u);
    EC_POINT_free(point);
}

static void keys_off_the_curve_are_refused(void **state)
{
    struct ps_stark_public key;
    uint8_t good[65] = {4}, bad[65], two_to_256_less_1[32];
    ps_felt x;
    int bit;

    (void)state;
    ps_felt_to_be32(good + 1, &ps_stark_generator.x);
    ps_felt_to_be32(good + 33, &ps_stark_generator.y);
    assert_int_equal(ps_stark_public_from_bytes(&key, good), PS_OK);
    for (bit = 0; bit < 65 * 8; bit++) {
        memcpy(bad, good, sizeof bad);
        bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(ps_stark_public_from_bytes(&key, bad), PS_INVALID_PARAMS);
    }
    memset(two_to_256_less_1, 0xff, 32);
    memcpy(bad, good, sizeof bad);
    memcpy(bad + 1, two_to_256_less_1, 32);
    assert_int_equal(ps_stark_public_from_bytes(&key, bad), PS_INVALID_PARAMS);
    memset(bad + 1, 0, 64);
    assert_int_equal(ps_stark_public_from_bytes(&key, bad), PS_INVALID_PARAMS);

    assert_int_equal(ps_stark_public_from_x_var(&key, &ps_stark_generator.x), PS_OK);
    ps_felt_from_u64(&x, 5); /* 5^3 + 5 + B is no square */
    assert_int_equal(ps_stark_public_from_x_var(&key, &x), PS_INVALID_PARAMS);
    assert_int_equal(ps_stark_verify_x_var(&x, good + 1, good + 1, good + 1), PS_STARK_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_verify_as_published),
        cmocka_unit_test(starkex_signatures_verify),
        cmocka_unit_test(starkex_orders_verify),
        cmocka_unit_test(signatures_starknet_would_refuse_are_out_of_range),
        cmocka_unit_test(signatures_at_the_edge_of_the_range_are_valid),
        cmocka_unit_test(numbers_that_no_signature_has_are_invalid),
        cmocka_unit_test(the_other_s_is_valid_too),
        cmocka_unit_test(special_sums_are_right),
        cmocka_unit_test(keys_off_the_curve_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
