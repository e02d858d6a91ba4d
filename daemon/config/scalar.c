#include <daemon/config/scalar.h>

#include <errno.h>
#include <inttypes.h>
#include <proto/rpc/quote.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool all_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

enum ps_code ps_scalar_uint(const char *text, uint64_t min, uint64_t max, uint64_t *out,
                            struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];
    uint64_t value = 0;
    const char *at;

    if (!all_digits(text) || (text[0] == '0' && text[1] != '\0'))
        return ps_fail(err, PS_INVALID_PARAMS,
                       "%s is not a whole number; write decimal digits only, without sign, point, "
                       "unit or leading zero",
                       ps_quote(quoted, text));
    for (at = text; *at != '\0'; at++) {
        unsigned digit = (unsigned)(*at - '0');

        if (value > (UINT64_MAX - digit) / 10)
            break;
        value = value * 10 + digit;
    }
    if (*at != '\0' || value < min || value > max)
        return ps_fail(err, PS_INVALID_PARAMS, "%s is out of bounds; write %" PRIu64 " to %" PRIu64,
                       ps_quote(quoted, text), min, max);
    *out = value;
    return PS_OK;
}

enum ps_code ps_scalar_switch(const char *text, bool *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];
    bool yes = strcmp(text, "on") == 0 || strcmp(text, "true") == 0;

    if (!yes && strcmp(text, "off") != 0 && strcmp(text, "false") != 0)
        return ps_fail(err, PS_INVALID_PARAMS, "%s is neither on nor off; write one of them",
                       ps_quote(quoted, text));
    *out = yes;
    return PS_OK;
}

enum ps_code ps_scalar_mode(const char *text, mode_t *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];
    mode_t mode = 0;
    size_t i;

    if (strlen(text) != 4 || text[0] != '0' || strspn(text, "01234567") != 4)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "%s is not a file mode; write four octal digits such as 0660",
                       ps_quote(quoted, text));
    for (i = 1; i < 4; i++)
        mode = mode * 8 + (mode_t)(text[i] - '0');
    *out = mode;
    return PS_OK;
}

enum ps_code ps_scalar_choice(const char *text, const char *const *choices, unsigned *index,
                              struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX], known[160] = "";
    size_t used = 0;
    unsigned i;

    for (i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], text) == 0) {
            *index = i;
            return PS_OK;
        }
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                     choices[i]);
    }
    return ps_fail(err, PS_INVALID_PARAMS, "%s is none of: %s", ps_quote(quoted, text), known);
}

enum ps_code ps_scalar_user(const char *text, uid_t *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX], buffer[16384];
    struct passwd entry, *found = NULL;
    uint64_t number = 0;
    enum ps_code rc;
    int failed;

    if (text[0] >= '0' && text[0] <= '9') {
        /* (uid_t)-1 means "no user" to the kernel. */
        if ((rc = ps_scalar_uint(text, 0, UINT32_MAX - 1, &number, err)) == PS_OK)
            *out = (uid_t)number;
        return rc;
    }
    failed = getpwnam_r(text, &entry, buffer, sizeof buffer, &found);
    if (failed != 0)
        return ps_fail(err, PS_INVALID_PARAMS, "the user %s cannot be looked up: %s",
                       ps_quote(quoted, text), strerror(failed));
    if (found == NULL)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "there is no user %s on this machine; write a name it knows or a number",
                       ps_quote(quoted, text));
    *out = found->pw_uid;
    return PS_OK;
}

enum ps_code ps_scalar_text(const char *text, uint64_t min, uint64_t max, char *out,
                            struct ps_error *err)
{
    size_t length = strlen(text), i;

    if (length < min)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the value is empty or too short; write %" PRIu64 " to %" PRIu64
                       " characters",
                       min, max);
    if (length > max)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the value is too long; at most %" PRIu64 " bytes are taken", max);
    for (i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return ps_fail(err, PS_INVALID_PARAMS, "the value has a control character in it");
    memcpy(out, text, length + 1);
    return PS_OK;
}

enum ps_code ps_scalar_path(const char *text, uint64_t max, char *out, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];
    const char *step;
    enum ps_code rc;

    if ((rc = ps_scalar_text(text, 1, max, out, err)) != PS_OK)
        return rc;
    if (text[0] != '/')
        return ps_fail(err, PS_INVALID_PARAMS, "%s is not an absolute path; begin it with /",
                       ps_quote(quoted, text));
    for (step = text; *step == '/' && step[1] != '\0'; step += 1 + strcspn(step + 1, "/")) {
        size_t length = strcspn(step + 1, "/");

        if (length == 0 || (length == 1 && step[1] == '.') ||
            (length == 2 && step[1] == '.' && step[2] == '.'))
            return ps_fail(err, PS_INVALID_PARAMS,
                           "%s has an empty step, `.` or `..` in it; write the path out",
                           ps_quote(quoted, text));
    }
    return PS_OK;
}
