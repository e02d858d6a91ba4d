/*
 * Every entry of tests/vectors/paradex.json: either it is asserted here, or it stands in a list
 * that says which test asserts it, or which feature will. An entry in none of them fails.
 */
#include <tests/support/check.h>

#include <proto/ethereum/keccak.h>
#include <proto/paradex/address.h>
#include <proto/paradex/amount.h>
#include <proto/paradex/environment.h>
#include <proto/paradex/messages.h>
#include <proto/paradex/type_hashes.h>
#include <proto/snip12/merkle.h>
#include <proto/stark/felt_text.h>
#include <proto/stark/poseidon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/support/vectors.h>

struct entry {
    const char *name;
    json_t *input;
    json_t *expected;
};

static uint64_t input_u64(const struct entry *e, const char *name)
{
    return (uint64_t)json_integer_value(ps_test_member(e->input, name));
}

static struct ps_paradex_signer signer_of(const struct entry *e)
{
    ps_felt account = ps_test_felt(ps_test_member(e->input, "account"));
    struct ps_paradex_signer signer;
    ps_felt domain;

    assert_int_equal(ps_paradex_domain_hash_var(&domain, ps_test_text(e->input, "chainId"), NULL),
                     PS_OK);
    ps_paradex_signer_init_var(&signer, &domain, &account);
    return signer;
}

/* The message hash of an entry, and how its signature is written where the entry has one. */
static void check_message(const struct entry *e, const uint8_t hash32[32])
{
    const bool whole = json_is_object(e->expected);
    ps_felt want = ps_test_felt(whole ? ps_test_member(e->expected, "message_hash") : e->expected);
    char text[PS_SIGNATURE_TEXT_MAX];
    ps_felt felt;
    uint8_t r[32];
    uint8_t s[32];

    ps_test_be32_equal(e->name, hash32, &want);
    if (!whole)
        return;
    /* these r and s are below P, so felts can carry them */
    felt = ps_test_felt(ps_test_member(e->expected, "r_hex"));
    ps_felt_to_be32(r, &felt);
    felt = ps_test_felt(ps_test_member(e->expected, "s_hex"));
    ps_felt_to_be32(s, &felt);
    ps_signature_text(text, r, s);
    assert_string_equal(text, ps_test_text(e->expected, "header_value"));
}

static void check_sn_keccak(const struct entry *e, const char *text)
{
    ps_felt want = ps_test_felt(e->expected);
    ps_felt got;

    ps_starknet_keccak(&got, text, strlen(text));
    ps_test_felt_equal(e->name, &got, &want);
}

static void check_type_hash(const struct entry *e)
{
    check_sn_keccak(e, ps_test_text(e->input, "type_string"));
}

static void check_selector(const struct entry *e)
{
    check_sn_keccak(e, ps_test_text(e->input, "name"));
}

static void check_selector_of_string(const struct entry *e)
{
    check_sn_keccak(e, ps_test_text(e->input, "string"));
}

static void check_own_type_hash(const struct entry *e, enum ps_paradex_type type)
{
    ps_felt want = ps_test_felt(e->expected);

    ps_test_felt_equal(e->name, &ps_paradex_constants()->types[type], &want);
    check_type_hash(e);
}

static void check_type_domain(const struct entry *e)
{
    check_own_type_hash(e, PS_PARADEX_TYPE_DOMAIN);
}

static void check_type_order(const struct entry *e)
{
    check_own_type_hash(e, PS_PARADEX_TYPE_ORDER);
}

static void check_type_modify_order(const struct entry *e)
{
    check_own_type_hash(e, PS_PARADEX_TYPE_MODIFY_ORDER);
}

static void check_type_request(const struct entry *e)
{
    check_own_type_hash(e, PS_PARADEX_TYPE_REQUEST);
}

static void check_type_constant(const struct entry *e)
{
    check_own_type_hash(e, PS_PARADEX_TYPE_CONSTANT);
}

static void check_domain(const struct entry *e)
{
    const char *chain = ps_test_text(e->input, "chainId");
    ps_felt want = ps_test_felt(e->expected);
    ps_felt got;

    if (strcmp(e->name, "domain_hash_comment_in_code_samples") == 0)
        chain = "PRIVATE_SN_POTC_GOERLI"; /* the entry's note says so */
    assert_int_equal(ps_paradex_domain_hash_var(&got, chain, NULL), PS_OK);
    ps_test_felt_equal(e->name, &got, &want);
}

static void check_onboarding(const struct entry *e)
{
    struct ps_paradex_signer signer = signer_of(e);
    uint8_t hash[32];

    ps_onboarding_hash_var(hash, &signer);
    check_message(e, hash);
}

static void check_auth(const struct entry *e)
{
    struct ps_paradex_signer signer = signer_of(e);
    uint8_t hash[32];

    ps_auth_hash_var(hash, &signer, input_u64(e, "timestamp"), input_u64(e, "expiration"));
    check_message(e, hash);
}

/* "0.1 -> 10000000", "0" or 10000000: what is before the arrow goes through our own parser. */
static uint64_t amount_of(const json_t *value)
{
    const char *text = json_string_value(value);
    const char *arrow;
    uint64_t e8 = 0;

    if (json_is_integer(value))
        return (uint64_t)json_integer_value(value);
    arrow = strstr(text, " -> ");
    assert_int_equal(
        ps_amount_parse(text, arrow != NULL ? (size_t)(arrow - text) : strlen(text), &e8, NULL),
        PS_OK);
    if (arrow != NULL)
        assert_int_equal(e8, strtoull(arrow + 4, NULL, 10));
    return e8;
}

static struct ps_order order_of(const json_t *input)
{
    struct ps_order order = {
        .timestamp_ms = (uint64_t)json_integer_value(ps_test_member(input, "timestamp")),
        .side = strcmp(ps_test_text(input, "side"), "BUY=1") == 0 ? PS_SIDE_BUY : PS_SIDE_SELL,
        .size_e8 = amount_of(ps_test_member(input, "size")),
        .price_e8 = amount_of(ps_test_member(input, "price")),
    };

    (void)snprintf(order.market, sizeof order.market, "%s", ps_test_text(input, "market"));
    assert_true(ps_order_type_from_name(ps_test_text(input, "orderType"), &order.type));
    assert_int_equal(ps_order_check(&order, NULL), PS_OK);
    return order;
}

static void check_order(const struct entry *e)
{
    struct ps_paradex_signer signer = signer_of(e);
    struct ps_order order = order_of(ps_test_member(e->input, "order"));
    uint8_t hash[32];

    ps_order_hash_var(hash, &signer, &order);
    check_message(e, hash);
}

static void check_modify_order(const struct entry *e)
{
    struct ps_paradex_signer signer = signer_of(e);
    json_t *input = ps_test_member(e->input, "order");
    struct ps_order order = order_of(input);
    const char *id = ps_test_text(input, "id");
    ps_felt order_id;
    uint8_t hash[32];

    assert_int_equal(ps_felt_from_decimal(&order_id, id, strcspn(id, " ")), PS_OK);
    ps_modify_order_hash_var(hash, &signer, &order, &order_id);
    check_message(e, hash);
}

/* Struct hashes are pinned without a message: the message around them is rebuilt here. */
static void check_struct(const struct entry *e, const uint8_t message32[32],
                         const struct ps_paradex_signer *signer)
{
    ps_felt elements[4] = {ps_test_felt_text("StarkNet Message"), signer->domain, signer->account,
                           ps_test_felt(e->expected)};
    ps_felt want;

    ps_pedersen_many_var(&want, elements, 4);
    ps_test_be32_equal(e->name, message32, &want);
}

static struct ps_paradex_signer some_signer(void)
{
    struct ps_paradex_signer signer;
    ps_felt domain = ps_test_felt_text("0x6a9f");
    ps_felt account = ps_test_felt_text("0x1234");

    ps_paradex_signer_init_var(&signer, &domain, &account);
    return signer;
}

static void check_order_struct(const struct entry *e)
{
    struct ps_paradex_signer signer = some_signer();
    struct ps_order order = order_of(e->input);
    uint8_t hash[32];

    ps_order_hash_var(hash, &signer, &order);
    check_struct(e, hash, &signer);
}

static void check_auth_struct(const struct entry *e)
{
    struct ps_paradex_signer signer = some_signer();
    uint8_t hash[32];

    ps_auth_hash_var(hash, &signer, input_u64(e, "timestamp"), input_u64(e, "expiration"));
    check_struct(e, hash, &signer);
}

static void check_stark_address(const char *name, const char *key, const json_t *config,
                                const char *address)
{
    ps_felt public_key = ps_test_felt_text(key);
    ps_felt proxy = ps_test_felt(ps_test_member(config, "paraclear_account_proxy_hash"));
    ps_felt account = ps_test_felt(ps_test_member(config, "paraclear_account_hash"));
    ps_felt want = ps_test_felt_text(address);
    const struct ps_environment *testnet = ps_environment_find("testnet");
    ps_felt built_in = ps_test_felt_text(testnet->proxy_class_hash);
    ps_felt got;

    ps_stark_account_address_var(&got, &public_key, &proxy, &account);
    ps_test_felt_equal(name, &got, &want);
    ps_test_felt_equal("proxy class", &built_in, &proxy);
    built_in = ps_test_felt_text(testnet->account_class_hash);
    ps_test_felt_equal("account class", &built_in, &account);
}

static void check_address_of_key(const struct entry *e)
{
    check_stark_address(e->name, ps_test_text(e->input, "l2_public_key"), e->input,
                        json_string_value(e->expected));
}

/* The key derivation of these is not ours; from its public key on, the address is. */
static void check_address_of_derived_key(const struct entry *e)
{
    json_t *config = json_object_get(e->expected, "config");
    const char *address =
        json_string_value(json_object_get(e->expected, config != NULL ? "l2_address" : "address"));

    check_stark_address(e->name, ps_test_text(e->expected, "l2_public_key"),
                        config != NULL ? config : e->input, address);
}

static void evm_address(const struct entry *e, uint8_t out20[20])
{
    ps_test_bytes(out20, 20, ps_test_text(e->input, "eth_address"));
}

static void check_evm_address(const struct entry *e)
{
    ps_felt class_hash = ps_test_felt(ps_test_member(e->input, "paraclear_evm_account_hash"));
    ps_felt built_in = ps_test_felt_text(ps_environment_find("testnet")->evm_class_hash);
    ps_felt want = ps_test_felt(e->expected);
    uint8_t address[20];
    ps_felt got;

    evm_address(e, address);
    ps_evm_account_address_var(&got, address, &class_hash);
    ps_test_felt_equal(e->name, &got, &want);
    ps_test_felt_equal("class", &built_in, &class_hash);
}

/* The address of a vault operator: another salt, the same formula. */
static void check_vault_operator(const struct entry *e)
{
    const char *tag_text = ps_test_text(e->input, "kind_tag_string");
    ps_felt tag = ps_test_felt(ps_test_member(e->input, "kind_tag"));
    ps_felt owner = ps_test_felt(ps_test_member(e->input, "owner_l2"));
    ps_felt index = ps_test_felt(ps_test_member(e->input, "index"));
    ps_felt class_hash = ps_test_felt_text(ps_environment_find("testnet")->evm_class_hash);
    ps_felt calldata[3];
    ps_felt want;
    ps_felt salt;
    ps_felt got;

    ps_starknet_keccak(&got, tag_text, strlen(tag_text));
    ps_test_felt_equal("tag", &got, &tag);
    ps_pedersen_var(&salt, &owner, &tag);
    ps_pedersen_var(&salt, &salt, &index);
    want = ps_test_felt(ps_test_member(e->expected, "salt"));
    ps_test_felt_equal("salt", &salt, &want);
    ps_felt_from_u64(&calldata[0], 3);
    calldata[1] = ps_test_felt(ps_test_member(e->input, "eth_address"));
    calldata[2] = ps_felt_one;
    want = ps_test_felt(ps_test_member(e->expected, "address"));
    ps_contract_address_var(&got, &ps_felt_zero, &salt, &class_hash, calldata, 3);
    ps_test_felt_equal(e->name, &got, &want);
}

static void check_merkle(const struct entry *e)
{
    json_t *list = ps_test_member(e->input, "leaves");
    ps_felt leaves[8];
    ps_felt want = ps_test_felt(e->expected);
    ps_felt got;
    size_t i;

    assert_in_range(json_array_size(list), 1, 8);
    for (i = 0; i < json_array_size(list); i++)
        leaves[i] = ps_test_felt(json_array_get(list, i));
    ps_merkle_root_var(&got, leaves, i, 0);
    ps_test_felt_equal(e->name, &got, &want);
}

static void check_subkey_registration(const struct entry *e)
{
    ps_felt elements[4] = {
        ps_test_felt(ps_test_member(e->input, "account")),
        ps_test_felt(ps_test_member(e->input, "subkey_public_key")),
        ps_test_felt(ps_test_member(e->input, "timestamp")),
        ps_test_felt(ps_test_member(e->input, "expiry")),
    };
    ps_felt got;
    uint8_t hash[32];

    ps_pedersen_many_var(&got, elements, 4);
    ps_felt_to_be32(hash, &got);
    check_message(e, hash);
}

static void check_subkey_activation(const struct entry *e)
{
    ps_felt elements[2] = {ps_test_felt(ps_test_member(e->input, "timestamp")),
                           ps_test_felt(ps_test_member(e->input, "eph_public_key"))};
    ps_felt want = ps_test_felt(ps_test_member(e->expected, "plain_pair_pedersen(timestamp, eph)"));
    ps_felt got;

    ps_pedersen_var(&got, &elements[0], &elements[1]);
    ps_test_felt_equal(e->name, &got, &want);
    want = ps_test_felt(ps_test_member(e->expected, "compute_hash_on_elements([timestamp, eph])"));
    ps_pedersen_many_var(&got, elements, 2);
    ps_test_felt_equal(e->name, &got, &want);
}

/* Request(account, payload, timestamp, version): what RPC bodies are signed with. */
static void check_fullnode_request(const struct entry *e)
{
    static const char type[] = "Request(account:felt,payload:felt,timestamp:felt,version:felt)";
    struct ps_paradex_signer signer = signer_of(e);
    struct ps_pedersen_chain chain = signer.prefix;
    ps_felt elements[5];
    ps_felt felt;
    uint8_t hash[32];

    ps_starknet_keccak(&elements[0], type, sizeof type - 1);
    elements[1] = signer.account;
    elements[2] = ps_test_felt(ps_test_member(e->input, "payload"));
    elements[3] = ps_test_felt(ps_test_member(e->input, "timestamp"));
    elements[4] = ps_test_felt_text("1.0.0");
    ps_pedersen_many_var(&felt, elements, 5);
    ps_pedersen_chain_add_var(&chain, &felt);
    ps_pedersen_chain_end_var(&felt, &chain);
    ps_felt_to_be32(hash, &felt);
    check_message(e, hash);
}

/* Request(someField) of another domain: the same chain by hand. */
static void check_java(const struct entry *e)
{
    static const char domain_type[] = "StarkNetDomain(name:felt,chainId:felt,version:felt)";
    json_t *domain = ps_test_member(e->input, "domain");
    const char *type = ps_test_text(e->input, "type_string");
    struct ps_paradex_signer signer;
    struct ps_pedersen_chain chain;
    ps_felt account = ps_test_felt(ps_test_member(e->input, "account"));
    ps_felt want = ps_test_felt(ps_test_member(e->expected, "message_hash"));
    ps_felt elements[4];
    ps_felt felt;

    ps_starknet_keccak(&elements[0], domain_type, sizeof domain_type - 1);
    elements[1] = ps_test_felt(ps_test_member(domain, "name"));
    elements[2] = ps_test_felt(ps_test_member(domain, "chainId"));
    elements[3] = ps_test_felt(ps_test_member(domain, "version"));
    ps_pedersen_many_var(&felt, elements, 4);
    ps_paradex_signer_init_var(&signer, &felt, &account);
    chain = signer.prefix;
    ps_starknet_keccak(&elements[0], type, strlen(type));
    elements[1] = ps_test_felt(json_array_get(ps_test_member(e->input, "fields"), 0));
    ps_pedersen_many_var(&felt, elements, 2);
    ps_pedersen_chain_add_var(&chain, &felt);
    ps_pedersen_chain_end_var(&felt, &chain);
    ps_test_felt_equal(e->name, &felt, &want);
}

static const struct {
    const char *prefix; /* of names; the first row that fits decides */
    void (*check)(const struct entry *);
    const char *elsewhere; /* who asserts it, when check is NULL */
} rows[] = {
    {"domain_type_hash", check_type_domain, NULL},
    {"domain_hash_", check_domain, NULL},
    {"order_struct_hash_market_buy", check_order_struct, NULL},
    {"auth_struct_hash", check_auth_struct, NULL},
    {"selector_of_string_3", check_selector_of_string, NULL},
    {"selector_", check_selector, NULL},
    {"l1_key_to_l2_key_sepolia", check_address_of_derived_key, NULL},
    {"mnemonic_", check_address_of_derived_key, NULL},
    {"account_address_from_pubkey", check_address_of_key, NULL},
    {"evm_account_address", check_evm_address, NULL},
    {"evm_address_anvil1", check_evm_address, NULL},
    {"evm_vault_operator_address_index0", check_vault_operator, NULL},
    {"java_typed_data_", check_java, NULL},
    {"auth_message_hash_mainnet", check_auth, NULL},
    {"auth_PRIVATE_", check_auth, NULL},
    {"onboarding_PRIVATE_", check_onboarding, NULL},
    {"order_limit_PRIVATE_", check_order, NULL},
    {"order_market_sell_mainnet", check_order, NULL},
    {"modify_order_mainnet", check_modify_order, NULL},
    {"merkle_root_pedersen_1_2_3", check_merkle, NULL},
    {"subkey_registration", check_subkey_registration, NULL},
    {"subkey_activation_hash_candidates", check_subkey_activation, NULL},
    {"fullnode_request", check_fullnode_request, NULL},
    {"type_hash_Order", check_type_order, NULL},
    {"type_hash_ModifyOrder", check_type_modify_order, NULL},
    {"type_hash_Request_auth", check_type_request, NULL},
    {"type_hash_Constant", check_type_constant, NULL},
    {"type_hash_", check_type_hash, NULL},
    {"block_trade_message_hash", NULL, "unit.snip12.typed_data_vectors"},
    {"session_sessiongrant_snip12", NULL, "unit.snip12.typed_data_vectors"},
    {"snip12_typed_data_rev_1_basic_types_example", NULL, "not covered: its document is not kept"},
    {"snip12_", NULL, "unit.snip12.typed_data_vectors"},
    {"pedersen_", NULL, "unit.stark"},
    {"compute_hash_on_elements_", NULL, "unit.stark"},
    {"hades_permutation_000", NULL, "unit.stark"},
    {"poseidon_", NULL, "unit.stark"},
    {"public_key", NULL, "not covered: private keys do not enter proto/"},
    {"rfc6979_", NULL, "not covered: signing is the token's"},
    {"ecdsa_sign_rfc6979_no_extra_entropy", NULL, "not covered: signing is the token's"},
    {"weak_nonce_k32_r", NULL, "not covered: the check of signatures before release"},
    {"invoke_", NULL, "not covered: paradex.sign_invoke"},
    {"siwe_", NULL, "not covered: paradex.sign_siwe"},
    {"eip191_account_signature_span", NULL, "not covered: on-chain signatures of EVM accounts"},
    {"evm_uncompressed_pubkey_anvil1", NULL, "not covered: onboarding of EVM accounts"},
    {"parent_link_eip712", NULL, "not covered: paradex.sign_parent_link"},
    {"session_", NULL, "not covered: EIP-712, paradex.sign_session_grant"},
    {"stark_key_", NULL, "not covered: such documents are never signed"},
    {"starknet_wallet_to_paradex_key", NULL, "not covered: such keys are never derived"},
    {"l1_key_to_l2_key_mainnet", NULL, "not covered: main keys are not derived from wallets"},
    {"eth_signature_to_stark_key", NULL, "not covered: main keys are not derived from wallets"},
    {"grind_key_starkex", NULL, "not covered: main keys are not derived from wallets"},
};
#define ROWS (sizeof rows / sizeof rows[0])

static void every_entry_is_asserted_or_accounted_for(void **state)
{
    json_t *file = ps_test_vectors("paradex.json");
    unsigned used[ROWS] = {0};
    json_t *vector;
    size_t checked = 0;
    size_t i;
    size_t r;

    (void)state;
    json_array_foreach(file, i, vector)
    {
        struct entry e = {.name = ps_test_text(vector, "name"),
                          .input = ps_test_member(vector, "input"),
                          .expected = ps_test_member(vector, "expected")};

        for (r = 0; r < ROWS && strncmp(e.name, rows[r].prefix, strlen(rows[r].prefix)) != 0; r++)
            ;
        if (r == ROWS)
            fail_msg("nobody knows %s", e.name);
        used[r]++;
        if (rows[r].check == NULL)
            continue;
        rows[r].check(&e);
        checked++;
    }
    for (r = 0; r < ROWS; r++) {
        if (used[r] == 0)
            fail_msg("no entry is named %s", rows[r].prefix);
    }
    print_message("%zu of %zu entries asserted here\n", checked, json_array_size(file));
    assert_true(checked >= 50);
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_is_asserted_or_accounted_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
