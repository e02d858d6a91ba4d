#include <tests/support/check.h>
#include <tests/unit/stark/vector_file.h>

#include <openssl/bn.h>
#include <stdio.h>
#include <stdlib.h>
#include <tests/support/vectors.h>

char *vector_file_text(const char *name)
{
    char path[512], *text;
    FILE *file;
    long length;

    (void)snprintf(path, sizeof path, "%s/%s", PS_TEST_VECTORS, name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    length = ftell(file);
    assert_in_range(length, 1, 1 << 20);
    rewind(file);
    text = malloc((size_t)length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    assert_int_equal(fclose(file), 0);
    text[length] = '\0';
    return text;
}

void text_to_be32(uint8_t out32[32], const char *text)
{
    BIGNUM *n = NULL;

    if (text[0] == '0' && text[1] == 'x')
        assert_true(BN_hex2bn(&n, text + 2) > 0);
    else
        assert_true(BN_dec2bn(&n, text) > 0);
    assert_int_equal(BN_bn2binpad(n, out32, 32), 32);
    BN_free(n);
}

void vector_be32(uint8_t out32[32], const json_t *object, const char *key)
{
    text_to_be32(out32, ps_test_text(object, key));
}

void vector_felt(ps_felt *out, const json_t *object, const char *key)
{
    uint8_t bytes[32];

    vector_be32(bytes, object, key);
    assert_int_equal(ps_felt_from_be32(out, bytes), PS_OK);
}
