/* The strict parsers: what YAML readers are known to get wrong. */
#include <tests/support/check.h>

#include <daemon/config/scalar.h>
#include <string.h>

struct text_case {
    const char *text;
    bool ok;
    uint64_t value;
};

static void whole_numbers(void **state)
{
    static const struct text_case cases[] = {
        {"0", true, 0},
        {"1", true, 1},
        {"64", true, 64},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"1.5", false, 0},
        {"1.0", false, 0},
        {"010", false, 0},
        {"00", false, 0},
        {"0x10", false, 0},
        {"0o10", false, 0},
        {"0b1", false, 0},
        {"+5", false, 0},
        {"-1", false, 0},
        {"1e3", false, 0},
        {"1_000", false, 0},
        {"5s", false, 0},
        {"5 ", false, 0},
        {" 5", false, 0},
        {"1:30", false, 0},
        {".inf", false, 0},
        {"~", false, 0},
        {"\xd9\xa3", false, 0}, /* an Arabic digit */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ps_error err;
        uint64_t value = 77;
        enum ps_code rc = ps_scalar_uint(cases[i].text, 0, UINT64_MAX, &value, &err);

        assert_int_equal(rc, cases[i].ok ? PS_OK : PS_INVALID_PARAMS);
        assert_true(value == (cases[i].ok ? cases[i].value : 77));
    }
}

static void bounds_hold_at_both_ends(void **state)
{
    struct ps_error err;
    uint64_t value;

    (void)state;
    assert_int_equal(ps_scalar_uint("9", 10, 20, &value, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "10 to 20"));
    assert_int_equal(ps_scalar_uint("10", 10, 20, &value, &err), PS_OK);
    assert_int_equal(ps_scalar_uint("20", 10, 20, &value, &err), PS_OK);
    assert_int_equal(ps_scalar_uint("21", 10, 20, &value, &err), PS_INVALID_PARAMS);
}

static void switches(void **state)
{
    static const struct text_case cases[] = {
        {"on", true, 1},     {"off", true, 0},   {"true", true, 1}, {"false", true, 0},
        {"flase", false, 0}, {"True", false, 0}, {"yes", false, 0}, {"no", false, 0},
        {"1", false, 0},     {"0", false, 0},    {"", false, 0},    {"on ", false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool value = false;

        assert_int_equal(ps_scalar_switch(cases[i].text, &value, NULL),
                         cases[i].ok ? PS_OK : PS_INVALID_PARAMS);
        assert_int_equal(value, cases[i].value);
    }
}

static void file_modes(void **state)
{
    static const struct text_case cases[] = {
        {"0660", true, 0660}, {"0000", true, 0},       {"0777", true, 0777}, {"660", false, 0},
        {"0o660", false, 0},  {"1777", false, 0},      {"0888", false, 0},   {"00660", false, 0},
        {"", false, 0},       {"rw-rw----", false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mode_t mode = 0;

        assert_int_equal(ps_scalar_mode(cases[i].text, &mode, NULL),
                         cases[i].ok ? PS_OK : PS_INVALID_PARAMS);
        assert_int_equal(mode, cases[i].value);
    }
}

static void paths(void **state)
{
    static const struct text_case cases[] = {
        {"/a", true, 0},
        {"/", true, 0},
        {"/a/b.c/d-e", true, 0},
        {"/a/", true, 0},
        {"/...", true, 0},
        {"a", false, 0},
        {"./a", false, 0},
        {"../a", false, 0},
        {"/a/../b", false, 0},
        {"/a/./b", false, 0},
        {"/a//b", false, 0},
        {"/a/..", false, 0},
        {"//a", false, 0},
        {"", false, 0},
        {"~/a", false, 0},
        {"/a\nb", false, 0},
        {"/0123456789abcdef", false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[17];

        assert_int_equal(ps_scalar_path(cases[i].text, sizeof out - 1, out, NULL),
                         cases[i].ok ? PS_OK : PS_INVALID_PARAMS);
        if (cases[i].ok)
            assert_string_equal(out, cases[i].text);
    }
}

static void users(void **state)
{
    struct ps_error err;
    uid_t uid = 77;

    (void)state;
    assert_int_equal(ps_scalar_user("root", &uid, &err), PS_OK);
    assert_int_equal(uid, 0);
    assert_int_equal(ps_scalar_user("1000", &uid, &err), PS_OK);
    assert_int_equal(uid, 1000);
    assert_int_equal(ps_scalar_user("4294967295", &uid, &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_scalar_user("007", &uid, &err), PS_INVALID_PARAMS);
    assert_int_equal(ps_scalar_user("nobody-has-this-name", &uid, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "there is no user"));
}

static void choices(void **state)
{
    static const char *const known[] = {"strict", "deny", "off", NULL};
    struct ps_error err;
    unsigned index = 77;

    (void)state;
    assert_int_equal(ps_scalar_choice("off", known, &index, &err), PS_OK);
    assert_int_equal(index, 2);
    assert_int_equal(ps_scalar_choice("Off", known, &index, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "strict, deny, off"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers), cmocka_unit_test(bounds_hold_at_both_ends),
        cmocka_unit_test(switches),      cmocka_unit_test(file_modes),
        cmocka_unit_test(paths),         cmocka_unit_test(users),
        cmocka_unit_test(choices),
    };

    return cmocka_run_group_tests_name("config.scalar", tests, NULL, NULL);
}
