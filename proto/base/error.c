#include <parasign/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct code_row {
    const char *name;
    int rpc;
    bool retryable;
    const char *meaning;
};

static const struct code_row code_table[PS_CODE_COUNT] = {
    [PS_OK] = {"ok", 0, false, "done"},
#define PS_ERROR(name, text, rpc, retry, meaning) [PS_##name] = {text, rpc, retry, meaning},
#include <parasign/error_codes.def>
#undef PS_ERROR
};

/* A message cut in the middle of a UTF-8 character would make the whole answer invalid JSON. */
static void cut_at_character(char *text)
{
    size_t length = strlen(text);
    size_t start = length;
    size_t need;
    unsigned char lead;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0u) == 0x80u)
        start--;
    if (start == 0)
        return;
    lead = (unsigned char)text[start - 1];
    need = lead >= 0xf0u ? 4 : lead >= 0xe0u ? 3 : lead >= 0xc0u ? 2 : 1;
    if (length - (start - 1) < need)
        text[start - 1] = '\0';
}

static void fill(struct ps_error *err, enum ps_code code, const char *pointer, const char *fmt,
                 va_list args) PS_PRINTF(4, 0);

static void fill(struct ps_error *err, enum ps_code code, const char *pointer, const char *fmt,
                 va_list args)
{
    if (err == NULL)
        return;
    err->code = code;
    err->rule[0] = '\0';
    (void)snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
    if (vsnprintf(err->message, sizeof err->message, fmt, args) >= (int)sizeof err->message)
        cut_at_character(err->message);
}

enum ps_code ps_fail(struct ps_error *err, enum ps_code code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fill(err, code, "", fmt, args);
    va_end(args);
    return code;
}

enum ps_code ps_fail_at(struct ps_error *err, const char *pointer, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fill(err, PS_INVALID_PARAMS, pointer, fmt, args);
    va_end(args);
    return PS_INVALID_PARAMS;
}

void ps_error_prefix_pointer(struct ps_error *err, const char *prefix)
{
    char joined[2 * PS_ERROR_POINTER_MAX];

    if (err == NULL)
        return;
    (void)snprintf(joined, sizeof joined, "%.*s%s", PS_ERROR_POINTER_MAX - 1, prefix, err->pointer);
    joined[PS_ERROR_POINTER_MAX - 1] = '\0';
    cut_at_character(joined);
    memcpy(err->pointer, joined, strlen(joined) + 1);
}

static const struct code_row *row(enum ps_code code)
{
    return &code_table[(unsigned)code < PS_CODE_COUNT ? code : PS_INTERNAL_ERROR];
}

const char *ps_code_name(enum ps_code code)
{
    return row(code)->name;
}

enum ps_code ps_code_from_name(const char *name)
{
    unsigned code;

    for (code = 0; code < PS_CODE_COUNT; code++)
        if (strcmp(code_table[code].name, name) == 0)
            break;
    return (enum ps_code)code;
}

int ps_code_rpc(enum ps_code code)
{
    return row(code)->rpc;
}

bool ps_code_retryable(enum ps_code code)
{
    return row(code)->retryable;
}

const char *ps_code_meaning(enum ps_code code)
{
    return row(code)->meaning;
}
