#include <tests/support/check.h>
#include <tests/support/vectors.h>
#include <tests/unit/stark/cases.h>
#include <tests/unit/stark/vector_file.h>

#include <proto/stark/curve.h>
#include <proto/stark/felt_text.h>
#include <proto/stark/pedersen.h>
#include <stdlib.h>
#include <string.h>
#include <tests/support/openssl_stark.h>

#define OPERAND_BITS 252
#define POINTS (2 + 2 * OPERAND_BITS)

static void pairs_hash_as_published(void **state)
{
    json_t *file = ps_test_vectors("pedersen.json"), *vector;
    ps_felt a, b, hash, expected;
    size_t i;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(file, "vectors")), 134);
    json_array_foreach(json_object_get(file, "vectors"), i, vector)
    {
        vector_felt(&a, vector, "a");
        vector_felt(&b, vector, "b");
        vector_felt(&expected, vector, "hash");
        ps_pedersen_var(&hash, &a, &b);
        if (!ps_felt_eq(&hash, &expected))
            fail_msg("vector %zu", i);
    }
    json_decref(file);
}

static void sequences_hash_as_published(void **state)
{
    json_t *file = ps_test_vectors("pedersen.json"), *vector, *element;
    struct ps_pedersen_chain chain;
    ps_felt elements[64], hash, expected;
    uint8_t bytes[32];
    size_t i, j;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(file, "arrays")), 7);
    json_array_foreach(json_object_get(file, "arrays"), i, vector)
    {
        const json_t *list = json_object_get(vector, "elements");

        assert_true(json_is_array(list) && json_array_size(list) <= 64);
        ps_pedersen_chain_init(&chain);
        json_array_foreach(list, j, element)
        {
            text_to_be32(bytes, json_string_value(element));
            assert_int_equal(ps_felt_from_be32(&elements[j], bytes), PS_OK);
            ps_pedersen_chain_add_var(&chain, &elements[j]);
        }
        vector_felt(&expected, vector, "hash");
        ps_pedersen_many_var(&hash, elements, j);
        assert_true(ps_felt_eq(&hash, &expected));
        ps_pedersen_chain_end_var(&hash, &chain);
        assert_true(ps_felt_eq(&hash, &expected));
        ps_pedersen_chain_end_var(&hash, &chain); /* ending leaves the chain as it was */
        assert_true(ps_felt_eq(&hash, &expected));
    }
    json_decref(file);
}

static void starkware_tests_hold(void **state)
{
    static const char *const names[] = {"fixtures/starkex_signature_test_data.json",
                                        "fixtures/cryptocpp_signature_test_data.json"};
    ps_felt a, b, hash, expected;
    size_t i, count = 0;

    (void)state;
    for (i = 0; i < 2; i++) {
        json_t *file = ps_test_vectors(names[i]), *vector;
        const char *key;

        json_object_foreach(json_object_get(file, "hash_test"), key, vector)
        {
            vector_felt(&a, vector, "input_1");
            vector_felt(&b, vector, "input_2");
            vector_felt(&expected, vector, "output");
            ps_pedersen_var(&hash, &a, &b);
            assert_true(ps_felt_eq(&hash, &expected));
            count++;
        }
        json_decref(file);
    }
    assert_int_equal(count, 4);
}

/*
 * StarkWare's file has its numbers without quotes, far beyond what a JSON library keeps exactly, so
 * they are taken from the text: all the numbers after "CONSTANT_POINTS".
 */
static void read_published_points(struct ps_affine points[POINTS])
{
    static const char digits[] = "0123456789";
    char *text = vector_file_text("fixtures/starkex_pedersen_params.json"), *at;
    size_t i;

    at = strstr(text, "\"CONSTANT_POINTS\"");
    assert_non_null(at);
    for (i = 0; i < 2 * (size_t)POINTS; i++) {
        ps_felt *coordinate = i % 2 == 0 ? &points[i / 2].x : &points[i / 2].y;
        size_t length;

        at += strcspn(at, digits);
        length = strspn(at, digits);
        assert_int_equal(ps_felt_from_decimal(coordinate, at, length), PS_OK);
        at += length;
        assert_true(i % 2 == 0 || ps_affine_on_curve(&points[i / 2]));
    }
    assert_int_equal(strcspn(at, digits), strlen(at));
    free(text);
}

static void add_bits(struct ps_xyzz *sum, const struct ps_affine *points, const ps_felt *operand)
{
    uint64_t plain[4];
    unsigned bit;

    ps_felt_to_limbs(plain, operand);
    for (bit = 0; bit < OPERAND_BITS; bit++) {
        if (plain[bit / 64] >> (bit % 64) & 1)
            ps_xyzz_add_affine_var(sum, &points[bit], false);
    }
}

/* The definition: one published point per bit, instead of our generated tables. */
static void tables_agree_with_the_published_points(void **state)
{
    static struct ps_affine points[POINTS];
    BIGNUM *prime = NULL, *n = BN_new();
    struct ps_xyzz sum;
    ps_felt a, b, hash, expected;
    size_t i;

    (void)state;
    assert_true(BN_hex2bn(&prime, PS_TEST_PRIME));
    read_published_points(points);
    for (i = 0; i < 2000; i++) {
        case_felt(&a, n, prime);
        case_felt(&b, n, prime);
        ps_xyzz_from_affine(&sum, &points[0]);
        add_bits(&sum, points + 2, &a);
        add_bits(&sum, points + 2 + OPERAND_BITS, &b);
        ps_xyzz_to_x_var(&expected, &sum);
        ps_pedersen_var(&hash, &a, &b);
        assert_true(ps_felt_eq(&hash, &expected));
    }
    BN_free(prime);
    BN_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_hash_as_published),
        cmocka_unit_test(sequences_hash_as_published),
        cmocka_unit_test(starkware_tests_hold),
        cmocka_unit_test(tables_agree_with_the_published_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
