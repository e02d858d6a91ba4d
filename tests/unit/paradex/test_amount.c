#include <tests/support/check.h>

#include <proto/paradex/amount.h>
#include <string.h>

static void decimals_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        uint64_t e8;
    } good[] = {
        {"0", 0},
        {"0.0", 0},
        {"0.00000000", 0},
        {"1", 100000000},
        {"0.1", 10000000},
        {"1.25", 125000000},
        {"50000", 5000000000000},
        {"0.00000001", 1},
        {"10.00000000", 1000000000},
        {"123456789.12345678", 12345678912345678},
        {"92233720368.54775807", INT64_MAX},
        {"92233720367", 9223372036700000000},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint64_t e8 = 42;

        if (ps_amount_parse(good[i].text, strlen(good[i].text), &e8, NULL) != PS_OK)
            fail_msg("refused %s", good[i].text);
        assert_int_equal(e8, good[i].e8);
    }
}

static void everything_else_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        ".",
        ".5",
        "5.",
        "+1",
        "-1",
        "-0",
        "1e5",
        "1E5",
        "1.0e1",
        "01",
        "00",
        "00.1",
        "0.123456789",
        "0.100000000",
        "1.2.3",
        "1..2",
        "NaN",
        "nan",
        "Infinity",
        "inf",
        " 1",
        "1 ",
        "1\n",
        "\t1",
        "1,0",
        "1_000",
        "1'000",
        "0x10",
        "1/2",
        "1f",
        "\xd9\xa1",     /* ARABIC-INDIC DIGIT ONE */
        "\xef\xbc\x91", /* FULLWIDTH DIGIT ONE */
        "1\xc2\xa0",    /* a no-break space */
        ("\xe2\x88\x92"
         "1"), /* MINUS SIGN */
        "92233720368.54775808",
        "92233720369",
        "184467440737.09551617", /* 2^64 + 1: wraps to 1 when nobody looks */
        "340282366920938463463374607431768211456",
    };
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t e8 = 42;

        if (ps_amount_parse(bad[i], strlen(bad[i]), &e8, &err) != PS_INVALID_PARAMS)
            fail_msg("accepted %s", bad[i]);
        assert_int_equal(e8, 42);
        assert_int_equal(err.code, PS_INVALID_PARAMS);
        assert_string_equal(err.pointer, "");
        assert_true(strlen(err.message) > 5);
    }
}

static void the_length_counts_and_not_the_terminator(void **state)
{
    uint64_t e8;

    (void)state;
    assert_int_equal(ps_amount_parse("1\0", 2, &e8, NULL), PS_INVALID_PARAMS);
    assert_int_equal(ps_amount_parse("1.5\0"
                                     "5",
                                     5, &e8, NULL),
                     PS_INVALID_PARAMS);
    assert_int_equal(ps_amount_parse("\0", 1, &e8, NULL), PS_INVALID_PARAMS);
    assert_int_equal(ps_amount_parse("12x", 2, &e8, NULL), PS_OK);
    assert_int_equal(e8, 1200000000);
}

static void a_very_long_text_is_refused(void **state)
{
    static char text[100001];
    uint64_t e8;

    (void)state;
    memset(text, '9', sizeof text - 1);
    assert_int_equal(ps_amount_parse(text, sizeof text - 1, &e8, NULL), PS_INVALID_PARAMS);
    memset(text, '0', sizeof text - 1);
    assert_int_equal(ps_amount_parse(text, sizeof text - 1, &e8, NULL), PS_INVALID_PARAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_exactly),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(the_length_counts_and_not_the_terminator),
        cmocka_unit_test(a_very_long_text_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
