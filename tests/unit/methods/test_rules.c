/* Key names, the keyring, and keys as the API shows them. */
#include <tests/support/check.h>

#include <daemon/methods/accounts.h>
#include <daemon/methods/key_json.h>
#include <daemon/methods/key_rules.h>
#include <daemon/methods/keyring.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void names_of_keys(void **state)
{
    static const struct ps_config_account desk = {
        .name = "desk", .kind = PS_ACCOUNT_STARKNET, .default_key = "desk.sub.trader"};
    static const struct ps_config_account evm = {.name = "evm", .kind = PS_ACCOUNT_EVM};
    static const struct {
        const struct ps_config_account *account;
        const char *wanted, *name, *says;
    } cases[] = {
        {&desk, NULL, "desk.sub.trader", NULL},
        {&desk, "desk.sub.b", "desk.sub.b", NULL},
        {&desk, "desk.main", "desk.main", NULL},
        {&desk, "other.main", NULL, "belongs to account other"},
        {&desk, "desk2.sub.a", NULL, "belongs to account desk2"},
        {&desk, "desk.evm", NULL, "create a subkey"},
        {&desk, "desk.readonly.a", NULL, "is a secret"},
        {&desk, "general.a", NULL, "is not a key of an account"},
        {&desk, "audit.a", NULL, "is not a key of an account"},
        {&desk, "para.prod", NULL, "is not a key of an account"},
        {&desk, "desk", NULL, "not a key name"},
        {&desk, "", NULL, "not a key name"},
        {&evm, NULL, NULL, "has no default_key"},
        {&evm, "evm.evm", NULL, "create a subkey"},
        {&evm, "evm.main", NULL, "has no STARK main key"},
        {&evm, "evm.sub.a", "evm.sub.a", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ps_error err = {.message = ""};
        const char *name = NULL;
        enum ps_code rc = ps_key_rules_name(cases[i].account, cases[i].wanted, &name, &err);

        if (cases[i].name != NULL) {
            assert_int_equal(rc, PS_OK);
            assert_string_equal(name, cases[i].name);
            continue;
        }
        assert_int_equal(rc, PS_INVALID_PARAMS);
        assert_string_equal(err.pointer, "/params/key");
        if (strstr(err.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].wanted, err.message);
    }
}

static struct ps_token_key make_key(const char *name, enum ps_kind kind)
{
    static const uint8_t generator[65] = {
        0x04, 0x01, 0xef, 0x15, 0xc1, 0x85, 0x99, 0x97, 0x1b, 0x7b, 0xec, 0xed, 0x41,
        0x5a, 0x40, 0xf0, 0xc7, 0xde, 0xac, 0xfd, 0x9b, 0x0d, 0x18, 0x19, 0xe0, 0x3d,
        0x72, 0x3d, 0x8b, 0xc9, 0x43, 0xcf, 0xca, 0x00, 0x56, 0x68, 0x06, 0x0a, 0xa4,
        0x97, 0x30, 0xb7, 0xbe, 0x48, 0x01, 0xdf, 0x46, 0xec, 0x62, 0xde, 0x53, 0xec,
        0xd1, 0x1a, 0xbe, 0x43, 0xa3, 0x28, 0x73, 0x00, 0x0c, 0x36, 0xe8, 0xdc, 0x1f};
    struct ps_token_key key = {.kind = kind, .sensitive = true, .created_on = 20261121};

    (void)snprintf(key.name, sizeof key.name, "%s", name);
    memcpy(key.public_key65, generator, sizeof generator);
    return key;
}

static void see(struct ps_keyring *keyring, const char *name)
{
    struct ps_token_key key = make_key(name, PS_KIND_STARK);

    ps_keyring_events.key_seen(keyring, &key);
}

static void the_keyring_follows_the_token(void **state)
{
    struct ps_keyring *keyring = ps_keyring_new();
    char name[32];
    size_t i;

    (void)state;
    assert_false(ps_keyring_complete(keyring));
    ps_keyring_events.keys_begin(keyring);
    for (i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "desk.sub.k%02zu", (i * 37) % 100);
        see(keyring, name);
    }
    assert_false(ps_keyring_complete(keyring));
    ps_keyring_events.keys_end(keyring);
    assert_true(ps_keyring_complete(keyring));
    assert_int_equal(ps_keyring_count(keyring), 100);
    for (i = 1; i < 100; i++)
        assert_true(strcmp(ps_keyring_at(keyring, i - 1)->key.name,
                           ps_keyring_at(keyring, i)->key.name) < 0);
    assert_string_equal(ps_keyring_find(keyring, "desk.sub.k42")->key.name, "desk.sub.k42");
    assert_null(ps_keyring_find(keyring, "desk.sub.k"));

    ps_keyring_events.key_gone(keyring, "desk.sub.k42");
    ps_keyring_events.key_gone(keyring, "desk.sub.none");
    assert_null(ps_keyring_find(keyring, "desk.sub.k42"));
    see(keyring, "desk.sub.new");
    assert_int_equal(ps_keyring_count(keyring), 100);

    /* The next list: what is not in it is gone; meanwhile all is there. */
    ps_keyring_events.keys_begin(keyring);
    see(keyring, "desk.sub.k07");
    assert_int_equal(ps_keyring_count(keyring), 100);
    ps_keyring_events.keys_end(keyring);
    assert_int_equal(ps_keyring_count(keyring), 1);
    assert_non_null(ps_keyring_find(keyring, "desk.sub.k07"));
    ps_keyring_free(keyring);
}

/* More keys than there is room for tables, each checked often, some of them gone in between. */
static void checks_of_many_keys(void **state)
{
    struct ps_keyring *keyring = ps_keyring_new();
    uint8_t hash32[32] = {0}, one32[32] = {0};
    struct ps_keyring_entry copy;
    char name[32];
    size_t i, round;

    (void)state;
    hash32[31] = one32[31] = 1;
    for (i = 0; i < 80; i++) {
        (void)snprintf(name, sizeof name, "desk.sub.k%02zu", i);
        see(keyring, name);
    }
    for (round = 0; round < 7; round++) {
        for (i = 0; i < 80; i++) {
            (void)snprintf(name, sizeof name, "desk.sub.k%02zu", i);
            copy = *ps_keyring_find(keyring, name);
            if (round == 6 && i % 2 == 0)
                ps_keyring_events.key_gone(keyring, name);
            assert_int_equal(ps_keyring_verify_var(keyring, &copy, hash32, one32, one32),
                             PS_STARK_INVALID);
        }
    }
    assert_int_equal(ps_keyring_count(keyring), 40);
    ps_keyring_free(keyring);
}

static void keys_that_cannot_be_are_refused(void **state)
{
    struct ps_keyring *keyring = ps_keyring_new();
    struct ps_token_key key;

    (void)state;
    key = make_key("desk.main", PS_KIND_STARK);
    ps_keyring_events.key_seen(keyring, &key);
    assert_string_equal(ps_keyring_find(keyring, "desk.main")->key.refused, "");
    key.public_key65[64] ^= 1;
    ps_keyring_events.key_seen(keyring, &key);
    assert_non_null(strstr(ps_keyring_find(keyring, "desk.main")->key.refused, "not a point"));
    key = make_key("desk.main", PS_KIND_SECP256K1);
    ps_keyring_events.key_seen(keyring, &key);
    assert_non_null(
        strstr(ps_keyring_find(keyring, "desk.main")->key.refused, "cannot be of kind"));
    assert_int_equal(ps_keyring_count(keyring), 1);
    ps_keyring_free(keyring);
}

static void keys_as_json(void **state)
{
    struct ps_token_key key = make_key("desk.sub.a", PS_KIND_STARK);
    json_t *json = ps_key_json(&key), *expected;

    (void)state;
    expected = json_loads(
        "{\"name\":\"desk.sub.a\",\"kind\":\"stark\",\"role\":\"subkey\",\"custody\":\"token\","
        "\"public_key\":\"0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca\","
        "\"attributes\":{\"sensitive\":true,\"extractable\":false,\"never_extractable\":false,"
        "\"local\":false},\"created_at\":\"2026-11-21\"}",
        0, NULL);
    assert_non_null(expected);
    assert_true(json_equal(json, expected));
    json_decref(json);
    json_decref(expected);

    key = make_key("desk.evm", PS_KIND_SECP256K1);
    key.created_on = 0;
    (void)snprintf(key.refused, sizeof key.refused, "twin");
    json = ps_key_json(&key);
    assert_int_equal(strlen(json_string_value(json_object_get(json, "public_key"))), 132);
    assert_memory_equal(json_string_value(json_object_get(json, "public_key")), "0x0401ef15", 10);
    assert_true(json_is_null(json_object_get(json, "created_at")));
    assert_string_equal(json_string_value(json_object_get(json, "refused")), "twin");
    assert_string_equal(json_string_value(json_object_get(json, "role")), "evm");
    assert_int_equal(strlen(json_string_value(json_object_get(json, "eth_address"))), 42);
    json_decref(json);
}

/* The examples of EIP-55. */
static void ethereum_addresses_have_their_capitals(void **state)
{
    static const char *const examples[] = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77"};
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        char text[PS_ETHEREUM_ADDRESS_MAX];
        uint8_t address[20];

        for (j = 0; j < 20; j++) {
            char pair[3] = {examples[i][2 + 2 * j], examples[i][3 + 2 * j], '\0'};

            address[j] = (uint8_t)strtoul(pair, NULL, 16);
        }
        ps_ethereum_address_text(text, address);
        assert_string_equal(text, examples[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_keys),
        cmocka_unit_test(the_keyring_follows_the_token),
        cmocka_unit_test(checks_of_many_keys),
        cmocka_unit_test(keys_that_cannot_be_are_refused),
        cmocka_unit_test(keys_as_json),
        cmocka_unit_test(ethereum_addresses_have_their_capitals),
    };

    return cmocka_run_group_tests_name("methods.rules", tests, NULL, NULL);
}
