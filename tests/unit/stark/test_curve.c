#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/support/vectors.h>
#include <tests/unit/stark/cases.h>
#include <tests/unit/stark/vector_file.h>

#include <proto/stark/limbs.h>
#include <proto/stark/window.h>
#include <string.h>

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

static void to_openssl(EC_POINT *out, const struct ps_affine *p)
{
    uint8_t bytes[65] = {4};

    ps_felt_to_be32(bytes + 1, &p->x);
    ps_felt_to_be32(bytes + 33, &p->y);
    assert_true(EC_POINT_oct2point(group, out, bytes, sizeof bytes, ctx));
}

static void assert_point_is(const struct ps_xyzz *p, const EC_POINT *expected)
{
    struct ps_affine affine;
    ps_felt x;
    EC_POINT *point = EC_POINT_new(group);

    if (EC_POINT_is_at_infinity(group, expected)) {
        assert_true(ps_xyzz_is_infinity(p));
        assert_false(ps_xyzz_to_affine_var(&affine, p));
        assert_false(ps_xyzz_has_x_var(p, &ps_felt_zero));
    } else {
        assert_true(ps_xyzz_to_affine_var(&affine, p));
        assert_true(ps_affine_on_curve(&affine));
        to_openssl(point, &affine);
        assert_int_equal(EC_POINT_cmp(group, point, expected, ctx), 0);
        ps_xyzz_to_x_var(&x, p);
        assert_true(ps_felt_eq(&x, &affine.x));
        assert_true(ps_xyzz_has_x_var(p, &x));
        ps_felt_add(&x, &x, &ps_felt_one);
        assert_false(ps_xyzz_has_x_var(p, &x));
    }
    EC_POINT_free(point);
}

/* A small multiple of the generator, so that equal and opposite points meet often. */
static void small_multiple(struct ps_xyzz *out, EC_POINT *same)
{
    const uint64_t scalar[4] = {case_u64() % 6, 0, 0, 0};
    BIGNUM *n = BN_new();

    ps_affine_mul_var(out, &ps_stark_generator, scalar);
    assert_true(BN_set_word(n, scalar[0]));
    assert_true(EC_POINT_mul(group, same, n, NULL, NULL, ctx));
    BN_free(n);
}

static void additions_agree_with_openssl(void **state)
{
    EC_POINT *p = EC_POINT_new(group), *q = EC_POINT_new(group), *sum = EC_POINT_new(group);
    struct ps_xyzz x, y, acc;
    struct ps_affine affine;
    int i;

    (void)state;
    for (i = 0; i < 2000; i++) {
        const bool negate = case_u64() % 2;

        small_multiple(&x, p);
        small_multiple(&y, q);
        if (negate)
            assert_true(EC_POINT_invert(group, q, ctx));
        assert_true(EC_POINT_add(group, sum, p, q, ctx));
        acc = x;
        ps_xyzz_add_var(&acc, &y, negate);
        assert_point_is(&acc, sum);
        if (ps_xyzz_to_affine_var(&affine, &y)) {
            acc = x;
            ps_xyzz_add_affine_var(&acc, &affine, negate);
            assert_point_is(&acc, sum);
        }
        ps_xyzz_double_var(&x);
        assert_true(EC_POINT_dbl(group, p, p, ctx));
        assert_point_is(&x, p);
    }
    EC_POINT_free(p);
    EC_POINT_free(q);
    EC_POINT_free(sum);
}

static void multiples_agree_with_openssl(void **state)
{
    EC_POINT *p = EC_POINT_new(group), *expected = EC_POINT_new(group);
    BIGNUM *n = BN_new();
    struct ps_affine base = ps_stark_generator;
    struct ps_xyzz product;
    uint8_t bytes[32];
    uint64_t scalar[4];
    int i;

    (void)state;
    to_openssl(p, &base);
    for (i = 0; i < 400; i++) {
        case_be32(bytes); /* not reduced: any number will do */
        ps_limbs_from_be32(scalar, bytes);
        assert_non_null(BN_bin2bn(bytes, 32, n));
        ps_affine_mul_var(&product, &base, scalar);
        assert_true(EC_POINT_mul(group, expected, NULL, p, n, ctx));
        assert_point_is(&product, expected);
        if (ps_xyzz_to_affine_var(&base, &product))
            assert_true(EC_POINT_copy(p, expected));
    }
    EC_POINT_free(p);
    EC_POINT_free(expected);
    BN_free(n);
}

static void the_order_times_a_point_is_infinity(void **state)
{
    const uint64_t n[4] = {0x1e66a241adc64d2f, 0xb781126dcae7b232, 0xffffffffffffffff,
                           0x0800000000000010};
    struct ps_xyzz product;

    (void)state;
    assert_true(ps_affine_on_curve(&ps_stark_generator));
    ps_affine_mul_var(&product, &ps_stark_generator, n);
    assert_true(ps_xyzz_is_infinity(&product));
}

static void windows_agree_with_double_and_add(void **state)
{
    enum { WIDTH_MAX = 7, ROW_MAX = (1 << (WIDTH_MAX - 1)) + 1, COUNT_MAX = 128 };
    static struct ps_affine table[(size_t)COUNT_MAX * ROW_MAX], affine[ROW_MAX];
    static struct ps_xyzz scratch[ROW_MAX];
    int16_t digits[COUNT_MAX];
    unsigned width;
    int i;

    (void)state;
    for (width = 2; width <= WIDTH_MAX; width++) {
        const size_t count = (256 + width - 1) / width;
        struct ps_affine base = ps_stark_generator;
        size_t row;

        for (row = 0; row < count; row++)
            ps_window_fill_row_var(&table[row * PS_WINDOW_ROW(width)], &base, &base, width, scratch,
                                   affine);
        for (i = 0; i < 50; i++) {
            struct ps_xyzz sum, product;
            struct ps_affine p, q;
            uint8_t bytes[32];
            uint64_t scalar[4];
            unsigned carry;

            case_be32(bytes);
            ps_limbs_from_be32(scalar, bytes);
            carry = ps_window_digits_var(digits, scalar, width, count);
            ps_affine_mul_var(&product, &ps_stark_generator, scalar);
            ps_xyzz_set_infinity(&sum);
            ps_window_add_var(&sum, table, width, digits, count);
            if (carry)
                ps_xyzz_add_affine_var(&sum, &base, false);
            assert_int_equal(ps_xyzz_is_infinity(&sum), ps_xyzz_is_infinity(&product));
            if (!ps_xyzz_to_affine_var(&p, &sum) || !ps_xyzz_to_affine_var(&q, &product))
                continue;
            assert_memory_equal(&p, &q, sizeof p);
        }
    }
}

static void x_coordinates_give_points(void **state)
{
    BIGNUM *n = BN_new();
    EC_POINT *point = EC_POINT_new(group);
    struct ps_affine p;
    ps_felt x;
    int i, points = 0;

    (void)state;
    for (i = 0; i < 200; i++) {
        case_felt(&x, n, prime);
        if (EC_POINT_set_compressed_coordinates(group, point, n, 0, ctx)) {
            assert_int_equal(ps_affine_from_x_var(&p, &x), PS_OK);
            assert_true(ps_affine_on_curve(&p) && ps_felt_eq(&p.x, &x));
            points++;
        } else {
            assert_int_equal(ps_affine_from_x_var(&p, &x), PS_INVALID_PARAMS);
        }
    }
    assert_in_range(points, 50, 150);
    BN_free(n);
    EC_POINT_free(point);
}

static void published_keys_are_multiples_of_the_generator(void **state)
{
    json_t *file = ps_test_vectors("fixtures/starkex_keys_precomputed.json"), *value;
    const char *secret;
    struct ps_xyzz product;
    uint8_t bytes[32];
    uint64_t scalar[4];
    ps_felt x;

    (void)state;
    assert_int_equal(json_object_size(file), 29);
    json_object_foreach(file, secret, value)
    {
        text_to_be32(bytes, secret);
        ps_limbs_from_be32(scalar, bytes);
        vector_felt(&x, file, secret);
        ps_affine_mul_var(&product, &ps_stark_generator, scalar);
        assert_true(ps_xyzz_has_x_var(&product, &x));
    }
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(additions_agree_with_openssl),
        cmocka_unit_test(multiples_agree_with_openssl),
        cmocka_unit_test(the_order_times_a_point_is_infinity),
        cmocka_unit_test(windows_agree_with_double_and_add),
        cmocka_unit_test(x_coordinates_give_points),
        cmocka_unit_test(published_keys_are_multiples_of_the_generator),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
