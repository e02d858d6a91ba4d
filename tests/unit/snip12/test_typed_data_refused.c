#include <tests/support/check.h>

#include <proto/snip12/typed_data.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/support/vectors.h>
#include <tests/unit/snip12/documents.h>

#define LONG_NAME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 65 */
#define ALL_FS "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* A document broken in one place: the value at `at` is replaced (or removed when NULL). */
struct breakage {
    unsigned revision;
    const char *at;
    const char *value;
    const char *pointer; /* where the error must point */
};

static const struct breakage breakages[] = {
    /* the document */
    {0, "/types", NULL, "/types"},
    {0, "/primaryType", NULL, "/primaryType"},
    {0, "/domain", NULL, "/domain"},
    {0, "/message", NULL, "/message"},
    {0, "/extra", "1", "/extra"},
    {0, "/types", "[]", "/types"},
    {0, "/primaryType", "5", "/primaryType"},
    {0, "/primaryType", "\"Other\"", "/primaryType"},
    {0, "/primaryType", "\"felt\"", "/primaryType"},
    {1, "/primaryType", "\"u256\"", "/primaryType"},
    {1, "/primaryType", "\"E\"", "/primaryType"},
    {0, "/domain", "\"d\"", "/domain"},
    {0, "/message", "[]", "/message"},
    /* the revision */
    {0, "/domain/revision", "\"1\"", "/types"},
    {0, "/domain/revision", "\"2\"", "/domain/revision"},
    {0, "/domain/revision", "\"0\"", "/domain/revision"}, /* not a field of the domain's type */
    {1, "/domain/revision", "\"0x1\"", "/domain/revision"},
    {1, "/domain/revision", "true", "/domain/revision"},
    {1, "/domain/revision", "1.0", "/domain/revision"},
    {1, "/domain/revision", NULL, "/types/E"},
    {0, "/types/StarkNetDomain", NULL, "/types"},
    {1, "/types/StarknetDomain", NULL, "/types"},
    /* the domain */
    {0, "/domain/name", NULL, "/domain/name"},
    {0, "/domain/more", "\"1\"", "/domain/more"},
    {0, "/domain/chainId", "1.5", "/domain/chainId"},
    {0, "/domain/name", "\"a name of more than thirty-one bytes\"", "/domain/name"},
    {0, "/domain/name", "\"Caf\\u00e9\"", "/domain/name"},
    /* names of types */
    {0, "/types/M(a", "[]", "/types/M(a"},
    {0, "/types/felt", "[]", "/types/felt"},
    {1, "/types/u128", "[]", "/types/u128"},
    {1, "/types/TokenAmount", "[]", "/types/TokenAmount"},
    {0, "/types/merkletree", "[]", "/types/merkletree"},
    {0, "/types/" LONG_NAME, "[]", "/types/" LONG_NAME},
    {0, "/types/N", "{}", "/types/N"},
    /* fields */
    {0, "/types/N/0", "5", "/types/N/0"},
    {0, "/types/N/0/name", NULL, "/types/N/0"},
    {0, "/types/N/0/type", NULL, "/types/N/0"},
    {0, "/types/N/0/name", "5", "/types/N/0/name"},
    {0, "/types/N/0/name", "\"\"", "/types/N/0/name"},
    {0, "/types/N/0/name", "\"x:felt,y\"", "/types/N/0/name"},
    {0, "/types/N/0/name", "\"\\\"x\"", "/types/N/0/name"},
    {0, "/types/N/0/name", "\"" LONG_NAME "\"", "/types/N/0/name"},
    {0, "/types/N/0/more", "\"x\"", "/types/N/0/more"},
    {0, "/types/M/1/name", "\"a\"", "/types/M/1/name"},
    /* types of fields */
    {0, "/types/N/0/type", "\"\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"*\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"felt**\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"felt *\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"felt,y:felt\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"Nothing\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"u128\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"shortstring\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"()\"", "/types/N"},
    {0, "/types/N/0/type", "\"merkletree\"", "/types/N/0/type"},
    {0, "/types/N/0/type", "\"merkletree*\"", "/types/N/0/type"},
    {0, "/types/N/0/contains", "\"N\"", "/types/N/0/contains"},
    {1, "/types/N/0/type", "\"E\"", "/types/N/0/type"},
    {1, "/types/N/0/type", "\"enum\"", "/types/N/0/type"},
    {1, "/types/N/0/type", "\"enum*\"", "/types/N/0/type"},
    {1, "/types/E/1/type", "\"u128\"", "/types/E"},
    {1, "/types/E/1/type", "\"(u128\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(u128,)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(,u128)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(u128, felt)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"((u128))\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(enum)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(E)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"(merkletree)\"", "/types/E/1/type"},
    {1, "/types/E/1/type", "\"()*\"", "/types/E/1/type"},
    {1, "/types/M/7/contains", NULL, "/types/M/7/type"},
    {1, "/types/M/7/contains", "\"N\"", "/types/M/7/contains"},
    {1, "/types/M/7/contains", "\"E*\"", "/types/M/7/contains"},
    {1, "/types/M/7/contains", "5", "/types/M/7/contains"},
    {1, "/types/M/4/contains", "\"N*\"", "/types/M/4/contains"},
    {1, "/types/M/4/contains", "\"merkletree\"", "/types/M/4/contains"},
    {1, "/types/M/4/contains", "\"E\"", "/types/M/4/contains"},
    /* members of the message */
    {0, "/message/a", NULL, "/message/a"},
    {0, "/message/more", "1", "/message/more"},
    {0, "/message/a~b", "1", "/message/a~0b"},
    {0, "/message/n/y", "1", "/message/n/y"},
    {0, "/message/n", "[]", "/message/n"},
    {0, "/message/l", "{}", "/message/l"},
    {0, "/message/l/1", "5", "/message/l/1"},
    {0, "/message/l/1/x", "null", "/message/l/1/x"},
    /* values */
    {0, "/message/a", "1.5", "/message/a"},
    {0, "/message/a", "1.0", "/message/a"},
    {0, "/message/a", "true", "/message/a"},
    {0, "/message/a", "null", "/message/a"},
    {0, "/message/a", "{}", "/message/a"},
    {0, "/message/a", "-1", "/message/a"},
    {0, "/message/a", "9007199254740992", "/message/a"},
    {0, "/message/a", "\"-1\"", "/message/a"},
    {0, "/message/a", "\"+1\"", "/message/a"},
    {0, "/message/a", "\" 1\"", "/message/a"},
    {0, "/message/a", "\"1 \"", "/message/a"},
    {0, "/message/a", "\"0x1 \"", "/message/a"},
    {0, "/message/a", "\" \"", "/message/a"},
    {0, "/message/a", "\"0b1\"", "/message/a"},
    {0, "/message/a", "\"0o7\"", "/message/a"},
    {0, "/message/a", "\"0X1f\"", "/message/a"},
    {0, "/message/a", "\"0x\"", "/message/a"},
    {0, "/message/a", "\"0xg\"", "/message/a"},
    {0, "/message/a", "\"" ALL_FS "\"", "/message/a"},
    {0, "/message/a",
     "\"3618502788666131213697322783095070105623107215331596699973092056135872020481\"",
     "/message/a"},
    {0, "/message/a", "\"this text has thirty-two letters\"", "/message/a"},
    {0, "/message/a", "\"\\u00fc\"", "/message/a"},
    {0, "/message/s", "\"this text has thirty-two letters\"", "/message/s"},
    {0, "/message/b", "1", "/message/b"},
    {0, "/message/b", "\"true\"", "/message/b"},
    {1, "/message/b", "0", "/message/b"},
    {0, "/message/sel", "5", "/message/sel"},
    {0, "/message/sel", "\"\"", "/message/sel"},
    {0, "/message/sel", "\"0xzz\"", "/message/sel"},
    {0, "/message/sel", "\"" ALL_FS "\"", "/message/sel"},
    {0, "/message/m", "[]", "/message/m"},
    {0, "/message/m", "{}", "/message/m"},
    {0, "/message/m/2/x", "{}", "/message/m/2/x"},
    {1, "/message/s", "5", "/message/s"},
    {1, "/message/u", "\"340282366920938463463374607431768211456\"", "/message/u"},
    {1, "/message/u", "\"0x100000000000000000000000000000000\"", "/message/u"},
    {1, "/message/u", "-1", "/message/u"},
    {1, "/message/u", "\"five\"", "/message/u"},
    {1, "/message/u", "\"\"", "/message/u"},
    {1, "/message/i", "\"170141183460469231731687303715884105728\"", "/message/i"},
    {1, "/message/i", "\"-170141183460469231731687303715884105729\"", "/message/i"},
    {1, "/message/i", "\"-\"", "/message/i"},
    {1, "/message/i", "\"--1\"", "/message/i"},
    {1, "/message/i", "\"-0x1\"", "/message/i"},
    {1, "/message/i", "-9223372036854775808", "/message/i"},
    {1, "/message/t", "\"now\"", "/message/t"},
    {1, "/message/c", "\"Bob\"", "/message/c"},
    {1, "/message/c", "\"" ALL_FS "\"", "/message/c"},
    {1, "/message/h", "\"\"", "/message/h"},
    {1, "/message/w/low", NULL, "/message/w/low"},
    {1, "/message/w", "\"5\"", "/message/w"},
    {1, "/message/ta/amount/high", "\"0x100000000000000000000000000000000\"",
     "/message/ta/amount/high"},
    {1, "/message/e", "{}", "/message/e"},
    {1, "/message/e", "{\"None\":[],\"One\":[\"1\"]}", "/message/e"},
    {1, "/message/e", "{\"Three\":[]}", "/message/e/Three"},
    {1, "/message/e", "{\"None\":[1]}", "/message/e/None"},
    {1, "/message/e", "{\"One\":[]}", "/message/e/One"},
    {1, "/message/e", "{\"One\":1}", "/message/e/One"},
    {1, "/message/e", "{\"One\":[\"x\"]}", "/message/e/One/0"},
    {1, "/message/e/Two/0/x", "1.5", "/message/e/Two/0/x"},
    {1, "/message/e/Two/1/2", "[]", "/message/e/Two/1/2"},
};

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

    if (json == NULL)
        fail_msg("%s: %s", text, error.text);
    return json;
}

/* Sets or removes what pointer names; steps of digits are indices where an array stands. */
static void set(json_t *json, const char *pointer, json_t *value)
{
    char step[128];
    const char *next = strchr(pointer + 1, '/');
    size_t length = next != NULL ? (size_t)(next - pointer) - 1 : strlen(pointer + 1);
    bool array = json_is_array(json);
    size_t index;

    assert_true(length < sizeof step);
    memcpy(step, pointer + 1, length);
    step[length] = '\0';
    index = strtoul(step, NULL, 10);
    if (next != NULL)
        set(array ? json_array_get(json, index) : json_object_get(json, step), next, value);
    else if (array)
        assert_int_equal(json_array_set(json, index, value), 0);
    else if (value == NULL)
        assert_int_equal(json_object_del(json, step), 0);
    else
        assert_int_equal(json_object_set(json, step, value), 0);
}

static enum ps_code read_once(json_t *doc, struct ps_error *err)
{
    struct ps_typed_data *td;
    enum ps_code rc = ps_typed_data_read(doc, &td, err);

    assert_true((rc == PS_OK) == (td != NULL));
    ps_typed_data_free(td);
    return rc;
}

static void the_unbroken_documents_are_good(void **state)
{
    json_t *doc_0 = parse(ps_test_document_0);
    json_t *doc_1 = parse(ps_test_document_1);

    (void)state;
    assert_int_equal(read_once(doc_0, NULL), PS_OK);
    assert_int_equal(read_once(doc_1, NULL), PS_OK);
    json_decref(doc_0);
    json_decref(doc_1);
}

static void broken_documents_are_refused_where_they_are_broken(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof breakages / sizeof breakages[0]; i++) {
        const struct breakage *b = &breakages[i];
        json_t *doc = parse(b->revision == 0 ? ps_test_document_0 : ps_test_document_1);
        json_t *value = b->value != NULL ? parse(b->value) : NULL;
        struct ps_error err = {.code = PS_OK};

        set(doc, b->at, value);
        if (read_once(doc, &err) != PS_INVALID_PARAMS)
            fail_msg("accepted: %s = %s", b->at, b->value != NULL ? b->value : "(removed)");
        if (strcmp(err.pointer, b->pointer) != 0)
            fail_msg("%s = %s: points to %s, not %s (%s)", b->at, b->value, err.pointer, b->pointer,
                     err.message);
        assert_true(strlen(err.message) > 5);
        json_decref(doc);
        json_decref(value);
    }
}

static void harmless_variations_are_accepted(void **state)
{
    static const struct breakage good[] = {
        {0, "/types/Unused", "[{\"name\":\"x\",\"type\":\"felt\"}]", NULL},
        {0, "/types/Empty", "[]", NULL},
        {0, "/types/u128", "[{\"name\":\"low\",\"type\":\"felt\"}]", NULL}, /* free in revision 0 */
        {0, "/message/a", "9007199254740991", NULL},
        {0, "/message/a", "\"\"", NULL},
        {0, "/message/a", "\"0bx\"", NULL},
        {0, "/message/a", "\"007\"", NULL},
        {0, "/message/a", "\"1.0.0\"", NULL},
        {0, "/message/a", "\"Hello, Bob!\"", NULL},
        {0, "/message/l", "[]", NULL},
        {1, "/domain/revision", "1", NULL},
        {1, "/message/e", "{\"None\":[]}", NULL},
        {1, "/message/i", "\"-170141183460469231731687303715884105728\"", NULL},
        {1, "/message/i", "\"0x7fffffffffffffffffffffffffffffff\"", NULL},
        {1, "/message/s", "\"\"", NULL},
        {1, "/message/s", "\"\\u00fcber \\ud83d\\ude00\"", NULL},
        {1, "/message/sel", "\"0x0\"", NULL},
    };
    struct ps_error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        json_t *doc = parse(good[i].revision == 0 ? ps_test_document_0 : ps_test_document_1);
        json_t *value = parse(good[i].value);

        set(doc, good[i].at, value);
        if (read_once(doc, &err) != PS_OK)
            fail_msg("%s = %s: %s", good[i].at, good[i].value, err.message);
        json_decref(doc);
        json_decref(value);
    }
}

/* {"n":{"n":...}} of a type that contains itself: finite documents end at a missing member. */
static void types_that_contain_themselves_end_in_an_error(void **state)
{
    json_t *doc = parse(ps_test_document_0);
    json_t *types = parse("[{\"name\":\"n\",\"type\":\"O\"}]");
    json_t *other = parse("[{\"name\":\"n\",\"type\":\"N\"}]");
    json_t *value = json_object();
    struct ps_error err;
    int depth;

    (void)state;
    set(doc, "/types/N", types);
    set(doc, "/types/O", other);
    for (depth = 0; depth < 2000; depth++) {
        json_t *outer = json_object();

        json_object_set_new(outer, "n", value);
        value = outer;
    }
    set(doc, "/message", value);
    json_object_set_new(json_object_get(doc, "types"), "M",
                        parse("[{\"name\":\"n\",\"type\":\"N\"}]"));
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/message/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n");
    assert_non_null(strstr(err.message, "deeper"));
    json_decref(types);
    json_decref(other);
    json_decref(value);
    json_decref(doc);
}

/* But as arrays they are fine: a tree has leaves. */
static void trees_are_accepted(void **state)
{
    json_t *doc = parse(ps_test_document_0);
    json_t *types = parse("[{\"name\":\"x\",\"type\":\"felt\"},{\"name\":\"c\",\"type\":\"N*\"}]");
    json_t *value = parse("{\"n\":{\"x\":1,\"c\":[{\"x\":2,\"c\":[]},{\"x\":3,\"c\":[{\"x\":4,"
                          "\"c\":[]}]}]}}");

    (void)state;
    set(doc, "/types/N", types);
    set(doc, "/message", value);
    json_object_set_new(json_object_get(doc, "types"), "M",
                        parse("[{\"name\":\"n\",\"type\":\"N\"}]"));
    assert_int_equal(read_once(doc, NULL), PS_OK);
    json_decref(types);
    json_decref(value);
    json_decref(doc);
}

static void sizes_are_bounded(void **state)
{
    json_t *doc = parse(ps_test_document_1);
    json_t *types;
    json_t *list = json_array();
    json_t *fields = json_array();
    struct ps_error err;
    char name[16];
    char *text;
    int i;

    (void)state;
    for (i = 0; i < PS_TYPED_ELEMENTS_MAX; i++)
        json_array_append_new(list, json_pack("{s:i}", "x", i));
    set(doc, "/message/l", list);
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "at most 1024"));
    set(doc, "/message/m", list);
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/message/m");
    json_decref(doc);

    doc = parse(ps_test_document_1);
    text = malloc(200000);
    assert_non_null(text);
    memset(text, 'x', 199999);
    text[199999] = '\0';
    json_object_set_new(json_object_get(doc, "message"), "s", json_string(text));
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/message/s");
    free(text);
    json_decref(doc);

    doc = parse(ps_test_document_1);
    types = json_object_get(doc, "types");
    for (i = 0; i <= PS_TYPED_FIELDS_MAX; i++) {
        (void)snprintf(name, sizeof name, "f%d", i);
        json_array_append_new(fields, json_pack("{s:s,s:s}", "name", name, "type", "felt"));
    }
    json_object_set(types, "N", fields);
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/types/N");
    json_decref(doc);

    doc = parse(ps_test_document_1);
    types = json_object_get(doc, "types");
    for (i = 0; i < PS_TYPED_TYPES_MAX - 4; i++) {
        (void)snprintf(name, sizeof name, "T%d", i);
        json_object_set_new(types, name, json_array());
    }
    assert_int_equal(read_once(doc, &err), PS_OK);
    json_object_set_new(types, "OneMore", json_array());
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_string_equal(err.pointer, "/types");
    json_decref(list);
    json_decref(fields);
    json_decref(doc);
}

static void the_text_of_types_is_bounded(void **state)
{
    static char text[2 * PS_TYPED_FIELDS_MAX * PS_TYPED_NAME_MAX];
    json_t *doc = parse(ps_test_document_1);
    json_t *variants = json_array();
    struct ps_error err;
    char name[16];
    size_t at = 0;
    int i;

    (void)state;
    text[at++] = '(';
    for (i = 0; i < PS_TYPED_FIELDS_MAX; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%sContractAddress", i > 0 ? "," : "");
    text[at++] = ')';
    text[at] = '\0';
    for (i = 0; i < 20; i++) { /* of 1024 characters each */
        (void)snprintf(name, sizeof name, "v%d", i);
        json_array_append_new(variants, json_pack("{s:s,s:s}", "name", name, "type", text));
    }
    set(doc, "/types/E", variants);
    assert_int_equal(read_once(doc, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "characters in all"));
    json_decref(variants);
    json_decref(doc);
}

static void members_are_answered_as_felts(void **state)
{
    json_t *doc = parse(ps_test_document_1);
    struct ps_typed_data *td;
    ps_felt want = ps_test_felt_text("SN_MAIN");
    ps_felt got;

    (void)state;
    assert_int_equal(ps_typed_data_read(doc, &td, NULL), PS_OK);
    json_decref(doc); /* the reference of td keeps it */
    assert_int_equal(ps_typed_data_revision(td), 1);
    assert_string_equal(ps_typed_data_primary_type(td), "M");
    assert_int_equal(ps_typed_data_domain_felt(td, "chainId", &got, NULL), PS_OK);
    ps_test_felt_equal("chainId", &got, &want);
    assert_int_equal(ps_typed_data_message_felt(td, "i", &got, NULL), PS_OK);
    ps_felt_from_u64(&want, 5);
    ps_felt_neg(&want, &want);
    ps_test_felt_equal("i", &got, &want);
    assert_true(ps_typed_data_has_felt(td, &want));
    assert_int_equal(ps_typed_data_domain_felt(td, "none", &got, NULL), PS_INVALID_PARAMS);
    assert_int_equal(ps_typed_data_message_felt(td, "l", &got, NULL), PS_INVALID_PARAMS);
    assert_int_equal(ps_typed_data_message_felt(td, "s", &got, NULL), PS_INVALID_PARAMS);
    assert_int_equal(ps_typed_data_type_hash(td, "None", &got, NULL), PS_INVALID_PARAMS);
    ps_felt_from_u64(&want, 7); /* in the struct of the enum's variant */
    assert_true(ps_typed_data_has_felt(td, &want));
    ps_felt_from_u64(&want, 777);
    assert_false(ps_typed_data_has_felt(td, &want));
    ps_typed_data_free(td);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_unbroken_documents_are_good),
        cmocka_unit_test(broken_documents_are_refused_where_they_are_broken),
        cmocka_unit_test(harmless_variations_are_accepted),
        cmocka_unit_test(types_that_contain_themselves_end_in_an_error),
        cmocka_unit_test(trees_are_accepted),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(the_text_of_types_is_bounded),
        cmocka_unit_test(members_are_answered_as_felts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
