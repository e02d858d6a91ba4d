#include <proto/stark/felt_text.h>

#include <proto/stark/limbs.h>
#include <string.h>

#define HEX_DIGITS_MAX 64
#define DECIMAL_DIGITS_MAX 77
#define TEN_TO_19 10000000000000000000u /* the highest power of ten in 64 bits */

void ps_be32_to_hex(char out[PS_FELT_HEX_MAX], const uint8_t in32[32])
{
    static const char digits[] = "0123456789abcdef";
    size_t nibble = 0, at = 2;

    memcpy(out, "0x", 2);
    while (nibble < 63 && (in32[nibble / 2] >> (nibble % 2 ? 0 : 4) & 15) == 0)
        nibble++;
    for (; nibble < 64; nibble++)
        out[at++] = digits[in32[nibble / 2] >> (nibble % 2 ? 0 : 4) & 15];
    out[at] = '\0';
}

/* Divides in place by 10^19 and returns the remainder. */
static uint64_t divide_by_ten_to_19(uint64_t v[4])
{
    uint64_t rest = 0;
    int i;

    for (i = 3; i >= 0; i--) {
        const ps_u128 t = (ps_u128)rest << 64 | v[i];

        v[i] = (uint64_t)(t / TEN_TO_19);
        rest = (uint64_t)(t % TEN_TO_19);
    }
    return rest;
}

void ps_be32_to_decimal(char out[79], const uint8_t in32[32])
{
    char digits[5 * 19];
    uint64_t v[4];
    size_t at = sizeof digits;
    int i;

    ps_limbs_from_be32(v, in32);
    while (at > 0) {
        uint64_t part = divide_by_ten_to_19(v);

        for (i = 0; i < 19; i++, part /= 10)
            digits[--at] = (char)('0' + part % 10);
    }
    while (at < sizeof digits - 1 && digits[at] == '0')
        at++;
    memcpy(out, digits + at, sizeof digits - at);
    out[sizeof digits - at] = '\0';
}

void ps_felt_to_hex(char out[PS_FELT_HEX_MAX], const ps_felt *in)
{
    uint8_t bytes[32];

    ps_felt_to_be32(bytes, in);
    ps_be32_to_hex(out, bytes);
}

void ps_felt_to_decimal(char out[PS_FELT_DECIMAL_MAX], const ps_felt *in)
{
    char text[79];
    uint8_t bytes[32];

    ps_felt_to_be32(bytes, in);
    ps_be32_to_decimal(text, bytes);
    memcpy(out, text, strlen(text) + 1); /* P has 76 digits */
}

/* -1 when c is no hex digit. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_hex_prefix(const char *text, size_t length)
{
    return length >= 2 && text[0] == '0' && text[1] == 'x';
}

enum ps_code ps_felt_from_hex(ps_felt *out, const char *text, size_t length)
{
    uint8_t bytes[32] = {0};
    size_t i;

    if (!is_hex_prefix(text, length) || length == 2 || length > 2 + HEX_DIGITS_MAX)
        return PS_INVALID_PARAMS;
    for (i = 0; i < length - 2; i++) {
        const int value = hex_value(text[length - 1 - i]);

        if (value < 0)
            return PS_INVALID_PARAMS;
        bytes[31 - i / 2] |= (uint8_t)(value << (i % 2 ? 4 : 0));
    }
    return ps_felt_from_be32(out, bytes);
}

enum ps_code ps_felt_from_decimal(ps_felt *out, const char *text, size_t length)
{
    uint64_t v[4] = {0, 0, 0, 0};
    uint8_t bytes[32];
    size_t i;
    int j;

    if (length == 0 || length > DECIMAL_DIGITS_MAX)
        return PS_INVALID_PARAMS;
    for (i = 0; i < length; i++) {
        ps_u128 t;
        uint64_t carry;

        if (text[i] < '0' || text[i] > '9')
            return PS_INVALID_PARAMS;
        carry = (uint64_t)(text[i] - '0');
        for (j = 0; j < 4; j++) {
            t = (ps_u128)v[j] * 10 + carry;
            v[j] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        /* 77 digits reach 10^77 - 1, which is below 2^256. */
    }
    ps_limbs_to_be32(bytes, v);
    return ps_felt_from_be32(out, bytes);
}

enum ps_code ps_felt_from_short_string(ps_felt *out, const char *text, size_t length)
{
    uint8_t bytes[32] = {0};
    size_t i;

    if (length > PS_SHORT_STRING_MAX)
        return PS_INVALID_PARAMS;
    for (i = 0; i < length; i++) {
        if ((unsigned char)text[i] > 0x7f)
            return PS_INVALID_PARAMS;
        bytes[32 - length + i] = (uint8_t)text[i];
    }
    return ps_felt_from_be32(out, bytes);
}

static bool is_all_digits(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return length > 0;
}

enum ps_code ps_felt_from_text(ps_felt *out, const char *text, size_t length)
{
    if (is_hex_prefix(text, length))
        return ps_felt_from_hex(out, text, length);
    if (is_all_digits(text, length))
        return ps_felt_from_decimal(out, text, length);
    return ps_felt_from_short_string(out, text, length);
}
