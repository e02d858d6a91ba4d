#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/unit/stark/cases.h>

#include <proto/stark/scalar.h>

static void assert_scalar_is(const ps_scalar *scalar, const BIGNUM *number)
{
    uint8_t bytes[32];

    ps_scalar_to_be32(bytes, scalar);
    assert_bytes_are(bytes, number);
}

static void operations_agree_with_openssl(void **state)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *order = NULL, *a = BN_new(), *b = BN_new(), *expected = BN_new();
    uint8_t bytes[32];
    ps_scalar x, y, out;
    int i;

    (void)state;
    assert_true(BN_hex2bn(&order, PS_TEST_ORDER));
    for (i = 0; i < CASES; i++) {
        case_below(bytes, a, order);
        assert_int_equal(ps_scalar_from_be32(&x, bytes), PS_OK);
        case_below(bytes, b, order);
        assert_int_equal(ps_scalar_from_be32(&y, bytes), PS_OK);
        assert_scalar_is(&y, b);
        ps_scalar_mul(&out, &x, &y);
        assert_true(BN_mod_mul(expected, a, b, order, ctx));
        assert_scalar_is(&out, expected);
        ps_scalar_mul(&y, &x, &y);
        assert_scalar_is(&y, expected);
        ps_scalar_inv_var(&out, &x);
        if (BN_is_zero(a))
            BN_zero(expected);
        else
            assert_non_null(BN_mod_inverse(expected, a, order, ctx));
        assert_scalar_is(&out, expected);
        assert_int_equal(ps_scalar_is_zero(&x), BN_is_zero(a));
        assert_int_equal(ps_scalar_below_2_251(&x), BN_num_bits(a) <= 251);
    }
    BN_free(order);
    BN_free(a);
    BN_free(b);
    BN_free(expected);
    BN_CTX_free(ctx);
}

static void numbers_of_the_order_or_more_are_refused(void **state)
{
    BIGNUM *order = NULL, *a = BN_new();
    uint8_t bytes[32];
    ps_scalar x;
    int i;

    (void)state;
    assert_true(BN_hex2bn(&order, PS_TEST_ORDER));
    for (i = 0; i < CASES; i++) {
        case_be32(bytes);
        assert_non_null(BN_bin2bn(bytes, 32, a));
        assert_int_equal(ps_scalar_from_be32(&x, bytes),
                         BN_cmp(a, order) < 0 ? PS_OK : PS_INVALID_PARAMS);
    }
    BN_free(order);
    BN_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_agree_with_openssl),
        cmocka_unit_test(numbers_of_the_order_or_more_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
