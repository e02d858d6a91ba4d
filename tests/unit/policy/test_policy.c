/* Deny by default; patterns; main keys only by their name. */
#include <tests/support/check.h>

#include <daemon/config/pattern.h>
#include <daemon/policy/policy.h>

static char all[] = "*", mains[] = "*.main", desk_sub[] = "desk.sub.*", desk[] = "desk.*";
static char sign_order[] = "paradex.sign_order", keys_family[] = "key.*";
static char desk_main[] = "desk.main";

static char *trader_methods[] = {sign_order}, *trader_keys[] = {desk_sub};
static char *viewer_methods[] = {keys_family}, *viewer_keys[] = {all};
static char *operator_methods[] = {all}, *operator_keys[] = {all, mains};
static char *owner_keys[] = {desk_main, desk};

#define LIST(array)                                                                                \
    {                                                                                              \
        .items = (array), .count = sizeof(array) / sizeof(array)[0]                                \
    }

/* uid 1 has two entries: rights of one do not carry over to the other. */
static struct ps_config_client clients[] = {
    {.uid = 1, .name = "trader", .methods = LIST(trader_methods), .keys = LIST(trader_keys)},
    {.uid = 1, .name = "viewer", .methods = LIST(viewer_methods), .keys = LIST(viewer_keys)},
    {.uid = 0, .name = "operator", .methods = LIST(operator_methods), .keys = LIST(operator_keys)},
    {.uid = 2, .name = "owner", .methods = LIST(operator_methods), .keys = LIST(owner_keys)},
    {.uid = 3, .name = "keyless", .methods = LIST(operator_methods)},
};

static const struct ps_config config = {
    .clients = clients,
    .client_count = sizeof clients / sizeof clients[0],
};

static const char *method_rule(uid_t uid, const char *method)
{
    static struct ps_error err;
    const struct ps_peer peer = {.uid = uid, .pidfd = -1};

    if (ps_policy_method(&config, &peer, method, &err) == PS_OK)
        return "allowed";
    assert_int_equal(err.code, PS_POLICY_DENIED);
    return err.rule;
}

static const char *key_rule(uid_t uid, const char *method, const char *key)
{
    static struct ps_error err;
    const struct ps_peer peer = {.uid = uid, .pidfd = -1};

    if (ps_policy_key(&config, &peer, method, key, &err) == PS_OK)
        return "allowed";
    assert_int_equal(err.code, PS_POLICY_DENIED);
    return err.rule;
}

static void methods_are_denied_unless_listed(void **state)
{
    (void)state;
    assert_string_equal(method_rule(1, "paradex.sign_order"), "allowed");
    assert_string_equal(method_rule(1, "paradex.sign_orders"), "method");
    assert_string_equal(method_rule(1, "key.destroy"), "allowed");
    assert_string_equal(method_rule(1, "system.status"), "method");
    assert_string_equal(method_rule(1, "rpc.discover"), "method");
    assert_string_equal(method_rule(0, "rpc.discover"), "allowed");
    assert_string_equal(method_rule(0, "paradex.sign_typed_data"), "allowed");
    assert_string_equal(method_rule(99, "system.status"), "client");
    assert_string_equal(method_rule(99, "rpc.discover"), "client");
}

static void keys_are_denied_unless_listed(void **state)
{
    (void)state;
    assert_string_equal(key_rule(1, "paradex.sign_order", "desk.sub.a"), "allowed");
    assert_string_equal(key_rule(1, "paradex.sign_order", "desk.main"), "key");
    assert_string_equal(key_rule(1, "paradex.sign_order", "desk.evm"), "key");
    assert_string_equal(key_rule(1, "paradex.sign_order", "desk2.sub.a"), "key");
    assert_string_equal(key_rule(3, "paradex.sign_order", "desk.sub.a"), "key");
    assert_string_equal(key_rule(99, "paradex.sign_order", "desk.sub.a"), "key");
}

static void entries_of_one_uid_are_not_mixed(void **state)
{
    (void)state;
    assert_string_equal(key_rule(1, "key.destroy", "other.sub.a"), "allowed");
    assert_string_equal(key_rule(1, "paradex.sign_order", "other.sub.a"), "key");
}

static void main_keys_are_reached_by_name_only(void **state)
{
    (void)state;
    assert_string_equal(key_rule(0, "key.get", "desk.main"), "allowed");
    assert_string_equal(key_rule(1, "key.get", "desk.main"), "key"); /* "*" */
    assert_string_equal(key_rule(2, "key.get", "desk.main"), "allowed");
    assert_string_equal(key_rule(2, "key.get", "other.main"), "key");
    assert_false(ps_pattern_matches_key("desk.*", "desk.main"));
    assert_false(ps_pattern_matches_key("*", "desk.main"));
    assert_true(ps_pattern_matches_key("*.main", "desk.main"));
    assert_false(ps_pattern_matches_key("*.main", "desk.sub.main"));
    assert_false(ps_pattern_matches_key("*.main", "desk.evm"));
}

static void patterns(void **state)
{
    (void)state;
    assert_true(ps_pattern_matches_key("desk.*", "desk.sub.a"));
    assert_true(ps_pattern_matches_key("desk.*", "desk.evm"));
    assert_false(ps_pattern_matches_key("desk.*", "deskx.sub.a"));
    assert_false(ps_pattern_matches_key("desk.sub.*", "desk.readonly.a"));
    assert_true(ps_pattern_matches_key("desk.sub.a", "desk.sub.a"));
    assert_false(ps_pattern_matches_key("desk.sub.a", "desk.sub.ab"));
    assert_true(ps_pattern_matches_key("*", "general.x"));
    assert_true(ps_pattern_matches_method("paradex.*", "paradex.sign_order"));
    assert_false(ps_pattern_matches_method("paradex.*", "para.sign_raw"));
    assert_false(ps_pattern_matches_method("para.*", "paradex.sign_order"));
    assert_false(ps_pattern_matches_method("key.list", "key.get"));
}

/* A subkey may be called main; its role is what its whole name says. */
static void a_subkey_called_main_is_a_subkey(void **state)
{
    (void)state;
    assert_true(ps_pattern_matches_key("desk.sub.*", "desk.sub.main"));
    assert_true(ps_pattern_matches_key("*", "desk.sub.main"));
    assert_true(ps_pattern_matches_key("*", "general.main"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_are_denied_unless_listed),
        cmocka_unit_test(keys_are_denied_unless_listed),
        cmocka_unit_test(entries_of_one_uid_are_not_mixed),
        cmocka_unit_test(main_keys_are_reached_by_name_only),
        cmocka_unit_test(patterns),
        cmocka_unit_test(a_subkey_called_main_is_a_subkey),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
