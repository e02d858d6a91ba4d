#include <proto/paradex/amount.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* value * 10 + digit, as long as it stays below 2^63. */
static bool push_digit(uint64_t *value, unsigned digit)
{
    const uint64_t limit = UINT64_C(1) << 63;

    if (*value > (limit - 1 - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

enum ps_code ps_amount_parse(const char *text, size_t length, uint64_t *out_e8,
                             struct ps_error *err)
{
    static const char form[] =
        "must be a decimal number as text, as 12.5: digits, at most one point with digits on both "
        "sides, no sign, no exponent, no needless leading zero";
    uint64_t value = 0;
    size_t whole = 0;
    size_t decimals;
    size_t i;

    while (whole < length && is_digit(text[whole]))
        whole++;
    if (whole == 0 || (whole > 1 && text[0] == '0'))
        return ps_fail(err, PS_INVALID_PARAMS, "%s", form);
    if (whole < length && (text[whole] != '.' || whole + 1 == length))
        return ps_fail(err, PS_INVALID_PARAMS, "%s", form);
    for (i = whole + 1; i < length; i++) {
        if (!is_digit(text[i]))
            return ps_fail(err, PS_INVALID_PARAMS, "%s", form);
    }
    decimals = whole < length ? length - whole - 1 : 0;
    if (decimals > PS_AMOUNT_DECIMALS)
        return ps_fail(err, PS_INVALID_PARAMS, "must have at most %d decimals", PS_AMOUNT_DECIMALS);
    for (i = 0; i < whole + 1 + PS_AMOUNT_DECIMALS; i++) {
        unsigned digit = i < length && i != whole ? (unsigned)(text[i] - '0') : 0;

        if (i != whole && !push_digit(&value, digit))
            return ps_fail(err, PS_INVALID_PARAMS, "is too large: must be below 2^63 / 10^%d",
                           PS_AMOUNT_DECIMALS);
    }
    *out_e8 = value;
    return PS_OK;
}
