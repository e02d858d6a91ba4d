#include <tests/support/check.h>

#include <proto/snip12/typed_data.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <string.h>
#include <tests/support/vectors.h>

#define FIXTURE_ACCOUNT "0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826"

static struct ps_typed_data *read_document(const char *what, json_t *doc)
{
    struct ps_typed_data *td = NULL;
    struct ps_error err;

    if (ps_typed_data_read(doc, &td, &err) != PS_OK)
        fail_msg("%s: %s: %s", what, err.pointer, err.message);
    return td;
}

static void check_message_hash(const char *what, const struct ps_typed_data *td,
                               const ps_felt *account, const json_t *expected)
{
    ps_felt want = ps_test_felt(expected);
    ps_felt got;

    assert_int_equal(ps_typed_data_message_hash_var(td, account, &got, NULL), PS_OK);
    ps_test_felt_equal(what, &got, &want);
}

static void check_type_hashes(const char *what, const struct ps_typed_data *td, json_t *hashes)
{
    const char *type;
    json_t *entry;

    assert_true(json_object_size(hashes) >= 2);
    json_object_foreach(hashes, type, entry)
    {
        ps_felt want = ps_test_felt(ps_test_member(entry, "hash"));
        ps_felt got;

        assert_int_equal(ps_typed_data_type_hash(td, type, &got, NULL), PS_OK);
        ps_test_felt_equal(what, &got, &want);
    }
}

/*
 * message_hash_domain_order_name_version_chainId is what a library with a fixed domain gives: the
 * same document with the domain's fields in the usual order.
 */
static void check_usual_order(const char *what, json_t *doc, const ps_felt *account,
                              const json_t *expected)
{
    json_t *copy = json_deep_copy(doc);
    json_t *fields = json_object_get(json_object_get(copy, "types"), "StarkNetDomain");
    json_t *chain = json_incref(json_array_get(fields, 1));
    struct ps_typed_data *td;

    assert_string_equal(ps_test_text(chain, "name"), "chainId");
    assert_int_equal(json_array_remove(fields, 1), 0);
    assert_int_equal(json_array_append_new(fields, chain), 0);
    td = read_document(what, copy);
    check_message_hash(what, td, account, expected);
    ps_typed_data_free(td);
    json_decref(copy);
}

static void check_vector(json_t *vector)
{
    const char *what = ps_test_text(vector, "name");
    json_t *doc = ps_test_member(vector, "typed_data");
    ps_felt account = ps_test_felt(ps_test_member(vector, "account"));
    json_t *usual = json_object_get(vector, "message_hash_domain_order_name_version_chainId");
    struct ps_typed_data *td = read_document(what, doc);

    check_message_hash(what, td, &account, ps_test_member(vector, "message_hash"));
    check_type_hashes(what, td, ps_test_member(vector, "type_hashes"));
    if (usual != NULL)
        check_usual_order(what, doc, &account, usual);
    ps_typed_data_free(td);
}

static void check_file(const char *name, size_t at_least)
{
    json_t *file = ps_test_vectors(name);
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;

    assert_true(json_array_size(vectors) >= at_least);
    json_array_foreach(vectors, i, vector) check_vector(vector);
    json_decref(file);
}

static void documents_of_revision_0_hash_as_in_starknet_js(void **state)
{
    (void)state;
    check_file("typed_data_rev0.json", 14);
}

static void documents_of_revision_1_hash_as_in_starknet_js(void **state)
{
    (void)state;
    check_file("typed_data_rev1.json", 14);
}

/* Message hashes of the fixtures for FIXTURE_ACCOUNT, as starknet.js 8.9 computes them. */
static const struct {
    const char *file;
    const char *hash;
} fixtures[] = {
    {"starknetjs_baseExample", "0x6fcff244f63e38b9d88b9e3378d44757710d1b244282b435cb472053c8d78d0"},
    {"starknetjs_example_baseTypes",
     "0xdb7829db8909c0c5496f5952bcfc4fc894341ce01842537fc4f448743480b6"},
    /* has a variant without parts: starknet.js hashes it as one part that is 0 */
    {"starknetjs_example_enum",
     "0x6e61abaf480b1370bbf231f54e298c5f4872f40a6d2dd409ff30accee5bbd1e"},
    {"starknetjs_example_presetTypes",
     "0x185b339d5c566a883561a88fb36da301051e2c0225deb325c91bb7aa2f3473a"},
    {"starknetjs_mail_StructArray",
     "0x5914ed2764eca2e6a41eb037feefd3d2e33d9af6225a9e7fe31ac943ff712c"},
    {"starknetjs_session_MerkleTree",
     "0x751fb7d98545f7649d0d0eadc80d770fcd88d8cfaa55590b284f4e1b701ef0a"},
    {"starknetpy_typed_data_rev_0_example",
     "0x6fcff244f63e38b9d88b9e3378d44757710d1b244282b435cb472053c8d78d0"},
    {"starknetpy_typed_data_rev_0_felt_array_example",
     "0x30ab43ef724b08c3b0a9bbe425e47c6173470be75d1d4c55fd5bf9309896bce"},
    {"starknetpy_typed_data_rev_0_long_string_example",
     "0x691b977ee0ee645647336f01d724274731f544ad0d626b078033d2541ee641d"},
    {"starknetpy_typed_data_rev_0_struct_array_example",
     "0x5914ed2764eca2e6a41eb037feefd3d2e33d9af6225a9e7fe31ac943ff712c"},
    {"starknetpy_typed_data_rev_1_enum_example",
     "0x3df10475ad5a8f49db4345a04a5b09164d2e24b09f6e1e236bc1ccd87627cc"},
    {"starknetpy_typed_data_rev_1_example",
     "0x7f6e8c3d8965b5535f5cc68f837c04e3bbe568535b71aa6c621ddfb188932b8"},
    {"starknetpy_typed_data_rev_1_felt_merkletree_example",
     "0x4f706783e0d7d0e61433d41343a248a213e9ab341d50ba978dfc055f26484c9"},
    {"starknetpy_typed_data_rev_1_preset_types_example",
     "0x185b339d5c566a883561a88fb36da301051e2c0225deb325c91bb7aa2f3473a"},
};

static void fixtures_of_the_libraries_are_reproduced(void **state)
{
    ps_felt account = ps_test_felt_text(FIXTURE_ACCOUNT);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
        char name[128];
        json_t *doc;
        json_t *want = json_string(fixtures[i].hash);
        struct ps_typed_data *td;

        (void)snprintf(name, sizeof name, "fixtures/%s.json", fixtures[i].file);
        doc = ps_test_vectors(name);
        td = read_document(name, doc);
        check_message_hash(name, td, &account, want);
        ps_typed_data_free(td);
        json_decref(doc);
        json_decref(want);
    }
}

/* The entries of paradex.json that are whole documents: block trades, session grants, fixtures. */
static bool check_paradex_entry(json_t *vector)
{
    const char *what = ps_test_text(vector, "name");
    json_t *input = ps_test_member(vector, "input");
    json_t *expected = ps_test_member(vector, "expected");
    json_t *doc = json_incref(json_object_get(input, "typed_data"));
    const char *file = json_string_value(json_object_get(input, "file"));
    ps_felt account;
    ps_felt got;
    ps_felt want;
    struct ps_typed_data *td;
    char name[128];

    /* fixtures that were not kept have no file; EIP-712 documents have no account */
    if (file != NULL) {
        FILE *there;

        (void)snprintf(name, sizeof name, "%s/%s", PS_TEST_VECTORS, file);
        there = fopen(name, "r");
        if (there == NULL)
            return false;
        (void)fclose(there);
        doc = ps_test_vectors(file);
    }
    if (doc == NULL || json_object_get(input, "account") == NULL) {
        json_decref(doc);
        return false;
    }
    account = ps_test_felt(json_object_get(input, "account"));
    td = read_document(what, doc);
    check_message_hash(what, td, &account,
                       json_is_object(expected) ? ps_test_member(expected, "message_hash")
                                                : expected);
    if (json_is_object(expected)) {
        want = ps_test_felt(ps_test_member(expected, "domain_hash"));
        assert_int_equal(ps_typed_data_domain_hash_var(td, &got, NULL), PS_OK);
        ps_test_felt_equal(what, &got, &want);
    }
    ps_typed_data_free(td);
    json_decref(doc);
    return true;
}

static void documents_among_the_vectors_of_paradex_are_reproduced(void **state)
{
    json_t *file = ps_test_vectors("paradex.json");
    json_t *vector;
    size_t checked = 0;
    size_t i;

    (void)state;
    json_array_foreach(file, i, vector) checked += check_paradex_entry(vector);
    /* block trade, session grant, and the six fixtures that are in the tree */
    assert_int_equal(checked, 8);
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_revision_0_hash_as_in_starknet_js),
        cmocka_unit_test(documents_of_revision_1_hash_as_in_starknet_js),
        cmocka_unit_test(fixtures_of_the_libraries_are_reproduced),
        cmocka_unit_test(documents_among_the_vectors_of_paradex_are_reproduced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
