/*
 * Documents broken at random, from a fixed seed: whatever comes, reading ends in an answer, the
 * answer is the same twice, and a refusal says where and why. Run it under ASan and UBSan.
 */
#include <tests/support/check.h>

#include <assert.h>
#include <proto/snip12/typed_data.h>
#include <stdlib.h>
#include <string.h>
#include <tests/support/vectors.h>
#include <tests/unit/snip12/documents.h>

#define TREE_MUTATIONS 12000
#define TEXT_MUTATIONS 8000

static uint64_t seed = 0x5ca1ab1e;

/* splitmix64 */
static uint64_t next_random(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t below(size_t n)
{
    assert(n > 0);
    return (size_t)(next_random() % n);
}

static const char *const words[] = {
    "felt",
    "felt*",
    "string",
    "u256",
    "N*",
    "N",
    "M",
    "M*",
    "E",
    "enum",
    "()",
    "(N)",
    "(u128,M*)",
    "merkletree",
    "selector",
    "0x0",
    "-1",
    "1",
    "0",
    "STARK Key",
    "Paradex",
    "name",
    "type",
    "contains",
    "x",
    "None",
    "One",
    "Two",
    "revision",
    "types",
    "domain",
    "message",
    "TokenAmount",
    "(",
    ")",
    "a\xc3\xa9",
    "\x01",
    "",
    "**",
    "StarkNetDomain",
    "StarknetDomain",
};

static json_t *random_value(void)
{
    switch (below(9)) {
    case 0:
        return json_integer((json_int_t)next_random());
    case 1:
        return json_integer((json_int_t)below(5));
    case 2:
        return json_real(0.5);
    case 3:
        return json_null();
    case 4:
        return json_object();
    case 5:
        return json_array();
    case 6:
        return json_boolean(below(2) == 0);
    default:
        return json_string(words[below(sizeof words / sizeof words[0])]);
    }
}

/* Every container of the document, in no order. */
struct containers {
    json_t *items[512];
    size_t count;
};

static void collect(struct containers *all, json_t *json)
{
    const char *key;
    json_t *value;
    size_t i;

    if (!json_is_object(json) && !json_is_array(json))
        return;
    if (all->count < sizeof all->items / sizeof all->items[0])
        all->items[all->count++] = json;
    if (json_is_object(json)) {
        json_object_foreach(json, key, value) collect(all, value);
    } else {
        json_array_foreach(json, i, value) collect(all, value);
    }
}

static void mutate_object(json_t *object, struct containers *all)
{
    size_t size = json_object_size(object);
    void *at = json_object_iter(object);
    size_t skip = size > 0 ? below(size) : 0;

    for (; at != NULL && skip > 0; skip--)
        at = json_object_iter_next(object, at);
    switch (below(4)) {
    case 0:
        if (at != NULL)
            json_object_del(object, json_object_iter_key(at));
        break;
    case 1:
        json_object_set_new(object, words[below(sizeof words / sizeof words[0])], random_value());
        break;
    case 2: /* a copy of another part of the document, so that nothing becomes a cycle */
        if (at != NULL)
            json_object_iter_set_new(object, at, json_deep_copy(all->items[below(all->count)]));
        break;
    default:
        if (at != NULL)
            json_object_iter_set_new(object, at, random_value());
    }
}

static void mutate_array(json_t *array, struct containers *all)
{
    size_t size = json_array_size(array);

    switch (below(4)) {
    case 0:
        if (size > 0)
            json_array_remove(array, below(size));
        break;
    case 1:
        json_array_append_new(array, random_value());
        break;
    case 2:
        json_array_insert_new(array, below(size + 1),
                              json_deep_copy(all->items[below(all->count)]));
        break;
    default:
        if (size > 0)
            json_array_set_new(array, below(size), random_value());
    }
}

static void mutate(json_t *doc)
{
    struct containers all = {.count = 0};
    json_t *chosen;

    collect(&all, doc);
    chosen = all.items[below(all.count)];
    if (json_is_object(chosen))
        mutate_object(chosen, &all);
    else
        mutate_array(chosen, &all);
}

/* Returns whether the document was good. */
static bool judge(json_t *doc)
{
    const ps_felt account = ps_felt_one;
    struct ps_typed_data *td;
    struct ps_error err = {.code = PS_OK};
    enum ps_code rc = ps_typed_data_read(doc, &td, &err);
    ps_felt one;
    ps_felt two;

    if (rc != PS_OK) {
        assert_int_equal(rc, PS_INVALID_PARAMS);
        assert_int_equal(err.code, PS_INVALID_PARAMS);
        assert_true(err.pointer[0] == '\0' || err.pointer[0] == '/');
        assert_true(strlen(err.message) > 5);
        return false;
    }
    assert_int_equal(ps_typed_data_message_hash_var(td, &account, &one, &err), PS_OK);
    assert_int_equal(ps_typed_data_domain_hash_var(td, &two, &err), PS_OK);
    assert_false(ps_typed_data_has_felt(td, &one));
    assert_int_equal(ps_typed_data_type_hash(td, ps_typed_data_primary_type(td), &two, &err),
                     PS_OK);
    ps_typed_data_free(td);
    assert_int_equal(ps_typed_data_read(doc, &td, &err), PS_OK);
    assert_int_equal(ps_typed_data_message_hash_var(td, &account, &two, &err), PS_OK);
    assert_true(ps_felt_eq(&one, &two));
    ps_typed_data_free(td);
    return true;
}

static void mutated_trees_end_in_an_answer(void **state)
{
    size_t good = 0;
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < TREE_MUTATIONS; i++) {
        json_t *doc = json_loads(i % 2 == 0 ? ps_test_document_0 : ps_test_document_1, 0, NULL);

        for (k = 1 + below(4); k > 0; k--)
            mutate(doc);
        good += judge(doc);
        json_decref(doc);
    }
    /* both answers must have been met, or the mutations test nothing */
    assert_in_range(good, 100, TREE_MUTATIONS - 1000);
}

static void mutated_texts_end_in_an_answer(void **state)
{
    char text[4096];
    size_t parsed = 0;
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < TEXT_MUTATIONS; i++) {
        const char *source = i % 2 == 0 ? ps_test_document_0 : ps_test_document_1;
        size_t length = strlen(source);
        json_t *doc;

        assert_true(length < sizeof text);
        memcpy(text, source, length + 1);
        for (k = 1 + below(3); k > 0; k--)
            text[below(length)] = (char)(' ' + below(95));
        doc = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        if (doc == NULL)
            continue;
        parsed++;
        (void)judge(doc);
        json_decref(doc);
    }
    assert_true(parsed > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutated_trees_end_in_an_answer),
        cmocka_unit_test(mutated_texts_end_in_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
