/*
 * Documents made to get past the typed methods: each is taken for what it is, or refused with the
 * rule that says why.
 */
#include <tests/support/check.h>

#include <proto/paradex/classify.h>
#include <proto/stark/felt_text.h>
#include <string.h>
#include <tests/support/vectors.h>

#define CHAIN "PRIVATE_SN_PARACLEAR_TESTNET"
#define CHAIN_HEX "0x505249564154455f534e5f50415241434c4541525f544553544e4554"
#define STARK_KEY "typed_data.stark_key"
#define DOMAIN "typed_data.domain"
#define PRIMARY_TYPE "typed_data.primary_type"

#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":\"" type "\"}"
#define DOMAIN_TYPE                                                                                \
    "\"StarkNetDomain\":[" FIELD("name", "felt") "," FIELD("chainId", "felt") "," FIELD(           \
        "version", "felt") "]"
#define DOMAIN_TYPE_USUAL                                                                          \
    "\"StarkNetDomain\":[" FIELD("name", "felt") "," FIELD("version", "felt") "," FIELD(           \
        "chainId", "felt") "]"
#define DOMAIN_TYPE_1                                                                              \
    "\"StarknetDomain\":[" FIELD("name", "shortstring") "," FIELD(                                 \
        "version", "shortstring") "," FIELD("chainId", "shortstring") "," FIELD("revision",        \
                                                                                "shortstring") "]"
#define ORDER_FIELDS                                                                               \
    FIELD("timestamp", "felt")                                                                     \
    "," FIELD("market", "felt") "," FIELD("side", "felt") "," FIELD(                               \
        "orderType", "felt") "," FIELD("size", "felt") "," FIELD("price", "felt")
#define ORDER_TYPE "\"Order\":[" ORDER_FIELDS "]"
#define MODIFY_TYPE "\"ModifyOrder\":[" ORDER_FIELDS "," FIELD("id", "felt") "]"
#define AUTH_TYPE                                                                                  \
    "\"Request\":[" FIELD("method", "felt") "," FIELD("path", "felt") "," FIELD(                   \
        "body", "felt") "," FIELD("timestamp", "felt") "," FIELD("expiration", "felt") "]"
#define CONSTANT_TYPE "\"Constant\":[" FIELD("action", "felt") "]"
#define NOTE_TYPE(type) "\"Note\":[" FIELD("text", type) "]"

#define PARADEX "\"name\":\"Paradex\",\"chainId\":\"" CHAIN "\",\"version\":\"1\""
#define DOC(types, primary, domain, message)                                                       \
    "{\"types\":{" types "},\"primaryType\":\"" primary "\",\"domain\":{" domain                   \
    "},\"message\":{" message "}}"

#define ORDER_MESSAGE(timestamp, market, side, type, size, price)                                  \
    "\"timestamp\":" timestamp ",\"market\":" market ",\"side\":" side ",\"orderType\":" type      \
    ",\"size\":" size ",\"price\":" price
#define GOOD_ORDER                                                                                 \
    ORDER_MESSAGE("\"1706868900000\"", "\"BTC-USD-PERP\"", "\"1\"", "\"LIMIT\"", "\"10000000\"",   \
                  "\"5000000000000\"")
#define ORDER(domain, message) DOC(DOMAIN_TYPE "," ORDER_TYPE, "Order", domain, message)
#define AUTH_MESSAGE(method, path, body, timestamp, expiration)                                    \
    "\"method\":" method ",\"path\":" path ",\"body\":" body ",\"timestamp\":" timestamp           \
    ",\"expiration\":" expiration
#define AUTH(message) DOC(DOMAIN_TYPE "," AUTH_TYPE, "Request", PARADEX, message)
#define NOTE(domain, type, value)                                                                  \
    DOC(DOMAIN_TYPE "," NOTE_TYPE(type), "Note", domain, "\"text\":" value)
#define NOTE_1(domain, types, type, value)                                                         \
    DOC(DOMAIN_TYPE_1 types "," NOTE_TYPE(type), "Note", domain ",\"revision\":\"1\"",             \
        "\"text\":" value)
#define ELSEWHERE "\"name\":\"Elsewhere\",\"version\":\"1\",\"chainId\":\"SN_MAIN\""

struct fixture {
    ps_felt domain;
    ps_felt chain;
};

static struct fixture set_up(void)
{
    struct fixture f = {.chain = ps_test_felt_text(CHAIN)};

    assert_int_equal(ps_paradex_domain_hash_var(&f.domain, CHAIN, NULL), PS_OK);
    return f;
}

static enum ps_code classify(const char *text, struct ps_document *out, struct ps_error *err)
{
    struct fixture f = set_up();
    json_error_t error;
    json_t *doc = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    struct ps_typed_data *td;
    enum ps_code rc;

    if (doc == NULL)
        fail_msg("%s: %s", text, error.text);
    if (ps_typed_data_read(doc, &td, err) != PS_OK)
        fail_msg("%s: %s: %s", text, err->pointer, err->message);
    rc = ps_paradex_classify(td, &f.domain, &f.chain, out, err);
    ps_typed_data_free(td);
    json_decref(doc);
    return rc;
}

static void an_order_is_an_order_however_it_is_written(void **state)
{
    static const char *const spellings[] = {
        ORDER(PARADEX, GOOD_ORDER),
        ORDER("\"name\":\"0x50617261646578\",\"chainId\":\"" CHAIN_HEX "\",\"version\":\"0x1\"",
              GOOD_ORDER),
        ORDER("\"name\":\"22625142024988024\",\"chainId\":\"" CHAIN "\",\"version\":1", GOOD_ORDER),
        ORDER("\"name\":\"0x0000000000000000000050617261646578\",\"chainId\":\"" CHAIN
              "\",\"version\":\"001\"",
              GOOD_ORDER),
        /* other members first, other types beside it */
        DOC(ORDER_TYPE "," NOTE_TYPE("Order") "," DOMAIN_TYPE, "Order",
            "\"version\":\"1\",\"chainId\":\"" CHAIN "\",\"name\":\"Paradex\"", GOOD_ORDER),
        /* the values as hex, decimals of short strings, integers */
        ORDER(PARADEX, ORDER_MESSAGE("1706868900000", "\"0x4254432d5553442d50455250\"", "1",
                                     "\"0x4c494d4954\"", "10000000", "\"0x48c27395000\"")),
    };
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        struct ps_document doc;

        if (classify(spellings[i], &doc, &err) != PS_OK)
            fail_msg("%s: %s", spellings[i], err.message);
        assert_int_equal(doc.class, PS_DOCUMENT_ORDER);
        assert_int_equal(doc.order.timestamp_ms, 1706868900000);
        assert_string_equal(doc.order.market, "BTC-USD-PERP");
        assert_int_equal(doc.order.side, PS_SIDE_BUY);
        assert_int_equal(doc.order.type, PS_ORDER_LIMIT);
        assert_int_equal(doc.order.size_e8, 10000000);
        assert_int_equal(doc.order.price_e8, 5000000000000);
    }
}

/* What is classified is what is signed: the order's own hash is the document's. */
static void the_order_that_comes_out_has_the_hash_of_the_document(void **state)
{
    static const char text[] = DOC(DOMAIN_TYPE "," MODIFY_TYPE, "ModifyOrder", PARADEX,
                                   GOOD_ORDER ",\"id\":\"1706868900000201704230000\"");
    const ps_felt account = ps_test_felt_text("0x1234");
    struct fixture f = set_up();
    json_t *doc = json_loads(text, 0, NULL);
    struct ps_paradex_signer signer;
    struct ps_typed_data *td;
    struct ps_document out;
    uint8_t hash[32];
    ps_felt want;

    (void)state;
    assert_int_equal(ps_typed_data_read(doc, &td, NULL), PS_OK);
    assert_int_equal(ps_paradex_classify(td, &f.domain, &f.chain, &out, NULL), PS_OK);
    assert_int_equal(out.class, PS_DOCUMENT_MODIFY_ORDER);
    ps_paradex_signer_init_var(&signer, &f.domain, &account);
    ps_modify_order_hash_var(hash, &signer, &out.order, &out.order_id);
    assert_int_equal(ps_typed_data_message_hash_var(td, &account, &want, NULL), PS_OK);
    ps_test_be32_equal("hash", hash, &want);
    ps_typed_data_free(td);
    json_decref(doc);
}

static void logins_and_onboardings_are_recognised(void **state)
{
    struct ps_document doc;
    struct ps_error err;

    (void)state;
    assert_int_equal(classify(AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth\"", "\"\"", "1706868900",
                                                "\"1706868960\"")),
                              &doc, &err),
                     PS_OK);
    assert_int_equal(doc.class, PS_DOCUMENT_AUTH);
    assert_int_equal(doc.timestamp_s, 1706868900);
    assert_int_equal(doc.expiration_s, 1706868960);
    assert_int_equal(classify(AUTH(AUTH_MESSAGE("\"0x504f5354\"", "\"0x2f76312f61757468\"", "0",
                                                "1706868900", "\"1706868960\"")),
                              &doc, &err),
                     PS_OK);
    assert_int_equal(doc.class, PS_DOCUMENT_AUTH);
    assert_int_equal(classify(DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX,
                                  "\"action\":\"Onboarding\""),
                              &doc, &err),
                     PS_OK);
    assert_int_equal(doc.class, PS_DOCUMENT_ONBOARDING);
}

static void foreign_documents_are_foreign(void **state)
{
    static const char *const texts[] = {
        NOTE(ELSEWHERE, "felt", "\"hello\""),
        NOTE("\"name\":\"Elsewhere\",\"version\":\"1\",\"chainId\":\"" CHAIN "\"", "felt",
             "\"hello\""),
        NOTE(ELSEWHERE, "felt", "\"Paradex\""), /* the message may speak of it */
        NOTE_1(ELSEWHERE, "", "string", "\"STARK Keys\""),
        NOTE("\"name\":\"paradex\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", "felt", "1"),
        /* an order of another exchange */
        ORDER("\"name\":\"Elsewhere\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", GOOD_ORDER),
        /* outside execution on a chain where the account is not */
        NOTE_1("\"name\":\"Account.execute_from_outside\",\"version\":\"2\",\"chainId\":"
               "\"SN_SEPOLIA\"",
               "", "felt", "1"),
    };
    struct ps_document doc;
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (classify(texts[i], &doc, &err) != PS_OK)
            fail_msg("%s: %s", texts[i], err.message);
        assert_int_equal(doc.class, PS_DOCUMENT_FOREIGN);
    }
}

static const struct {
    const char *text;
    const char *rule;
} denied[] = {
    /* STARK Key, in the spellings of its felt and wherever it stands */
    {DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX, "\"action\":\"STARK Key\""),
     STARK_KEY},
    {DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX, "\"action\":\"0x535441524b204b6579\""),
     STARK_KEY},
    {DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX,
         "\"action\":\"0x0000000535441524B204B6579\""),
     STARK_KEY},
    {DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX,
         "\"action\":\"1537150982373182760313\""),
     STARK_KEY},
    {DOC(DOMAIN_TYPE_USUAL "," CONSTANT_TYPE, "Constant",
         "\"name\":\"Paradex\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"",
         "\"action\":\"STARK Key\""),
     STARK_KEY},
    {NOTE(ELSEWHERE, "felt", "\"STARK Key\""), STARK_KEY},
    {NOTE(ELSEWHERE, "string", "\"STARK Key\""), STARK_KEY},
    {NOTE(ELSEWHERE, "felt*", "[1,2,\"STARK Key\"]"), STARK_KEY},
    {NOTE("\"name\":\"STARK Key\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", "felt", "1"),
     STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "string", "\"STARK Key\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "string", "\"0x535441524b204b6579\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "string", "\"1537150982373182760313\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "string*", "[\"\",\"STARK Key\"]"), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "shortstring", "\"STARK Key\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "u128", "\"1537150982373182760313\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "i128", "\"0x535441524b204b6579\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "u256", "{\"low\":\"0x535441524b204b6579\",\"high\":\"0\"}"), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "ContractAddress", "\"0x535441524b204b6579\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, "", "selector", "\"0x535441524b204b6579\""), STARK_KEY},
    {NOTE_1(ELSEWHERE, ",\"Constant\":[" FIELD("action", "felt") "]", "Constant*",
            "[{\"action\":\"STARK Key\"}]"),
     STARK_KEY},
    {DOC(DOMAIN_TYPE_1 ",\"Note\":[{\"name\":\"text\",\"type\":\"enum\",\"contains\":\"E\"}],"
                       "\"E\":[" FIELD("A", "(string)") "]",
         "Note", ELSEWHERE ",\"revision\":\"1\"", "\"text\":{\"A\":[\"STARK Key\"]}"),
     STARK_KEY},
    {DOC(DOMAIN_TYPE_1
         ",\"Note\":[{\"name\":\"text\",\"type\":\"merkletree\",\"contains\":\"felt\"}]",
         "Note", ELSEWHERE ",\"revision\":\"1\"", "\"text\":[\"1\",\"STARK Key\"]"),
     STARK_KEY},

    /* a domain that says Paradex and is not the account's */
    {ORDER("\"name\":\"Paradex\",\"chainId\":\"PRIVATE_SN_PARACLEAR_MAINNET\",\"version\":\"1\"",
           GOOD_ORDER),
     DOMAIN},
    {ORDER("\"name\":\"Paradex\",\"chainId\":\"" CHAIN "\",\"version\":\"2\"", GOOD_ORDER), DOMAIN},
    {ORDER("\"name\":\"Paradex\",\"chainId\":\"" CHAIN "\",\"version\":\"1.0\"", GOOD_ORDER),
     DOMAIN},
    {DOC(DOMAIN_TYPE_USUAL "," ORDER_TYPE, "Order", PARADEX, GOOD_ORDER), DOMAIN},
    {DOC("\"StarkNetDomain\":[" FIELD("chainId", "felt") "," FIELD("version", "felt") "," FIELD(
             "name", "felt") "]," ORDER_TYPE,
         "Order", PARADEX, GOOD_ORDER),
     DOMAIN},
    {DOC("\"StarkNetDomain\":[" FIELD("name", "string") "," FIELD("chainId", "felt") "," FIELD(
             "version", "felt") "]," ORDER_TYPE,
         "Order", PARADEX, GOOD_ORDER),
     DOMAIN},
    {DOC("\"StarkNetDomain\":[" FIELD("app", "felt") "," FIELD("chainId", "felt") "," FIELD(
             "version", "felt") "]," ORDER_TYPE,
         "Order", "\"app\":\"Paradex\",\"chainId\":\"" CHAIN "\",\"version\":\"1\"", GOOD_ORDER),
     DOMAIN},
    {DOC("\"StarkNetDomain\":[" FIELD("name", "felt*") "]," ORDER_TYPE, "Order",
         "\"name\":[\"0x50617261646578\"]", GOOD_ORDER),
     DOMAIN},
    {DOC("\"StarkNetDomain\":[" FIELD("d", "D") "],\"D\":[" FIELD("name", "felt") "]," ORDER_TYPE,
         "Order", "\"d\":{\"name\":\"Paradex\"}", GOOD_ORDER),
     DOMAIN},
    {NOTE("\"name\":\"Paradex Vaults\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", "felt", "1"),
     DOMAIN},
    {NOTE_1("\"name\":\"Paradex\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", "", "felt", "1"),
     DOMAIN},
    {NOTE_1("\"name\":\"Account.execute_from_outside\",\"version\":\"2\",\"chainId\":\"" CHAIN "\"",
            "", "felt", "1"),
     DOMAIN},
    {NOTE_1("\"name\":\"0x4163636f756e742e657865637574655f66726f6d5f6f757473696465\","
            "\"version\":\"2\",\"chainId\":\"" CHAIN_HEX "\"",
            "", "felt", "1"),
     DOMAIN},
    {NOTE_1("\"name\":\"SessionAccount.session\",\"version\":\"1\",\"chainId\":\"" CHAIN "\"", "",
            "felt", "1"),
     DOMAIN},

    /* the account's domain, with a message that has no rule */
    {NOTE(PARADEX, "felt", "1"), PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE ",\"Order\":[" FIELD("timestamp", "felt") "]", "Order", PARADEX,
         "\"timestamp\":\"1\""),
     PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE ",\"Order\":[" ORDER_FIELDS "," FIELD("id", "felt") "]", "Order", PARADEX,
         GOOD_ORDER ",\"id\":\"1\""),
     PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE
         ",\"Order\":[" FIELD("market", "felt") "," FIELD("timestamp", "felt") "," FIELD(
             "side", "felt") "," FIELD("orderType", "felt") "," FIELD("size",
                                                                      "felt") "," FIELD("price",
                                                                                        "felt") "]",
         "Order", PARADEX, GOOD_ORDER),
     PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE
         ",\"Order\":[" FIELD("timestamp", "felt") "," FIELD("market", "string") "," FIELD(
             "side", "felt") "," FIELD("orderType", "felt") "," FIELD("size",
                                                                      "felt") "," FIELD("price",
                                                                                        "felt") "]",
         "Order", PARADEX, GOOD_ORDER),
     PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE ",\"order\":[" ORDER_FIELDS "]", "order", PARADEX, GOOD_ORDER), PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE ",\"Request\":[" FIELD("account", "felt") "," FIELD(
             "payload", "felt") "," FIELD("timestamp", "felt") "," FIELD("version", "felt") "]",
         "Request", PARADEX,
         "\"account\":\"0x1\",\"payload\":\"0x2\",\"timestamp\":\"3\",\"version\":\"1.0.0\""),
     PRIMARY_TYPE},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/onboarding\"", "\"\"", "1706868900", "1706868960")),
     PRIMARY_TYPE},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth/\"", "\"\"", "1706868900", "1706868960")),
     PRIMARY_TYPE},
    {AUTH(AUTH_MESSAGE("\"DELETE\"", "\"/v1/auth\"", "\"\"", "1706868900", "1706868960")),
     PRIMARY_TYPE},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth\"", "\"{}\"", "1706868900", "1706868960")),
     PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE "," CONSTANT_TYPE, "Constant", PARADEX, "\"action\":\"Other\""), PRIMARY_TYPE},
    {DOC(DOMAIN_TYPE, "StarkNetDomain", PARADEX, PARADEX), PRIMARY_TYPE},
    {NOTE_1("\"name\":\"Paradex\",\"version\":\"1\",\"chainId\":\"" CHAIN "\"", "", "felt", "1"),
     PRIMARY_TYPE},
    {NOTE_1("\"name\":\"Paradex\",\"version\":\"v1\",\"chainId\":\"" CHAIN_HEX "\"", "", "felt",
            "1"),
     PRIMARY_TYPE},
    {NOTE_1("\"name\":\"Paradex Session\",\"version\":\"1\",\"chainId\":\"" CHAIN "\"", "", "felt",
            "1"),
     PRIMARY_TYPE},
    {NOTE("\"name\":\"Paradex Session\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"", "felt", "1"),
     PRIMARY_TYPE},
};

static void documents_that_are_never_signed_are_refused_with_their_rule(void **state)
{
    struct ps_document doc;
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof denied / sizeof denied[0]; i++) {
        if (classify(denied[i].text, &doc, &err) != PS_POLICY_DENIED)
            fail_msg("not denied: %s", denied[i].text);
        if (strcmp(err.rule, denied[i].rule) != 0)
            fail_msg("%s, not %s: %s", err.rule, denied[i].rule, denied[i].text);
        assert_int_equal(err.code, PS_POLICY_DENIED);
        assert_true(strlen(err.message) > 20);
    }
}

/* Domains in the form of a ByteArray: the name is a string of revision 1. */
static void a_domain_of_byte_arrays_says_paradex_too(void **state)
{
    static const char text[] = DOC("\"StarknetDomain\":[" FIELD("name", "string") "," FIELD(
                                       "revision", "felt") "]," NOTE_TYPE("felt"),
                                   "Note", "\"name\":\"Paradex\",\"revision\":\"1\"", "\"text\":1");
    struct ps_document doc;
    struct ps_error err;

    (void)state;
    assert_int_equal(classify(text, &doc, &err), PS_POLICY_DENIED);
    assert_string_equal(err.rule, DOMAIN);
}

static const struct {
    const char *text;
    const char *pointer;
} wrong[] = {
#define BAD_ORDER(timestamp, market, side, type, size, price)                                      \
    ORDER(PARADEX, ORDER_MESSAGE(timestamp, market, side, type, size, price))
    {BAD_ORDER("0", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "1", "1"), "/message/timestamp"},
    {BAD_ORDER("10000000000000", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "1", "1"),
     "/message/timestamp"},
    {BAD_ORDER("\"0x10000000000000001\"", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "1", "1"),
     "/message/timestamp"},
    {BAD_ORDER("1", "\"\"", "1", "\"LIMIT\"", "1", "1"), "/message/market"},
    {BAD_ORDER("1", "\"btc-usd-perp\"", "1", "\"LIMIT\"", "1", "1"), "/message/market"},
    {BAD_ORDER("1", "\"0x4254430055\"", "1", "\"LIMIT\"", "1", "1"), "/message/market"},
    {BAD_ORDER("1", "12345", "1", "\"LIMIT\"", "1", "1"), "/message/market"},
    {BAD_ORDER("1", "\"0x0742544342544342544342544342544342544342544342544342544342544342\"", "1",
               "\"LIMIT\"", "1", "1"),
     "/message/market"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "0", "\"LIMIT\"", "1", "1"), "/message/side"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "3", "\"LIMIT\"", "1", "1"), "/message/side"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "\"BUY\"", "\"LIMIT\"", "1", "1"), "/message/side"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "\"0x10000000000000001\"", "\"LIMIT\"", "1", "1"),
     "/message/side"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"TWAP\"", "1", "1"), "/message/orderType"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"limit\"", "1", "1"), "/message/orderType"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "0", "1", "1"), "/message/orderType"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "0", "1"), "/message/size"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "\"9223372036854775808\"", "1"),
     "/message/size"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"",
               "\"340282366920938463463374607431768211457\"", "1"),
     "/message/size"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "1", "0"), "/message/price"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"LIMIT\"", "1", "\"9223372036854775808\""),
     "/message/price"},
    {BAD_ORDER("1", "\"BTC-USD-PERP\"", "1", "\"STOP_MARKET\"", "1", "1"), "/message/price"},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth\"", "\"\"", "2", "2")), "/message/expiration"},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth\"", "\"\"", "2", "1")), "/message/expiration"},
    {AUTH(AUTH_MESSAGE("\"POST\"", "\"/v1/auth\"", "\"\"", "1", "\"18446744073709551617\"")),
     "/message/expiration"},
};

static void values_that_the_typed_method_refuses_are_refused_here(void **state)
{
    struct ps_document doc;
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (classify(wrong[i].text, &doc, &err) != PS_INVALID_PARAMS)
            fail_msg("not refused: %s", wrong[i].text);
        if (strcmp(err.pointer, wrong[i].pointer) != 0)
            fail_msg("%s, not %s: %s", err.pointer, wrong[i].pointer, wrong[i].text);
    }
}

/* The stored documents: block trades and offers are refused, orders are orders. */
static void stored_documents_are_classified(void **state)
{
    struct fixture f = set_up();
    const ps_felt chain = ps_test_felt_text("PRIVATE_SN_PARACLEAR_MAINNET");
    const char *const files[] = {"typed_data_rev0.json", "typed_data_rev1.json"};
    unsigned orders = 0;
    unsigned refused = 0;
    size_t n;
    size_t i;

    (void)state;
    assert_int_equal(ps_paradex_domain_hash_var(&f.domain, "PRIVATE_SN_PARACLEAR_MAINNET", NULL),
                     PS_OK);
    for (n = 0; n < 2; n++) {
        json_t *file = ps_test_vectors(files[n]);
        json_t *vector;

        json_array_foreach(ps_test_member(file, "vectors"), i, vector)
        {
            const char *name = ps_test_text(vector, "name");
            struct ps_typed_data *td;
            struct ps_document doc;
            struct ps_error err;
            enum ps_code rc;

            assert_int_equal(ps_typed_data_read(ps_test_member(vector, "typed_data"), &td, &err),
                             PS_OK);
            rc = ps_paradex_classify(td, &f.domain, &chain, &doc, &err);
            if (strncmp(name, "paradex_", 8) != 0) {
                assert_int_equal(rc, PS_OK);
                assert_int_equal(doc.class, PS_DOCUMENT_FOREIGN);
            } else if (strncmp(name, "paradex_order_", 14) == 0) {
                /* one of them has a size of 2^128 - 1 */
                assert_true(rc == PS_OK || strcmp(err.pointer, "/message/size") == 0);
                orders += rc == PS_OK && doc.class == PS_DOCUMENT_ORDER;
            } else if (rc != PS_OK) {
                assert_int_equal(rc, PS_POLICY_DENIED);
                /* the onboarding is one of the earlier testnet's chain */
                assert_string_equal(
                    err.rule, strcmp(name, "paradex_onboarding") == 0 ? DOMAIN : PRIMARY_TYPE);
                refused++;
            }
            ps_typed_data_free(td);
        }
        json_decref(file);
    }
    assert_int_equal(orders, 3);
    assert_int_equal(refused, 4); /* with two block trades and one RPC request */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_an_order_however_it_is_written),
        cmocka_unit_test(the_order_that_comes_out_has_the_hash_of_the_document),
        cmocka_unit_test(logins_and_onboardings_are_recognised),
        cmocka_unit_test(foreign_documents_are_foreign),
        cmocka_unit_test(documents_that_are_never_signed_are_refused_with_their_rule),
        cmocka_unit_test(a_domain_of_byte_arrays_says_paradex_too),
        cmocka_unit_test(values_that_the_typed_method_refuses_are_refused_here),
        cmocka_unit_test(stored_documents_are_classified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
