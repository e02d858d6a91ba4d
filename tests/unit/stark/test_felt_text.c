#include <tests/support/check.h>
#include <tests/support/openssl_stark.h>
#include <tests/unit/stark/cases.h>

#include <openssl/crypto.h>
#include <proto/stark/felt_text.h>
#include <string.h>

#define P_HEX "0x800000000000011000000000000000000000000000000000000000000000001"
#define P_LESS_1_HEX "0x800000000000011000000000000000000000000000000000000000000000000"
#define P_DECIMAL "3618502788666131213697322783095070105623107215331596699973092056135872020481"
#define P_LESS_1_DECIMAL                                                                           \
    "3618502788666131213697322783095070105623107215331596699973092056135872020480"

enum form { HEX, DECIMAL, SHORT_STRING, ANY };

static enum ps_code parse(enum form form, ps_felt *out, const char *text)
{
    switch (form) {
    case HEX:
        return ps_felt_from_hex(out, text, strlen(text));
    case DECIMAL:
        return ps_felt_from_decimal(out, text, strlen(text));
    case SHORT_STRING:
        return ps_felt_from_short_string(out, text, strlen(text));
    case ANY:
        break;
    }
    return ps_felt_from_text(out, text, strlen(text));
}

static void texts_mean_numbers(void **state)
{
    static const struct {
        enum form form;
        const char *text;
        const char *hex;
        const char *decimal;
    } good[] = {
        {HEX, "0x0", "0x0", "0"},
        {HEX, "0x000", "0x0", "0"},
        {HEX, "0x1", "0x1", "1"},
        {HEX, "0xAbCdEf", "0xabcdef", "11259375"},
        {HEX, P_LESS_1_HEX, P_LESS_1_HEX, P_LESS_1_DECIMAL},
        {HEX, "0x0800000000000011000000000000000000000000000000000000000000000000", P_LESS_1_HEX,
         P_LESS_1_DECIMAL},
        {HEX, "0x0000000000000000000000000000000000000000000000000000000000000001", "0x1", "1"},
        {DECIMAL, "0", "0x0", "0"},
        {DECIMAL, "007", "0x7", "7"},
        {DECIMAL, "18446744073709551616", "0x10000000000000000", "18446744073709551616"},
        {DECIMAL, "9999999999999999999", "0x8ac7230489e7ffff", "9999999999999999999"},
        {DECIMAL, "10000000000000000000", "0x8ac7230489e80000", "10000000000000000000"},
        {DECIMAL, P_LESS_1_DECIMAL, P_LESS_1_HEX, P_LESS_1_DECIMAL},
        {DECIMAL, "0" P_LESS_1_DECIMAL, P_LESS_1_HEX, P_LESS_1_DECIMAL},
        {SHORT_STRING, "", "0x0", "0"},
        {SHORT_STRING, "1", "0x31", "49"},
        {SHORT_STRING, "StarkNet Message", "0x537461726b4e6574204d657373616765",
         "110930206544689809660069706067448260453"},
        {SHORT_STRING, "\x7f", "0x7f", "127"},
        {SHORT_STRING, "0x1", "0x307831", "3176497"},
        {SHORT_STRING, "abcdefghijklmnopqrstuvwxyz01234",
         "0x6162636465666768696a6b6c6d6e6f707172737475767778797a3031323334", NULL},
        {ANY, "Paradex", "0x50617261646578", NULL},
        {ANY, "0x50617261646578", "0x50617261646578", NULL},
        {ANY, "1", "0x1", "1"},
        {ANY, "1.0", "0x312e30", NULL},
        {ANY, "-1", "0x2d31", NULL},
        {ANY, "0X1", "0x305831", NULL},
        {ANY, "", "0x0", "0"},
        {ANY, P_LESS_1_DECIMAL, P_LESS_1_HEX, NULL},
    };
    char hex[PS_FELT_HEX_MAX], decimal[PS_FELT_DECIMAL_MAX];
    ps_felt x;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (parse(good[i].form, &x, good[i].text) != PS_OK)
            fail_msg("refused \"%s\"", good[i].text);
        ps_felt_to_hex(hex, &x);
        assert_string_equal(hex, good[i].hex);
        ps_felt_to_decimal(decimal, &x);
        if (good[i].decimal != NULL)
            assert_string_equal(decimal, good[i].decimal);
    }
}

static void malformed_texts_are_refused(void **state)
{
    static const struct {
        enum form form;
        const char *text;
    } bad[] = {
        {HEX, ""},
        {HEX, "0"},
        {HEX, "0x"},
        {HEX, "0X1"},
        {HEX, "1"},
        {HEX, "x1"},
        {HEX, "0xg"},
        {HEX, "0x 1"},
        {HEX, "0x-1"},
        {HEX, " 0x1"},
        {HEX, "0x1 "},
        {HEX, P_HEX},
        {HEX, "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
        {HEX, "0x10000000000000000000000000000000000000000000000000000000000000000"},
        {HEX, "0x00000000000000000000000000000000000000000000000000000000000000001"},
        {DECIMAL, ""},
        {DECIMAL, "-1"},
        {DECIMAL, "+1"},
        {DECIMAL, " 1"},
        {DECIMAL, "1 "},
        {DECIMAL, "1e3"},
        {DECIMAL, "0x1"},
        {DECIMAL, P_DECIMAL},
        /* 2^256 - 1, 2^256 and 2^256 + 1 have 78 digits; this is the largest number of 77 */
        {DECIMAL, "99999999999999999999999999999999999999999999999999999999999999999999999999999"},
        {DECIMAL, "115792089237316195423570985008687907853269984665640564039457584007913129639935"},
        {DECIMAL, "115792089237316195423570985008687907853269984665640564039457584007913129639937"},
        {DECIMAL, "00" P_LESS_1_DECIMAL},
        {SHORT_STRING, "abcdefghijklmnopqrstuvwxyz012345"},
        {SHORT_STRING, "\x80"},
        {SHORT_STRING, "caf\xc3\xa9"},
        {ANY, "0x"},
        {ANY, "0xyz"},
        {ANY, P_HEX},
        {ANY, P_DECIMAL},
        {ANY, "abcdefghijklmnopqrstuvwxyz012345"},
        {ANY, "\xc3\xa9"},
    };
    ps_felt x;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(bad[i].form, &x, bad[i].text) != PS_INVALID_PARAMS)
            fail_msg("accepted \"%s\"", bad[i].text);
    }
}

static void a_length_is_a_length(void **state)
{
    ps_felt x, y;

    (void)state;
    assert_int_equal(ps_felt_from_hex(&x, "0x12", 3), PS_OK);
    ps_felt_from_u64(&y, 1);
    assert_true(ps_felt_eq(&x, &y));
    assert_int_equal(ps_felt_from_short_string(&x, "a\0b", 3), PS_OK);
    ps_felt_from_u64(&y, 0x610062);
    assert_true(ps_felt_eq(&x, &y));
    assert_int_equal(ps_felt_from_decimal(&x, "1\0", 2), PS_INVALID_PARAMS);
    assert_int_equal(ps_felt_from_hex(&x, "0x1\0", 4), PS_INVALID_PARAMS);
}

static void texts_agree_with_openssl(void **state)
{
    char hex[PS_FELT_HEX_MAX], decimal[79];
    BIGNUM *n = BN_new(), *prime = NULL;
    uint8_t bytes[32];
    ps_felt x, again;
    int i;

    (void)state;
    assert_true(BN_hex2bn(&prime, PS_TEST_PRIME));
    for (i = 0; i < CASES; i++) {
        char *text;
        BIGNUM *back = NULL;

        case_be32(bytes);
        assert_non_null(BN_bin2bn(bytes, 32, n));
        text = BN_bn2dec(n);
        ps_be32_to_decimal(decimal, bytes);
        assert_string_equal(decimal, text);
        OPENSSL_free(text);
        ps_be32_to_hex(hex, bytes);
        assert_true(BN_hex2bn(&back, hex + 2));
        assert_int_equal(BN_cmp(back, n), 0);
        assert_true(strlen(hex) == 3 || hex[2] != '0');
        BN_free(back);

        case_felt(&x, n, prime);
        ps_felt_to_hex(hex, &x);
        assert_int_equal(ps_felt_from_text(&again, hex, strlen(hex)), PS_OK);
        assert_true(ps_felt_eq(&x, &again));
        ps_felt_to_decimal(decimal, &x);
        assert_int_equal(ps_felt_from_text(&again, decimal, strlen(decimal)), PS_OK);
        assert_true(ps_felt_eq(&x, &again));
    }
    BN_free(n);
    BN_free(prime);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_mean_numbers),
        cmocka_unit_test(malformed_texts_are_refused),
        cmocka_unit_test(a_length_is_a_length),
        cmocka_unit_test(texts_agree_with_openssl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
