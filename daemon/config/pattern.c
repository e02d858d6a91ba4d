#include <daemon/config/pattern.h>

#include <proto/base/key_name.h>
#include <proto/rpc/methods.h>
#include <proto/rpc/quote.h>
#include <stdio.h>
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* "desk.*" reaches all that begins with "desk." */
static bool reaches(const char *pattern, const char *name)
{
    size_t length = strlen(pattern);

    if (strcmp(pattern, "*") == 0)
        return true;
    return length > 2 && ends_with(pattern, ".*") && strncmp(pattern, name, length - 1) == 0;
}

bool ps_pattern_matches_method(const char *pattern, const char *method)
{
    return strcmp(pattern, method) == 0 || reaches(pattern, method);
}

bool ps_pattern_matches_key(const char *pattern, const char *key)
{
    struct ps_key_name name;

    if (strcmp(pattern, key) == 0)
        return true;
    /* A name that does not parse is nobody's: only its owner's whole pattern reached it above. */
    if (ps_key_name_parse(key, &name, NULL) != PS_OK)
        return false;
    if (name.role == PS_ROLE_MAIN)
        return strcmp(pattern, "*.main") == 0;
    return reaches(pattern, key);
}

enum ps_code ps_pattern_check_method(const char *pattern, struct ps_error *err)
{
    const struct ps_method *method;
    const char *nearest = NULL;
    char quoted[PS_QUOTE_MAX];
    unsigned best = 6;

    for (method = ps_methods; method->name != NULL; method++) {
        unsigned distance;

        if (ps_pattern_matches_method(pattern, method->name))
            return PS_OK;
        if ((distance = ps_name_distance(pattern, method->name, best - 1)) < best) {
            best = distance;
            nearest = method->name;
        }
    }
    if (nearest != NULL)
        return ps_fail(err, PS_INVALID_PARAMS, "%s matches no method; did you mean \"%s\"?",
                       ps_quote(quoted, pattern), nearest);
    return ps_fail(err, PS_INVALID_PARAMS,
                   "%s matches no method; write a whole name, a family such as paradex.*, or *",
                   ps_quote(quoted, pattern));
}

/* Whether some key name could match: the star replaced by a part must give one. */
static bool family_ok(const char *pattern)
{
    char name[PS_KEY_NAME_MAX + 1], head[PS_KEY_NAME_MAX + 1];
    size_t length = strlen(pattern);

    if (length < 3 || length > PS_KEY_NAME_MAX || !ends_with(pattern, ".*"))
        return false;
    (void)snprintf(name, sizeof name, "%.*sx", (int)(length - 1), pattern);
    if (ps_key_name_parse(name, NULL, NULL) == PS_OK)
        return true;
    (void)snprintf(head, sizeof head, "%.*s", (int)(length - 2), pattern);
    return ps_name_part_ok(head);
}

enum ps_code ps_pattern_check_key(const char *pattern, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];

    if (strcmp(pattern, "*") == 0 || strcmp(pattern, "*.main") == 0 || family_ok(pattern) ||
        ps_key_name_parse(pattern, NULL, NULL) == PS_OK)
        return PS_OK;
    return ps_fail(err, PS_INVALID_PARAMS,
                   "%s is no pattern of key names; write a whole name such as desk.sub.trader, or "
                   "desk.*, desk.sub.*, * or *.main",
                   ps_quote(quoted, pattern));
}
