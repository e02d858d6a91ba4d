#include <pkcs11/uri.h>

#include <p11-kit/uri.h>
#include <stdio.h>
#include <string.h>

#define URI_EXAMPLE "pkcs11:token=desk?module-path=/usr/lib/softhsm/libsofthsm2.so"

static enum ps_code copy_path(const char *path, char *out, size_t capacity, const char *what,
                              struct ps_error *err)
{
    size_t length = strlen(path);

    if (path[0] != '/' || length >= capacity)
        return ps_fail(err, PS_INVALID_PARAMS, "%s must be an absolute path below %zu characters",
                       what, capacity);
    memcpy(out, path, length + 1);
    return PS_OK;
}

/* RFC 7512 leaves pin-source open; p11-kit hands it over as written. file:/p, file:///p, /p. */
static enum ps_code read_pin_source(const char *text, struct ps_uri *out, struct ps_error *err)
{
    if (strncmp(text, "file://", 7) == 0)
        text += 7;
    else if (strncmp(text, "file:", 5) == 0)
        text += 5;
    else if (text[0] == '|')
        return ps_fail(err, PS_INVALID_PARAMS,
                       "pin-source of the token URI is a command; write file:/path");
    return copy_path(text, out->pin_source, sizeof out->pin_source, "pin-source of the token URI",
                     err);
}

/* CK_TOKEN_INFO pads with blanks and does not terminate; 0xff.. means absent in p11-kit. */
static void copy_label(const CK_TOKEN_INFO *info, char out[33])
{
    size_t length = sizeof info->label;

    while (length > 0 && (info->label[length - 1] == ' ' || info->label[length - 1] == 0 ||
                          info->label[length - 1] == 0xff))
        length--;
    memcpy(out, info->label, length);
    out[length] = '\0';
}

enum ps_code ps_uri_parse(const char *text, struct ps_uri *out, struct ps_error *err)
{
    const char *path, *source;
    CK_ATTRIBUTE *attributes;
    CK_ULONG count = 0;
    enum ps_code rc = PS_OK;
    int result;

    memset(out, 0, sizeof *out);
    if (strlen(text) > PS_URI_MAX)
        return ps_fail(err, PS_INVALID_PARAMS, "the token URI is longer than %d characters",
                       PS_URI_MAX);
    if ((out->matcher = p11_kit_uri_new()) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    result = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, out->matcher);
    if (result != P11_KIT_URI_OK) {
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "the token URI is not one of RFC 7512 (%s); write e.g. %s",
                     p11_kit_uri_message(result), URI_EXAMPLE);
        goto out;
    }
    if (p11_kit_uri_get_pin_value(out->matcher) != NULL) {
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "the token URI holds a PIN (pin-value); put it into a file of mode 0600 and "
                     "name that with pin-source=file:/path");
        goto out;
    }
    attributes = p11_kit_uri_get_attributes(out->matcher, &count);
    if ((attributes != NULL && count > 0) || p11_kit_uri_any_unrecognized(out->matcher)) {
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "the token URI names an object or something unknown; it may name token, "
                     "serial, manufacturer, model and slot-id, e.g. %s",
                     URI_EXAMPLE);
        goto out;
    }
    if ((path = p11_kit_uri_get_module_path(out->matcher)) == NULL) {
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "the token URI names no module: add module-path, e.g. %s", URI_EXAMPLE);
        goto out;
    }
    if ((rc = copy_path(path, out->module_path, sizeof out->module_path,
                        "module-path of the token URI", err)) != PS_OK)
        goto out;
    source = p11_kit_uri_get_pin_source(out->matcher);
    if (source != NULL && (rc = read_pin_source(source, out, err)) != PS_OK)
        goto out;
    copy_label(p11_kit_uri_get_token_info(out->matcher), out->wanted_label);
out:
    if (rc != PS_OK)
        ps_uri_free(out);
    return rc;
}

void ps_uri_free(struct ps_uri *uri)
{
    p11_kit_uri_free(uri->matcher);
    uri->matcher = NULL;
}

bool ps_uri_matches(const struct ps_uri *uri, CK_SLOT_ID slot, const CK_TOKEN_INFO *info)
{
    CK_SLOT_ID wanted;

    return (!ps_uri_slot(uri, &wanted) || wanted == slot) &&
           p11_kit_uri_match_token_info(uri->matcher, info) == 1;
}

bool ps_uri_slot(const struct ps_uri *uri, CK_SLOT_ID *slot)
{
    *slot = p11_kit_uri_get_slot_id(uri->matcher);
    return *slot != (CK_SLOT_ID)-1;
}
