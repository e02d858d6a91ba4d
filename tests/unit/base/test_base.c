#include <tests/support/check.h>

#include <parasign/error.h>
#include <proto/base/key_name.h>
#include <string.h>

static void names_give_roles(void **state)
{
    static const struct {
        const char *text;
        enum ps_role role;
        const char *account;
        const char *part;
    } good[] = {
        {"desk.main", PS_ROLE_MAIN, "desk", ""},
        {"desk.evm", PS_ROLE_EVM, "desk", ""},
        {"desk.sub.trader", PS_ROLE_SUBKEY, "desk", "trader"},
        {"desk.readonly.web_1", PS_ROLE_READONLY, "desk", "web_1"},
        {"para.beta", PS_ROLE_PARA, "", "beta"},
        {"audit.head", PS_ROLE_AUDIT, "", "head"},
        {"general.x", PS_ROLE_GENERAL, "", "x"},
        {"0.main", PS_ROLE_MAIN, "0", ""},
        {"a234567890123456789012345678901.main", PS_ROLE_MAIN, "a234567890123456789012345678901",
         ""},
        /* the word after the account decides, whatever the last part says */
        {"desk.sub.main", PS_ROLE_SUBKEY, "desk", "main"},
        {"main.sub.x", PS_ROLE_SUBKEY, "main", "x"},
    };
    struct ps_key_name name;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(ps_key_name_parse(good[i].text, &name, NULL), PS_OK);
        assert_int_equal(name.role, good[i].role);
        assert_string_equal(name.account, good[i].account);
        assert_string_equal(name.part, good[i].part);
    }
}

static void malformed_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "desk",
        "desk.",
        ".main",
        "desk.main.",
        "desk.main.x",
        "desk.sub",
        "desk.sub.",
        "desk.sub.a.b",
        "Desk.main",
        "desk.Main",
        "desk .main",
        "desk.main ",
        "-desk.main",
        "desk.sub._x",
        "para",
        "para.beta.x",
        "general.a.b",
        "audit.main.x",
        "desk..main",
        "desk.other",
        "para.main.x",
        "d\xc3\xa9sk.main",
        "a2345678901234567890123456789012.main",
        "general.sub.x",
    };
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (ps_key_name_parse(bad[i], NULL, &err) != PS_INVALID_PARAMS)
            fail_msg("accepted %s", bad[i]);
        assert_non_null(strstr(err.message, "<account>.main"));
    }
}

static void roles_take_their_kinds_only(void **state)
{
    (void)state;
    assert_true(ps_role_takes_kind(PS_ROLE_MAIN, PS_KIND_STARK));
    assert_false(ps_role_takes_kind(PS_ROLE_MAIN, PS_KIND_SECP256K1));
    assert_true(ps_role_takes_kind(PS_ROLE_EVM, PS_KIND_SECP256K1));
    assert_false(ps_role_takes_kind(PS_ROLE_EVM, PS_KIND_STARK));
    assert_false(ps_role_takes_kind(PS_ROLE_SUBKEY, PS_KIND_SECP256K1));
    assert_true(ps_role_takes_kind(PS_ROLE_PARA, PS_KIND_SECRET));
    assert_false(ps_role_takes_kind(PS_ROLE_PARA, PS_KIND_STARK));
    assert_false(ps_role_takes_kind(PS_ROLE_AUDIT, PS_KIND_STARK));
}

static void error_codes_go_both_ways_and_differ(void **state)
{
    unsigned a, b;

    (void)state;
    for (a = 0; a < PS_CODE_COUNT; a++) {
        assert_int_equal(ps_code_from_name(ps_code_name((enum ps_code)a)), a);
        for (b = 0; b < a; b++)
            assert_int_not_equal(ps_code_rpc((enum ps_code)a), ps_code_rpc((enum ps_code)b));
    }
    assert_int_equal(ps_code_from_name("no_such_code"), PS_CODE_COUNT);
    assert_string_equal(ps_code_name((enum ps_code)9999), "internal_error");
}

static void long_messages_end_at_a_character(void **state)
{
    struct ps_error err;
    char text[PS_ERROR_MESSAGE_MAX + 8];
    size_t lead;

    (void)state;
    for (lead = 0; lead < 4; lead++) {
        size_t at = 0;

        while (at < lead)
            text[at++] = 'x';
        while (at + 3 < sizeof text) {
            memcpy(text + at, "\xe2\x82\xac", 3);
            at += 3;
        }
        text[at] = '\0';
        assert_int_equal(ps_fail(&err, PS_TOKEN_ERROR, "%s", text), PS_TOKEN_ERROR);
        assert_int_equal((strlen(err.message) - lead) % 3, 0);
        assert_true(strlen(err.message) > PS_ERROR_MESSAGE_MAX - 5);
    }
}

static void pointers_grow_at_the_front(void **state)
{
    struct ps_error err;

    (void)state;
    assert_int_equal(ps_fail_at(&err, "/size", "bad"), PS_INVALID_PARAMS);
    ps_error_prefix_pointer(&err, "/params/order");
    assert_string_equal(err.pointer, "/params/order/size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_give_roles),
        cmocka_unit_test(malformed_names_are_refused),
        cmocka_unit_test(roles_take_their_kinds_only),
        cmocka_unit_test(error_codes_go_both_ways_and_differ),
        cmocka_unit_test(long_messages_end_at_a_character),
        cmocka_unit_test(pointers_grow_at_the_front),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
