#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/support/vectors.h>
#include <tests/unit/stark/cases.h>
#include <tests/unit/stark/vector_file.h>

#include <openssl/evp.h>
#include <proto/stark/poseidon.h>
#include <stdio.h>

static void pairs_hash_as_published(void **state)
{
    json_t *file = ps_test_vectors("poseidon.json"), *vector;
    ps_felt a, b, hash, expected;
    size_t i;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(file, "hash")), 17);
    json_array_foreach(json_object_get(file, "hash"), i, vector)
    {
        vector_felt(&a, vector, "a");
        vector_felt(&b, vector, "b");
        vector_felt(&expected, vector, "hash");
        ps_poseidon_pair(&hash, &a, &b);
        assert_true(ps_felt_eq(&hash, &expected));
    }
    json_decref(file);
}

/* The hash of one felt is the permutation of (a, 0, 1). */
static void singles_hash_as_published(void **state)
{
    json_t *file = ps_test_vectors("poseidon.json"), *vector;
    ps_felt lanes[3], expected;
    size_t i;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(file, "hash_single")), 7);
    json_array_foreach(json_object_get(file, "hash_single"), i, vector)
    {
        vector_felt(&lanes[0], vector, "a");
        lanes[1] = ps_felt_zero;
        lanes[2] = ps_felt_one;
        vector_felt(&expected, vector, "hash");
        ps_poseidon_permute(lanes);
        assert_true(ps_felt_eq(&lanes[0], &expected));
    }
    json_decref(file);
}

static void sequences_hash_as_published(void **state)
{
    json_t *file = ps_test_vectors("poseidon.json"), *vector, *element;
    struct ps_poseidon_sponge sponge;
    ps_felt elements[256], hash, expected;
    uint8_t bytes[32];
    size_t i, j;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(file, "hash_many")), 17);
    json_array_foreach(json_object_get(file, "hash_many"), i, vector)
    {
        const json_t *list = json_object_get(vector, "elements");

        assert_true(json_is_array(list) && json_array_size(list) <= 256);
        ps_poseidon_init(&sponge);
        json_array_foreach(list, j, element)
        {
            text_to_be32(bytes, json_string_value(element));
            assert_int_equal(ps_felt_from_be32(&elements[j], bytes), PS_OK);
            ps_poseidon_add(&sponge, &elements[j]);
        }
        vector_felt(&expected, vector, "hash");
        ps_poseidon_many(&hash, elements, j);
        assert_true(ps_felt_eq(&hash, &expected));
        ps_poseidon_end(&hash, &sponge);
        assert_true(ps_felt_eq(&hash, &expected));
        ps_poseidon_end(&hash, &sponge); /* ending leaves the sponge as it was */
        assert_true(ps_felt_eq(&hash, &expected));
    }
    json_decref(file);
}

/* The permutation by its definition, in OpenSSL's numbers: every constant, no compression. */
static void permute_plainly(BIGNUM *s[3], const BIGNUM *prime, BN_CTX *ctx)
{
    static const int matrix[3][3] = {{3, 1, 1}, {1, -1, 1}, {1, 1, -2}};
    BIGNUM *t = BN_new(), *next[3] = {BN_new(), BN_new(), BN_new()};
    int round, i, j;

    for (round = 0; round < 91; round++) {
        for (i = 0; i < 3; i++) {
            char text[16];
            uint8_t digest[32];
            const int length = snprintf(text, sizeof text, "Hades%d", 3 * round + i);

            assert_true(EVP_Digest(text, (size_t)length, digest, NULL, EVP_sha256(), NULL));
            assert_non_null(BN_bin2bn(digest, 32, t));
            assert_true(BN_add(t, t, s[i]) && BN_nnmod(s[i], t, prime, ctx));
            if (i == 2 || round < 4 || round >= 87)
                assert_true(BN_mod_sqr(t, s[i], prime, ctx) &&
                            BN_mod_mul(s[i], s[i], t, prime, ctx));
        }
        for (i = 0; i < 3; i++) {
            BN_zero(next[i]);
            for (j = 0; j < 3; j++) {
                const int factor = matrix[i][j];

                assert_true(BN_copy(t, s[j]) != NULL &&
                            BN_mul_word(t, (BN_ULONG)(factor < 0 ? -factor : factor)));
                assert_true(factor < 0 ? BN_sub(next[i], next[i], t) : BN_add(next[i], next[i], t));
            }
        }
        for (i = 0; i < 3; i++)
            assert_true(BN_nnmod(s[i], next[i], prime, ctx));
    }
    BN_free(t);
    for (i = 0; i < 3; i++)
        BN_free(next[i]);
}

static void permutation_agrees_with_its_definition(void **state)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *prime = NULL, *numbers[3] = {BN_new(), BN_new(), BN_new()};
    ps_felt lanes[3];
    int i, lane;

    (void)state;
    assert_true(BN_hex2bn(&prime, PS_TEST_PRIME));
    for (i = 0; i < 300; i++) {
        for (lane = 0; lane < 3; lane++)
            case_felt(&lanes[lane], numbers[lane], prime);
        ps_poseidon_permute(lanes);
        permute_plainly(numbers, prime, ctx);
        for (lane = 0; lane < 3; lane++)
            assert_felt_is(&lanes[lane], numbers[lane]);
    }
    for (lane = 0; lane < 3; lane++)
        BN_free(numbers[lane]);
    BN_free(prime);
    BN_CTX_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_hash_as_published),
        cmocka_unit_test(singles_hash_as_published),
        cmocka_unit_test(sequences_hash_as_published),
        cmocka_unit_test(permutation_agrees_with_its_definition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
