#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/unit/stark/cases.h>

#include <proto/stark/felt_inline.h>
#include <string.h>

static BN_CTX *ctx;
static BIGNUM *prime, *a, *b, *c, *d, *expected;

static int set_up(void **state)
{
    (void)state;
    ctx = BN_CTX_new();
    a = BN_new();
    b = BN_new();
    c = BN_new();
    d = BN_new();
    expected = BN_new();
    return BN_hex2bn(&prime, PS_TEST_PRIME) == 0;
}

static int tear_down(void **state)
{
    (void)state;
    BN_free(prime);
    BN_free(a);
    BN_free(b);
    BN_free(c);
    BN_free(d);
    BN_free(expected);
    BN_CTX_free(ctx);
    return 0;
}

static void operations_agree_with_openssl(void **state)
{
    ps_felt x, y, out;
    int i;

    (void)state;
    for (i = 0; i < CASES; i++) {
        case_felt(&x, a, prime);
        case_felt(&y, b, prime);
        ps_felt_add(&out, &x, &y);
        assert_true(BN_mod_add(expected, a, b, prime, ctx));
        assert_felt_is(&out, expected);
        ps_felt_sub(&out, &x, &y);
        assert_true(BN_mod_sub(expected, a, b, prime, ctx));
        assert_felt_is(&out, expected);
        ps_felt_mul(&out, &x, &y);
        assert_true(BN_mod_mul(expected, a, b, prime, ctx));
        assert_felt_is(&out, expected);
        ps_felt_sqr(&out, &x);
        assert_true(BN_mod_sqr(expected, a, prime, ctx));
        assert_felt_is(&out, expected);
        BN_zero(expected);
        ps_felt_neg(&out, &x);
        assert_true(BN_mod_sub(expected, expected, a, prime, ctx));
        assert_felt_is(&out, expected);
        assert_int_equal(ps_felt_is_zero(&x), BN_is_zero(a));
        assert_int_equal(ps_felt_eq(&x, &y), BN_cmp(a, b) == 0);
        assert_int_equal(ps_felt_cmp(&x, &y), BN_cmp(a, b));
    }
}

static void outputs_may_be_inputs(void **state)
{
    ps_felt x, y, out, same;
    int i;

    (void)state;
    for (i = 0; i < 100; i++) {
        case_felt(&x, a, prime);
        case_felt(&y, b, prime);
#define CHECK(operation)                                                                           \
    operation(&out, &x, &y);                                                                       \
    same = x;                                                                                      \
    operation(&same, &same, &y);                                                                   \
    assert_true(ps_felt_eq(&out, &same));                                                          \
    same = y;                                                                                      \
    operation(&same, &x, &same);                                                                   \
    assert_true(ps_felt_eq(&out, &same))
        CHECK(ps_felt_add);
        CHECK(ps_felt_sub);
        CHECK(ps_felt_mul);
#undef CHECK
        ps_felt_inv_var(&out, &x);
        same = x;
        ps_felt_inv_var(&same, &same);
        assert_true(ps_felt_eq(&out, &same));
    }
}

static void inverses_agree_with_openssl(void **state)
{
    ps_felt x, out;
    int i;

    (void)state;
    for (i = 0; i < CASES; i++) {
        case_felt(&x, a, prime);
        ps_felt_inv_var(&out, &x);
        if (BN_is_zero(a))
            BN_zero(expected);
        else
            assert_non_null(BN_mod_inverse(expected, a, prime, ctx));
        assert_felt_is(&out, expected);
    }
}

static void square_roots_exist_exactly_for_squares(void **state)
{
    ps_felt x, root, square;
    int i, roots = 0;

    (void)state;
    for (i = 0; i < 600; i++) {
        const int symbol = (case_felt(&x, a, prime), BN_kronecker(a, prime, ctx));

        if (symbol < 0) {
            assert_int_equal(ps_felt_sqrt_var(&root, &x), PS_INVALID_PARAMS);
            continue;
        }
        roots++;
        assert_int_equal(ps_felt_sqrt_var(&root, &x), PS_OK);
        ps_felt_sqr(&square, &root);
        assert_true(ps_felt_eq(&square, &x));
    }
    assert_in_range(roots, 200, 500);
}

static void numbers_of_the_modulus_or_more_are_refused(void **state)
{
    uint8_t bytes[32];
    ps_felt x;
    int i;

    (void)state;
    for (i = 0; i < CASES; i++) {
        case_be32(bytes);
        assert_non_null(BN_bin2bn(bytes, 32, a));
        assert_int_equal(ps_felt_from_be32(&x, bytes),
                         BN_cmp(a, prime) < 0 ? PS_OK : PS_INVALID_PARAMS);
        ps_felt_from_be32_mod(&x, bytes);
        assert_true(BN_nnmod(expected, a, prime, ctx));
        assert_felt_is(&x, expected);
    }
}

static void small_numbers_are_themselves(void **state)
{
    ps_felt x;
    int i;

    (void)state;
    for (i = 0; i < 1000; i++) {
        uint8_t bytes[32];
        uint64_t limbs[4];

        case_be32(bytes);
        memset(bytes, 0, 16);
        ps_limbs_from_be32(limbs, bytes);
        ps_felt_from_u128(&x, limbs[1], limbs[0]);
        assert_non_null(BN_bin2bn(bytes, 32, expected));
        assert_felt_is(&x, expected);
        ps_felt_from_u64(&x, limbs[0]);
        assert_non_null(BN_bin2bn(bytes + 24, 8, expected));
        assert_felt_is(&x, expected);
    }
    assert_felt_is(&ps_felt_one, BN_value_one());
    BN_zero(expected);
    assert_felt_is(&ps_felt_zero, expected);
}

/* A raw 256-bit number of at most k P, often exactly that. */
static void loose(ps_felt *out, BIGNUM *number, BN_ULONG k)
{
    uint8_t bytes[32];

    assert_true(BN_copy(expected, prime) != NULL && BN_mul_word(expected, k));
    case_be32(bytes);
    assert_non_null(BN_bin2bn(bytes, 32, number));
    if (case_u64() % 4 == 0)
        assert_non_null(BN_copy(number, expected));
    else
        assert_true(BN_nnmod(number, number, expected, ctx));
    assert_int_equal(BN_bn2binpad(number, bytes, 32), 32);
    ps_limbs_from_be32(out->v, bytes);
}

static void assert_raw_is(const ps_felt *raw, const BIGNUM *number)
{
    uint8_t bytes[32];

    ps_limbs_to_be32(bytes, raw->v);
    assert_bytes_are(bytes, number);
}

/* Whatever the bounds in felt_inline.h allow, up to the bounds themselves. */
static void loose_values_are_reduced_rightly(void **state)
{
    static const BN_ULONG bounds[][2] = {{1, 31}, {31, 1}, {4, 7}, {7, 4}, {5, 6}, {2, 15}, {1, 1}};
    BIGNUM *r_inverse = BN_new(), *r = BN_new();
    ps_felt x, y, z, w, out;
    size_t i;

    (void)state;
    assert_true(BN_set_bit(r, 256) && BN_mod_inverse(r_inverse, r, prime, ctx) != NULL);
    for (i = 0; i < CASES; i++) {
        const BN_ULONG *bound = bounds[i % (sizeof bounds / sizeof bounds[0])];

        loose(&x, a, bound[0]);
        loose(&y, b, bound[1]);
        ps_fe_mul(&out, &x, &y);
        assert_true(BN_mod_mul(expected, a, b, prime, ctx) &&
                    BN_mod_mul(expected, expected, r_inverse, prime, ctx));
        assert_raw_is(&out, expected);
        ps_fe_normalize(&out, &y);
        assert_true(BN_nnmod(expected, b, prime, ctx));
        assert_raw_is(&out, expected);
        assert_int_equal(ps_fe_is_zero_loose_var(&y), BN_is_zero(expected));

        loose(&x, a, 5);
        ps_fe_sqr(&out, &x);
        assert_true(BN_mod_sqr(expected, a, prime, ctx) &&
                    BN_mod_mul(expected, expected, r_inverse, prime, ctx));
        assert_raw_is(&out, expected);

        loose(&y, b, 4);
        loose(&z, c, 1);
        loose(&w, d, 11);
        ps_fe_mul_add_mul(&out, &x, &y, &z, &w);
        assert_true(BN_mod_mul(a, a, b, prime, ctx) && BN_mod_mul(c, c, d, prime, ctx) &&
                    BN_mod_add(expected, a, c, prime, ctx) &&
                    BN_mod_mul(expected, expected, r_inverse, prime, ctx));
        assert_raw_is(&out, expected);

        loose(&x, a, 3);
        loose(&y, b, 4);
        ps_fe_sub(&out, &x, &y, 4);
        assert_true(BN_copy(expected, prime) != NULL && BN_mul_word(expected, 4) &&
                    BN_add(expected, expected, a) && BN_sub(expected, expected, b));
        assert_raw_is(&out, expected);
    }
    BN_free(r_inverse);
    BN_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_agree_with_openssl),
        cmocka_unit_test(outputs_may_be_inputs),
        cmocka_unit_test(inverses_agree_with_openssl),
        cmocka_unit_test(square_roots_exist_exactly_for_squares),
        cmocka_unit_test(numbers_of_the_modulus_or_more_are_refused),
        cmocka_unit_test(small_numbers_are_themselves),
        cmocka_unit_test(loose_values_are_reduced_rightly),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
