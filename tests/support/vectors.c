#include <tests/support/check.h>

#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <string.h>
#include <tests/support/vectors.h>

json_t *ps_test_vectors(const char *name)
{
    char path[512];
    json_error_t error;
    json_t *json;

    (void)snprintf(path, sizeof path, "%s/%s", PS_TEST_VECTORS, name);
    json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        fail_msg("%s: %s", path, error.text);
    return json;
}

json_t *ps_test_member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    if (value == NULL)
        fail_msg("no member %s", name);
    return value;
}

const char *ps_test_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(ps_test_member(object, name));

    if (text == NULL)
        fail_msg("%s is no text", name);
    return text;
}

ps_felt ps_test_felt_text(const char *text)
{
    ps_felt felt = ps_felt_zero;

    if (ps_felt_from_text(&felt, text, strlen(text)) != PS_OK)
        fail_msg("no felt: %s", text);
    return felt;
}

ps_felt ps_test_felt(const json_t *value)
{
    ps_felt felt = ps_felt_zero;

    if (!json_is_integer(value))
        return ps_test_felt_text(json_string_value(value));
    if (json_integer_value(value) < 0)
        fail_msg("a negative felt");
    ps_felt_from_u64(&felt, (uint64_t)json_integer_value(value));
    return felt;
}

static unsigned nibble(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

    if (at == NULL)
        fail_msg("no hex digit: %c", c);
    return (unsigned)(at - digits);
}

void ps_test_bytes(uint8_t *out, size_t length, const char *hex)
{
    size_t i;

    if (strncmp(hex, "0x", 2) == 0)
        hex += 2;
    if (strlen(hex) != 2 * length)
        fail_msg("not %zu bytes: %s", length, hex);
    for (i = 0; i < length; i++)
        out[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
}

void ps_test_felt_equal(const char *what, const ps_felt *got, const ps_felt *want)
{
    char got_hex[PS_FELT_HEX_MAX];
    char want_hex[PS_FELT_HEX_MAX];

    if (ps_felt_eq(got, want))
        return;
    ps_felt_to_hex(got_hex, got);
    ps_felt_to_hex(want_hex, want);
    fail_msg("%s: got %s, want %s", what, got_hex, want_hex);
}

void ps_test_be32_equal(const char *what, const uint8_t got32[32], const ps_felt *want)
{
    ps_felt got;

    if (ps_felt_from_be32(&got, got32) != PS_OK)
        fail_msg("%s: not below P", what);
    ps_test_felt_equal(what, &got, want);
}
