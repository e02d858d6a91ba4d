#include <tests/support/check.h>

#include <proto/ethereum/keccak.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/support/vectors.h>

static void vectors_of_other_libraries_agree(void **state)
{
    json_t *file = ps_test_vectors("keccak.json");
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;

    (void)state;
    assert_true(json_array_size(vectors) >= 10);
    json_array_foreach(vectors, i, vector)
    {
        size_t length = (size_t)json_integer_value(ps_test_member(vector, "length"));
        uint8_t *data = malloc(length + 1);
        uint8_t want[32];
        uint8_t got[32];

        assert_non_null(data);
        ps_test_bytes(data, length, ps_test_text(vector, "data"));
        ps_test_bytes(want, 32, ps_test_text(vector, "keccak256"));
        ps_keccak256(got, data, length);
        assert_memory_equal(got, want, 32);
        free(data);
    }
    json_decref(file);
}

static void pieces_hash_as_the_whole(void **state)
{
    uint8_t data[400];
    uint8_t whole[32];
    uint8_t pieces[32];
    struct ps_keccak256 k;
    size_t i;
    size_t cut;

    (void)state;
    for (i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + 3);
    ps_keccak256(whole, data, sizeof data);
    ps_keccak256_init(&k);
    for (cut = 0; cut <= sizeof data; cut++) {
        ps_keccak256_add(&k, data, cut);
        ps_keccak256_add(&k, NULL, 0);
        ps_keccak256_add(&k, data + cut, sizeof data - cut);
        ps_keccak256_end(&k, pieces); /* and begins anew */
        assert_memory_equal(whole, pieces, 32);
    }
}

static void selectors_agree(void **state)
{
    json_t *file = ps_test_vectors("selectors.json");
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;

    (void)state;
    assert_true(json_array_size(vectors) >= 10);
    json_array_foreach(vectors, i, vector)
    {
        const char *name = ps_test_text(vector, "name");
        ps_felt want = ps_test_felt(ps_test_member(vector, "selector"));
        ps_felt got;

        ps_starknet_selector(&got, name, strlen(name));
        ps_test_felt_equal(name, &got, &want);
        want = ps_test_felt(ps_test_member(vector, "starknet_keccak"));
        ps_starknet_keccak(&got, name, strlen(name));
        ps_test_felt_equal(name, &got, &want);
    }
    json_decref(file);
}

/* "\x19Ethereum Signed Message:\n" length message: the digests need nothing but Keccak. */
static void check_digest(const uint8_t *message, size_t length, const char *hash)
{
    char prefix[64];
    struct ps_keccak256 k;
    uint8_t want[32];
    uint8_t got[32];

    (void)snprintf(prefix, sizeof prefix,
                   "\x19"
                   "Ethereum Signed Message:\n%zu",
                   length);
    ps_keccak256_init(&k);
    ps_keccak256_add(&k, prefix, strlen(prefix));
    ps_keccak256_add(&k, message, length);
    ps_keccak256_end(&k, got);
    ps_test_bytes(want, 32, hash);
    assert_memory_equal(got, want, 32);
}

static void digests_of_personal_messages_agree(void **state)
{
    json_t *file = ps_test_vectors("eip191.json");
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;

    (void)state;
    assert_true(json_array_size(vectors) >= 5);
    json_array_foreach(vectors, i, vector)
    {
        const char *hex = ps_test_text(vector, "message_hex");
        size_t length = (strlen(hex) - 2) / 2;
        uint8_t *message = malloc(length + 1);

        assert_non_null(message);
        ps_test_bytes(message, length, hex);
        check_digest(message, length, ps_test_text(vector, "hash"));
        free(message);
    }
    json_decref(file);
}

static void digests_of_sign_in_messages_agree(void **state)
{
    json_t *file = ps_test_vectors("siwe.json");
    json_t *vectors = ps_test_member(file, "vectors");
    json_t *vector;
    size_t i;

    (void)state;
    assert_true(json_array_size(vectors) >= 3);
    json_array_foreach(vectors, i, vector)
    {
        const char *message = ps_test_text(vector, "message");

        check_digest((const uint8_t *)message, strlen(message), ps_test_text(vector, "hash"));
    }
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_other_libraries_agree),
        cmocka_unit_test(pieces_hash_as_the_whole),
        cmocka_unit_test(selectors_agree),
        cmocka_unit_test(digests_of_personal_messages_agree),
        cmocka_unit_test(digests_of_sign_in_messages_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
