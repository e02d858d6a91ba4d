#include <proto/snip12/scalar.h>

#include <assert.h>
#include <proto/ethereum/keccak.h>
#include <proto/stark/felt_text.h>
#include <string.h>

#define EXACT_INTEGER_MAX 9007199254740991 /* 2^53 - 1 */

static const char digits[] = "0123456789";
static const char hex_digits[] = "0123456789abcdefABCDEF";

bool ps_type_is_scalar(unsigned revision, const struct ps_type_ref *ref)
{
    if (ref->array)
        return false;
    switch (ref->base) {
    case PS_TYPE_MERKLETREE:
    case PS_TYPE_ENUM:
    case PS_TYPE_STRUCT:
    case PS_TYPE_TUPLE:
        return false;
    case PS_TYPE_STRING:
        return revision == 0;
    default:
        return true;
    }
}

static bool all_of(const char *text, size_t length, const char *set)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (text[i] == '\0' || strchr(set, text[i]) == NULL)
            return false;
    }
    return length > 0;
}

static bool is_decimal(const char *text, size_t length)
{
    return all_of(text, length, digits);
}

static bool is_hex(const char *text, size_t length)
{
    return length > 2 && text[0] == '0' && text[1] == 'x' &&
           all_of(text + 2, length - 2, hex_digits);
}

/* What JavaScript's BigInt() takes for a number and Python's int rule does not. */
static bool is_read_differently(const char *text, size_t length)
{
    static const char spaces[] = " \t\n\v\f\r";
    bool trimmed = false;

    if (length == 0 || is_decimal(text, length) || is_hex(text, length))
        return false;
    for (; length > 0 && strchr(spaces, text[0]) != NULL && text[0] != '\0'; text++, length--)
        trimmed = true;
    for (; length > 0 && strchr(spaces, text[length - 1]) != NULL && text[length - 1] != '\0';
         length--)
        trimmed = true;
    if (length == 0)
        return true;
    if (trimmed && (is_decimal(text, length) || is_hex(text, length)))
        return true;
    if (text[0] == '-' || text[0] == '+')
        return is_decimal(text + 1, length - 1);
    return length > 1 && text[0] == '0' && strchr("xXoObB", text[1]) != NULL && text[1] != '\0' &&
           (length == 2 || all_of(text + 2, length - 2, hex_digits));
}

static enum ps_code from_integer(ps_felt *out, json_int_t value, const struct ps_typed_path *at,
                                 struct ps_error *err)
{
    if (value < 0)
        return ps_typed_fail(err, at, "must not be negative");
    if (value > EXACT_INTEGER_MAX)
        return ps_typed_fail(err, at, "write integers over 2^53 - 1 as text");
    ps_felt_from_u64(out, (uint64_t)value);
    return PS_OK;
}

/* felt, shortstring, and the string of revision 0. */
static enum ps_code felt_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                             struct ps_error *err)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);

    if (json_is_integer(value))
        return from_integer(out, json_integer_value(value), at, err);
    if (text == NULL)
        return ps_typed_fail(err, at,
                             "must be a text (decimal, 0x hex or a short string) or an integer");
    if (is_read_differently(text, length))
        return ps_typed_fail(err, at,
                             "not every library reads this text the same: write a number as "
                             "decimal or 0x hex");
    if (ps_felt_from_text(out, text, length) != PS_OK)
        return ps_typed_fail(err, at,
                             "must be a number below the field's prime or at most %d ASCII "
                             "characters",
                             PS_SHORT_STRING_MAX);
    return PS_OK;
}

/* A number, never a short string. */
static enum ps_code number_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                               struct ps_error *err)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);

    if (json_is_integer(value))
        return from_integer(out, json_integer_value(value), at, err);
    if (text != NULL &&
        ((is_decimal(text, length) && ps_felt_from_decimal(out, text, length) == PS_OK) ||
         (is_hex(text, length) && ps_felt_from_hex(out, text, length) == PS_OK)))
        return PS_OK;
    return ps_typed_fail(
        err, at, "must be a number below the field's prime, as decimal or 0x hex text or integer");
}

/* Whether a < 2^bits, bits = 127 or 128. */
static bool fits(const ps_felt *a, unsigned bits)
{
    ps_felt bound;

    if (bits == 128)
        ps_felt_from_u128(&bound, UINT64_MAX, UINT64_MAX);
    else
        ps_felt_from_u128(&bound, UINT64_MAX >> 1, UINT64_MAX);
    return ps_felt_cmp(a, &bound) <= 0;
}

static enum ps_code u128_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                             struct ps_error *err)
{
    enum ps_code rc = number_var(out, value, at, err);

    if (rc == PS_OK && !fits(out, 128))
        return ps_typed_fail(err, at, "must be below 2^128");
    return rc;
}

static enum ps_code i128_negative_var(ps_felt *out, const json_t *value,
                                      const struct ps_typed_path *at, struct ps_error *err)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    ps_felt minus_one;

    if (json_is_integer(value)) {
        if (json_integer_value(value) < -EXACT_INTEGER_MAX)
            return ps_typed_fail(err, at, "write integers below -(2^53 - 1) as text");
        ps_felt_from_u64(out, (uint64_t)-json_integer_value(value));
    } else if (!is_decimal(text + 1, length - 1) ||
               ps_felt_from_decimal(out, text + 1, length - 1) != PS_OK) {
        return ps_typed_fail(err, at, "write a negative number as - and decimal digits");
    }
    ps_felt_sub(&minus_one, out, &ps_felt_one);
    if (!ps_felt_is_zero(out) && !fits(&minus_one, 127))
        return ps_typed_fail(err, at, "must be at least -2^127");
    ps_felt_neg(out, out);
    return PS_OK;
}

static enum ps_code i128_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                             struct ps_error *err)
{
    const char *text = json_string_value(value);
    enum ps_code rc;

    if ((json_is_integer(value) && json_integer_value(value) < 0) ||
        (text != NULL && text[0] == '-'))
        return i128_negative_var(out, value, at, err);
    rc = number_var(out, value, at, err);
    if (rc == PS_OK && !fits(out, 127))
        return ps_typed_fail(err, at, "must be below 2^127");
    return rc;
}

/*
 * A name, or the selector itself as 0x hex. __default__ is hashed like any name: as starknet.js
 * does it, while starknet-rs has 0 for it.
 */
static enum ps_code selector_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                                 struct ps_error *err)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);

    if (text == NULL || length == 0)
        return ps_typed_fail(err, at, "must be the name of an entry point, or its selector in hex");
    if (length < 2 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) {
        ps_starknet_keccak(out, text, length);
        return PS_OK;
    }
    if (!is_hex(text, length) || ps_felt_from_hex(out, text, length) != PS_OK)
        return ps_typed_fail(err, at, "a selector in hex is 0x and digits, below the prime");
    return PS_OK;
}

static enum ps_code bool_var(ps_felt *out, const json_t *value, const struct ps_typed_path *at,
                             struct ps_error *err)
{
    if (!json_is_boolean(value))
        return ps_typed_fail(err, at, "must be true or false");
    *out = json_is_true(value) ? ps_felt_one : ps_felt_zero;
    return PS_OK;
}

enum ps_code ps_typed_scalar_var(ps_felt *out, enum ps_type_base base, const json_t *value,
                                 const struct ps_typed_path *at, struct ps_error *err)
{
    switch (base) {
    case PS_TYPE_FELT:
    case PS_TYPE_STRING:
    case PS_TYPE_SHORTSTRING:
        return felt_var(out, value, at, err);
    case PS_TYPE_BOOL:
        return bool_var(out, value, at, err);
    case PS_TYPE_SELECTOR:
        return selector_var(out, value, at, err);
    case PS_TYPE_U128:
    case PS_TYPE_TIMESTAMP:
        return u128_var(out, value, at, err);
    case PS_TYPE_I128:
        return i128_var(out, value, at, err);
    case PS_TYPE_CONTRACT_ADDRESS:
    case PS_TYPE_CLASS_HASH:
        return number_var(out, value, at, err);
    case PS_TYPE_MERKLETREE:
    case PS_TYPE_ENUM:
    case PS_TYPE_STRUCT:
    case PS_TYPE_TUPLE:
        break;
    }
    assert(false && "a type that is made of others");
    return ps_typed_fail(err, at, "is not a single value");
}
