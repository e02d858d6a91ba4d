#include <tests/support/check.h>

#include <proto/snip12/merkle.h>
#include <proto/stark/pedersen.h>
#include <proto/stark/poseidon.h>
#include <string.h>
#include <tests/support/vectors.h>

static void pinned_root_is_reproduced(void **state)
{
    ps_felt leaves[3] = {ps_test_felt_text("1"), ps_test_felt_text("2"), ps_test_felt_text("3")};
    json_t *file = ps_test_vectors("paradex.json");
    json_t *vector;
    size_t found = 0;
    size_t i;
    ps_felt root;

    (void)state;
    ps_merkle_root_var(&root, leaves, 3, 0);
    json_array_foreach(file, i, vector)
    {
        if (strcmp(ps_test_text(vector, "name"), "merkle_root_pedersen_1_2_3") == 0) {
            ps_felt want = ps_test_felt(ps_test_member(vector, "expected"));

            ps_test_felt_equal("root", &root, &want);
            found++;
        }
    }
    assert_int_equal(found, 1);
    json_decref(file);
}

static void one_leaf_is_its_own_root(void **state)
{
    ps_felt leaf = ps_test_felt_text("0x1234");
    ps_felt root;

    (void)state;
    ps_merkle_root_var(&root, &leaf, 1, 1);
    ps_test_felt_equal("root", &root, &leaf);
}

static void order_of_two_leaves_does_not_matter(void **state)
{
    ps_felt ab[2] = {ps_test_felt_text("5"), ps_test_felt_text("9")};
    ps_felt ba[2] = {ab[1], ab[0]};
    ps_felt want;
    ps_felt one;
    ps_felt two;

    (void)state;
    ps_poseidon_pair(&want, &ab[0], &ab[1]);
    ps_merkle_root_var(&one, ab, 2, 1);
    ps_merkle_root_var(&two, ba, 2, 1);
    ps_test_felt_equal("5, 9", &one, &want);
    ps_test_felt_equal("9, 5", &two, &want);
}

static void a_lonely_node_is_paired_with_zero(void **state)
{
    ps_felt leaves[3] = {ps_test_felt_text("1"), ps_test_felt_text("2"), ps_test_felt_text("3")};
    ps_felt left;
    ps_felt right;
    ps_felt want;
    ps_felt root;

    (void)state;
    ps_pedersen_var(&left, &leaves[0], &leaves[1]);
    ps_pedersen_var(&right, &ps_felt_zero, &leaves[2]);
    if (ps_felt_cmp(&left, &right) <= 0)
        ps_pedersen_var(&want, &left, &right);
    else
        ps_pedersen_var(&want, &right, &left);
    ps_merkle_root_var(&root, leaves, 3, 0);
    ps_test_felt_equal("root", &root, &want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pinned_root_is_reproduced),
        cmocka_unit_test(one_leaf_is_its_own_root),
        cmocka_unit_test(order_of_two_leaves_does_not_matter),
        cmocka_unit_test(a_lonely_node_is_paired_with_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
