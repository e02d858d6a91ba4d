#include <tests/support/check.h>

#include <proto/paradex/address.h>
#include <proto/paradex/environment.h>
#include <proto/stark/felt_text.h>
#include <string.h>
#include <tests/support/vectors.h>

#define CALLDATA_MAX 64

static void addresses_agree_with_starknet_js(void **state)
{
    json_t *file = ps_test_vectors("contract_address.json");
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;
    size_t k;

    (void)state;
    assert_true(json_array_size(vectors) >= 5);
    json_array_foreach(vectors, i, vector)
    {
        json_t *list = ps_test_member(vector, "constructor_calldata");
        ps_felt calldata[CALLDATA_MAX];
        ps_felt deployer = ps_test_felt(ps_test_member(vector, "deployer"));
        ps_felt salt = ps_test_felt(ps_test_member(vector, "salt"));
        ps_felt class_hash = ps_test_felt(ps_test_member(vector, "class_hash"));
        ps_felt want = ps_test_felt(ps_test_member(vector, "address"));
        ps_felt got;

        assert_true(json_array_size(list) <= CALLDATA_MAX);
        for (k = 0; k < json_array_size(list); k++)
            calldata[k] = ps_test_felt(json_array_get(list, k));
        ps_contract_address_var(&got, &deployer, &salt, &class_hash, calldata,
                                json_array_size(list));
        ps_test_felt_equal("address", &got, &want);
    }
    json_decref(file);
}

static void environments_are_whole(void **state)
{
    const struct ps_environment *e;
    ps_felt felt;
    size_t count = 0;

    (void)state;
    for (e = ps_environments; e->name != NULL; e++, count++) {
        assert_ptr_equal(ps_environment_find(e->name), e);
        assert_int_equal(ps_felt_from_short_string(&felt, e->chain_id, strlen(e->chain_id)), PS_OK);
        assert_int_equal(ps_felt_from_hex(&felt, e->proxy_class_hash, strlen(e->proxy_class_hash)),
                         PS_OK);
        assert_int_equal(
            ps_felt_from_hex(&felt, e->account_class_hash, strlen(e->account_class_hash)), PS_OK);
        assert_int_equal(ps_felt_from_hex(&felt, e->evm_class_hash, strlen(e->evm_class_hash)),
                         PS_OK);
        assert_int_equal(strncmp(e->api_url, "https://", 8), 0);
        assert_int_not_equal(e->l1_chain_id, 0);
    }
    assert_int_equal(count, 2);
    assert_null(ps_environment_find("nightly"));
    assert_null(ps_environment_find(""));
    assert_string_not_equal(ps_environment_find("prod")->chain_id,
                            ps_environment_find("testnet")->chain_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_agree_with_starknet_js),
        cmocka_unit_test(environments_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
