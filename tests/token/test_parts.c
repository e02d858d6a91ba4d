/* What the token process is made of, where it can be tried without a token. */
#include <tests/support/openssl_stark.h>

#include <openssl/crypto.h>
#include <pkcs11/ckr.h>
#include <pkcs11/manage.h>
#include <pkcs11/sign.h>
#include <pkcs11/uri.h>
#include <string.h>
#include <tests/support/check.h>

static void be32(const char *hex, uint8_t out[32])
{
    BIGNUM *n = NULL;

    assert_true(BN_hex2bn(&n, hex) > 0);
    assert_int_equal(BN_bn2binpad(n, out, 32), 32);
    BN_free(n);
}

static void parameters_are_what_openssl_writes(void **state)
{
    EC_GROUP *group = ps_test_stark_group();
    unsigned char *der = NULL;
    int length;

    (void)state;
    EC_GROUP_set_asn1_flag(group, OPENSSL_EC_EXPLICIT_CURVE);
    /* OpenSSL writes the cofactor only when it was given; it is 1. */
    assert_int_equal(EC_GROUP_set_generator(group, EC_GROUP_get0_generator(group),
                                            EC_GROUP_get0_order(group), BN_value_one()),
                     1);
    length = i2d_ECPKParameters(group, &der);
    assert_int_equal(length, 225);
    assert_true(ps_curve_params_are(ps_curve(PS_CURVE_STARK), der, (size_t)length));
    der[100] ^= 1;
    assert_false(ps_curve_params_are(ps_curve(PS_CURVE_STARK), der, (size_t)length));
    der[100] ^= 1;
    assert_false(ps_curve_params_are(ps_curve(PS_CURVE_STARK), der, (size_t)length - 1));
    assert_int_equal(EC_GROUP_cmp(group, ps_curve(PS_CURVE_STARK)->group, NULL), 0);
    OPENSSL_free(der);
    EC_GROUP_free(group);
}

static void named_parameters_are_what_openssl_writes(void **state)
{
    static const enum ps_curve_id ids[] = {PS_CURVE_SECP256K1, PS_CURVE_P256};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        unsigned char *der = NULL;
        int length = i2d_ECPKParameters(ps_curve(ids[i])->group, &der);

        assert_true(length > 0);
        assert_true(ps_curve_params_are(ps_curve(ids[i]), der, (size_t)length));
        OPENSSL_free(der);
    }
}

static void points_come_as_octet_string_or_bare(void **state)
{
    const struct ps_curve *curve = ps_curve(PS_CURVE_STARK);
    uint8_t secret[32], point[65], der[67], out[65];

    (void)state;
    be32("3039", secret);
    assert_int_equal(ps_curve_public_from_secret(curve, secret, point, NULL), PS_OK);
    ps_curve_point_to_attribute(point, der);
    assert_true(ps_curve_point_from_attribute(curve, der, 67, out));
    assert_memory_equal(out, point, 65);
    memset(out, 0, sizeof out);
    assert_true(ps_curve_point_from_attribute(curve, point, 65, out));
    assert_memory_equal(out, point, 65);
    assert_false(ps_curve_point_from_attribute(curve, der, 66, out));
    assert_false(ps_curve_point_from_attribute(curve, der, 0, out));
    der[1] = 64;
    assert_false(ps_curve_point_from_attribute(curve, der, 67, out));
    point[64] ^= 1; /* off the curve */
    assert_false(ps_curve_point_from_attribute(curve, point, 65, out));
    point[64] ^= 1;
    point[0] = 0x02;
    assert_false(ps_curve_point_from_attribute(curve, point, 65, out));
}

static void secrets_lie_between_1_and_the_order_less_1(void **state)
{
    const struct ps_curve *curve = ps_curve(PS_CURVE_STARK);
    uint8_t secret[32] = {0};

    (void)state;
    assert_false(ps_curve_secret_ok(curve, secret));
    secret[31] = 1;
    assert_true(ps_curve_secret_ok(curve, secret));
    be32(PS_TEST_ORDER, secret);
    assert_false(ps_curve_secret_ok(curve, secret));
    secret[31] -= 1;
    assert_true(ps_curve_secret_ok(curve, secret));
    secret[31] += 2;
    assert_false(ps_curve_secret_ok(curve, secret));
    memset(secret, 0xff, sizeof secret);
    assert_false(ps_curve_secret_ok(curve, secret));
    assert_false(ps_curve_secret_ok(ps_curve(PS_CURVE_SECP256K1), secret));
}

static enum ps_code hex(const char *text, uint8_t out[32])
{
    return ps_secret_from_hex(text, strlen(text), out, NULL);
}

static void hexadecimal_secrets_are_read_strictly(void **state)
{
    static const char *const bad[] = {
        "",
        "\n",
        "0x",
        "0x\n",
        "g",
        "0x12 34",
        "12\n\n",
        " 12",
        "-1",
        "0x0x12",
        "1`",
        "@1",
        "/1",
        "1:",
        "11111111111111111111111111111111111111111111111111111111111111111",
        "0x11111111111111111111111111111111111111111111111111111111111111111",
    };
    uint8_t out[32], want[32];
    size_t i;

    (void)state;
    be32("0abcdef0123456789", want);
    assert_int_equal(hex("0xabcdef0123456789", out), PS_OK);
    assert_memory_equal(out, want, 32);
    assert_int_equal(hex("ABCDEF0123456789\n", out), PS_OK);
    assert_memory_equal(out, want, 32);
    assert_int_equal(hex("0XaBcDeF0123456789", out), PS_OK);
    assert_memory_equal(out, want, 32);
    assert_int_equal(hex("7", out), PS_OK);
    assert_int_equal(out[31], 7);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (hex(bad[i], out) != PS_INVALID_PARAMS)
            fail_msg("\"%s\" was taken", bad[i]);
}

static void a_stark_hash_is_shifted_by_four_bits(void **state)
{
    uint8_t hash[32], out[32], want[32];

    (void)state;
    be32("07fedcba9876543210fedcba9876543210fedcba9876543210fedcba98765432", hash);
    be32("7fedcba9876543210fedcba9876543210fedcba9876543210fedcba987654320", want);
    assert_true(ps_sign_input(ps_curve(PS_CURVE_STARK), hash, out));
    assert_memory_equal(out, want, 32);
    hash[0] = 0x08;
    assert_false(ps_sign_input(ps_curve(PS_CURVE_STARK), hash, out));
    memset(hash, 0xff, sizeof hash);
    assert_true(ps_sign_input(ps_curve(PS_CURVE_SECP256K1), hash, out));
    assert_memory_equal(out, hash, 32);
}

static void signatures_outside_the_verifiers_range_are_seen(void **state)
{
    BN_CTX *numbers = BN_CTX_new();
    BIGNUM *n = NULL, *s = NULL, *inverse = BN_new();
    uint8_t one[32], zero[32] = {0}, limit[32], below[32], out[32];

    (void)state;
    be32("1", one);
    be32("0800000000000000000000000000000000000000000000000000000000000000", limit);
    be32("07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", below);
    assert_true(ps_sign_stark_range_var(one, one));
    assert_true(ps_sign_stark_range_var(below, one));
    assert_false(ps_sign_stark_range_var(zero, one));
    assert_false(ps_sign_stark_range_var(one, zero));
    assert_false(ps_sign_stark_range_var(limit, one));
    assert_false(ps_sign_stark_range_var(one, limit));
    /* An s below 2^251 whose inverse is 2^251, which is below the order. */
    assert_true(BN_hex2bn(&n, PS_TEST_ORDER) > 0);
    assert_true(BN_hex2bn(&s, "0800000000000000000000000000000000000000000000000000000000000000") >
                0);
    assert_non_null(BN_mod_inverse(inverse, s, n, numbers));
    assert_int_equal(BN_bn2binpad(inverse, out, 32), 32);
    assert_true(out[0] < 0x08);
    assert_false(ps_sign_stark_range_var(one, out));
    BN_free(n);
    BN_free(s);
    BN_free(inverse);
    BN_CTX_free(numbers);
}

static void a_high_s_becomes_low(void **state)
{
    BN_CTX *numbers = BN_CTX_new();
    uint8_t r[32], s[32], zero[32] = {0};

    (void)state;
    be32("1", r);
    be32("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", s);
    assert_true(ps_sign_low_s_var(r, s, numbers));
    assert_memory_equal(s, r, 32);
    assert_true(ps_sign_low_s_var(r, s, numbers));
    assert_memory_equal(s, r, 32);
    /* (n - 1) / 2 is the largest low s. */
    be32("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", s);
    assert_true(ps_sign_low_s_var(r, s, numbers));
    assert_int_equal(s[31], 0xa0);
    be32("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1", s);
    assert_true(ps_sign_low_s_var(r, s, numbers));
    assert_int_equal(s[31], 0xa0);
    assert_false(ps_sign_low_s_var(zero, s, numbers));
    assert_false(ps_sign_low_s_var(r, zero, numbers));
    be32("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", s);
    assert_false(ps_sign_low_s_var(r, s, numbers));
    BN_CTX_free(numbers);
}

static void uris_say_module_token_and_pin_file(void **state)
{
    struct ps_error error;
    struct ps_uri uri;
    CK_SLOT_ID slot;

    (void)state;
    assert_int_equal(ps_uri_parse("pkcs11:token=my%20desk;serial=00ab?module-path=/usr/lib/m.so&"
                                  "pin-source=file:/etc/pin",
                                  &uri, &error),
                     PS_OK);
    assert_string_equal(uri.module_path, "/usr/lib/m.so");
    assert_string_equal(uri.pin_source, "/etc/pin");
    assert_string_equal(uri.wanted_label, "my desk");
    assert_false(ps_uri_slot(&uri, &slot));
    ps_uri_free(&uri);
    assert_int_equal(
        ps_uri_parse("pkcs11:slot-id=7?module-path=/m&pin-source=file:///p", &uri, &error), PS_OK);
    assert_string_equal(uri.pin_source, "/p");
    assert_string_equal(uri.wanted_label, "");
    assert_true(ps_uri_slot(&uri, &slot));
    assert_int_equal(slot, 7);
    ps_uri_free(&uri);
}

static void unclear_uris_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "token=desk",
        "pkcs11:token=desk",
        "pkcs11:token=desk?module-path=lib.so",
        "pkcs11:token=desk?module-path=/m&pin-value=1234",
        "pkcs11:token=desk?module-path=/m&pin-source=|cat%20/p",
        "pkcs11:token=desk?module-path=/m&pin-source=pin",
        "pkcs11:token=desk;object=key?module-path=/m",
        "pkcs11:tokken=desk?module-path=/m",
        "pkcs11:token=%zz?module-path=/m",
    };
    struct ps_error error;
    struct ps_uri uri;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (ps_uri_parse(bad[i], &uri, &error) != PS_INVALID_PARAMS)
            fail_msg("%s was taken", bad[i]);
        assert_true(strlen(error.message) > 10);
        assert_null(strstr(error.message, "1234"));
    }
}

static void a_login_is_refused_only_by_what_speaks_of_the_pin(void **state)
{
    (void)state;
    assert_true(ps_ckr_refuses_pin(CKR_PIN_INCORRECT));
    assert_true(ps_ckr_refuses_pin(CKR_PIN_LOCKED));
    assert_false(ps_ckr_refuses_pin(CKR_DEVICE_ERROR));
    assert_false(ps_ckr_refuses_pin(CKR_OK));
    assert_int_equal(ps_ckr_step(CKR_SESSION_HANDLE_INVALID), PS_STEP_SESSION);
    assert_int_equal(ps_ckr_step(CKR_KEY_HANDLE_INVALID), PS_STEP_OBJECTS);
    assert_int_equal(ps_ckr_step(CKR_USER_NOT_LOGGED_IN), PS_STEP_LOGIN);
    assert_int_equal(ps_ckr_step(CKR_CRYPTOKI_NOT_INITIALIZED), PS_STEP_MODULE);
    assert_int_equal(ps_ckr_step(CKR_MECHANISM_INVALID), PS_STEP_NONE);
    assert_string_equal(ps_ckr_name(0x80001234UL), "an unknown CK_RV");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_what_openssl_writes),
        cmocka_unit_test(named_parameters_are_what_openssl_writes),
        cmocka_unit_test(points_come_as_octet_string_or_bare),
        cmocka_unit_test(secrets_lie_between_1_and_the_order_less_1),
        cmocka_unit_test(hexadecimal_secrets_are_read_strictly),
        cmocka_unit_test(a_stark_hash_is_shifted_by_four_bits),
        cmocka_unit_test(signatures_outside_the_verifiers_range_are_seen),
        cmocka_unit_test(a_high_s_becomes_low),
        cmocka_unit_test(uris_say_module_token_and_pin_file),
        cmocka_unit_test(unclear_uris_are_refused),
        cmocka_unit_test(a_login_is_refused_only_by_what_speaks_of_the_pin),
    };

    if (CRYPTO_secure_malloc_init(65536, 32) != 1 || ps_curves_setup(NULL) != PS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
