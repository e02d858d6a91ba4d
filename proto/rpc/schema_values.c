#include <proto/rpc/schema_values.h>

#include <assert.h>
#include <inttypes.h>
#include <proto/paradex/amount.h>
#include <proto/rpc/quote.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <string.h>

static enum ps_code check_text(const struct ps_param *param, const json_t *value,
                               const struct ps_schema_path *path, struct ps_error *err);
static enum ps_code check_choice(const struct ps_param *param, const json_t *value,
                                 const struct ps_schema_path *path, struct ps_error *err);
static enum ps_code check_decimal(const json_t *value, const struct ps_schema_path *path,
                                  struct ps_error *err);
static enum ps_code check_uint(const struct ps_param *param, const json_t *value,
                               const struct ps_schema_path *path, struct ps_error *err);
static enum ps_code check_felt(const json_t *value, const struct ps_schema_path *path,
                               struct ps_error *err);

enum ps_code ps_schema_value(const struct ps_param *param, const json_t *value,
                             const struct ps_schema_path *path, struct ps_error *err)
{
    switch (param->type) {
    case PS_PARAM_TEXT:
        return check_text(param, value, path, err);
    case PS_PARAM_CHOICE:
        return check_choice(param, value, path, err);
    case PS_PARAM_DECIMAL:
        return check_decimal(value, path, err);
    case PS_PARAM_UINT:
    case PS_PARAM_UINT_TEXT:
        return check_uint(param, value, path, err);
    case PS_PARAM_FELT:
        return check_felt(value, path, err);
    case PS_PARAM_BOOL:
        return json_is_boolean(value) ? PS_OK
                                      : ps_schema_fail(err, path, "this must be true or false");
    case PS_PARAM_DOCUMENT:
        return json_is_object(value) ? PS_OK : ps_schema_fail(err, path, "this must be an object");
    case PS_PARAM_OBJECT:
    case PS_PARAM_ARRAY:
        break;
    }
    assert(param->type < PS_PARAM_OBJECT || param->type > PS_PARAM_ARRAY);
    return ps_fail(err, PS_INTERNAL_ERROR, "the method table has a row of no known type");
}

static enum ps_code check_text(const struct ps_param *param, const json_t *value,
                               const struct ps_schema_path *path, struct ps_error *err)
{
    const unsigned char *text = (const unsigned char *)json_string_value(value);
    size_t length = json_string_length(value);
    size_t i;

    if (text == NULL)
        return ps_schema_fail(err, path, "this must be a string");
    if (length < param->min || length > param->max)
        return ps_schema_fail(err, path,
                              "this must be %" PRIu64 " to %" PRIu64 " bytes long, and is %zu",
                              param->min, param->max, length);
    for (i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] == 0x7f || (text[i] > 0x7f && !param->utf8))
            return ps_schema_fail(err, path, "byte %zu is not a printable %scharacter", i,
                                  param->utf8 ? "" : "ASCII ");
    return PS_OK;
}

static void list_choices(char *out, size_t size, const char *const *choices)
{
    size_t n = 0;

    out[0] = '\0';
    for (; *choices != NULL && n < size; choices++) {
        int written = snprintf(out + n, size - n, "%s%s", n > 0 ? ", " : "", *choices);

        if (written < 0)
            return;
        n += (size_t)written;
    }
}

static enum ps_code check_choice(const struct ps_param *param, const json_t *value,
                                 const struct ps_schema_path *path, struct ps_error *err)
{
    const char *text = json_string_value(value);
    const char *const *choice;
    char quoted[PS_QUOTE_MAX];
    char known[240];

    if (text != NULL)
        for (choice = param->choices; *choice != NULL; choice++)
            if (strcmp(text, *choice) == 0)
                return PS_OK;
    list_choices(known, sizeof known, param->choices);
    if (text == NULL)
        return ps_schema_fail(err, path, "this must be one of the strings %s", known);
    return ps_schema_fail(err, path, "this must be one of %s, and is %s", known,
                          ps_quote(quoted, text));
}

static enum ps_code check_decimal(const json_t *value, const struct ps_schema_path *path,
                                  struct ps_error *err)
{
    char pointer[PS_ERROR_POINTER_MAX];
    uint64_t e8;
    enum ps_code rc;

    if (!json_is_string(value))
        return ps_schema_fail(err, path, "this must be a decimal number in a string, as \"0.5\"");
    rc = ps_amount_parse(json_string_value(value), json_string_length(value), &e8, err);
    if (rc != PS_OK && err != NULL) {
        ps_schema_pointer(pointer, path);
        memcpy(err->pointer, pointer, sizeof pointer);
    }
    return rc;
}

/* Digits without a leading zero, below 2^63. */
static bool read_digits(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    size_t i;

    if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
        return false;
    for (i = 0; text[i] != '\0'; i++) {
        if (text[i] < '0' || text[i] > '9' || i >= 18)
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *out = value;
    return true;
}

static enum ps_code check_uint(const struct ps_param *param, const json_t *value,
                               const struct ps_schema_path *path, struct ps_error *err)
{
    bool as_text = param->type == PS_PARAM_UINT_TEXT;
    uint64_t n = 0;

    if (json_is_integer(value)) {
        if (json_integer_value(value) < 0)
            return ps_schema_fail(err, path, "this must not be negative");
        n = (uint64_t)json_integer_value(value);
    } else if (!as_text || !json_is_string(value)) {
        return ps_schema_fail(err, path, "this must be an integer%s",
                              as_text ? ", or one in a string" : "");
    } else if (!read_digits(json_string_value(value), &n)) {
        return ps_schema_fail(err, path, "this must be digits without leading zeros, at most 18");
    }
    if (n < param->min || n > param->max)
        return ps_schema_fail(err, path, "this must be from %" PRIu64 " to %" PRIu64, param->min,
                              param->max);
    return PS_OK;
}

static enum ps_code check_felt(const json_t *value, const struct ps_schema_path *path,
                               struct ps_error *err)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    enum ps_code rc = PS_INVALID_PARAMS;
    ps_felt felt;

    if (text != NULL && length > 2 && text[0] == '0' && text[1] == 'x')
        rc = ps_felt_from_hex(&felt, text, length);
    else if (text != NULL)
        rc = ps_felt_from_decimal(&felt, text, length);
    if (rc != PS_OK)
        return ps_schema_fail(err, path,
                              "this must be a field element in a string: 0x and hex digits, or "
                              "decimal digits, below 2^251 + 17 * 2^192 + 1");
    return PS_OK;
}
