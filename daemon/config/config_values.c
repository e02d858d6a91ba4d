#include <daemon/config/config_values.h>

#include <assert.h>
#include <daemon/config/pattern.h>
#include <daemon/config/scalar.h>
#include <proto/rpc/quote.h>
#include <proto/stark/felt_text.h>
#include <string.h>

/* A PIN in this file would be read by whoever may read the file. */
static enum ps_code uri_value(const struct ps_config_key *key, const char *text, char *out,
                              struct ps_error *err)
{
    enum ps_code rc;

    if ((rc = ps_scalar_text(text, key->min, key->max, out, err)) != PS_OK)
        return rc;
    if (strncmp(text, "pkcs11:", 7) != 0)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "this is not a PKCS#11 URI; write pkcs11:token=LABEL?module-path=FILE");
    if (strstr(text, "pin-value") != NULL)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "pin-value would put the PIN into this file; write pin-source=file:PATH");
    return PS_OK;
}

static enum ps_code name_value(const char *text, char *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];

    if (!ps_name_part_ok(text))
        return ps_fail(err, PS_INVALID_PARAMS,
                       "%s is not a name; write 1 to %d of a-z, 0-9, _ and -, the first a letter "
                       "or digit",
                       ps_quote(quoted, text), PS_NAME_PART_MAX);
    memcpy(out, text, strlen(text) + 1);
    return PS_OK;
}

static enum ps_code felt_value(const char *text, ps_felt *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];

    if (ps_felt_from_hex(out, text, strlen(text)) != PS_OK || ps_felt_is_zero(out))
        return ps_fail(err, PS_INVALID_PARAMS,
                       "%s is not a felt; write 0x and 1 to 64 hex digits, above 0 and below the "
                       "field's prime",
                       ps_quote(quoted, text));
    return PS_OK;
}

enum ps_code ps_config_value(const struct ps_config_key *key, const char *text, void *at,
                             struct ps_error *err)
{
    enum ps_code rc;
    uint64_t number;
    unsigned index;

    switch (key->type) {
    case PS_CONFIG_TEXT:
        return ps_scalar_text(text, key->min, key->max, at, err);
    case PS_CONFIG_PATH:
        if (text[0] == '\0' && key->min == 0) {
            *(char *)at = '\0';
            return PS_OK;
        }
        return ps_scalar_path(text, key->max, at, err);
    case PS_CONFIG_URI:
        return uri_value(key, text, at, err);
    case PS_CONFIG_UINT:
        if ((rc = ps_scalar_uint(text, key->min, key->max, &number, err)) == PS_OK)
            *(uint32_t *)at = (uint32_t)number;
        return rc;
    case PS_CONFIG_SWITCH:
        return ps_scalar_switch(text, at, err);
    case PS_CONFIG_MODE:
        return ps_scalar_mode(text, at, err);
    case PS_CONFIG_CHOICE:
        if ((rc = ps_scalar_choice(text, key->choices, &index, err)) == PS_OK)
            *(unsigned *)at = index;
        return rc;
    case PS_CONFIG_NAME:
        return name_value(text, at, err);
    case PS_CONFIG_KEY:
        if ((rc = ps_key_name_parse(text, NULL, err)) == PS_OK)
            memcpy(at, text, strlen(text) + 1);
        return rc;
    case PS_CONFIG_FELT:
        return felt_value(text, at, err);
    case PS_CONFIG_USER:
        return ps_scalar_user(text, at, err);
    case PS_CONFIG_PATHS:
    case PS_CONFIG_METHODS:
    case PS_CONFIG_PATTERNS:
    case PS_CONFIG_ENTRIES:
        break;
    }
    assert(false && "a list has no one value");
    return PS_INTERNAL_ERROR;
}

enum ps_code ps_config_element(const struct ps_config_key *key, const char *text,
                               struct ps_error *err)
{
    char path[PS_CONFIG_PATH_MAX];

    if (key->type == PS_CONFIG_METHODS)
        return ps_pattern_check_method(text, err);
    if (key->type == PS_CONFIG_PATTERNS)
        return ps_pattern_check_key(text, err);
    assert(key->type == PS_CONFIG_PATHS && key->max < sizeof path);
    return ps_scalar_path(text, key->max, path, err);
}
