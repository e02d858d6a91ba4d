#include <proto/base/key_name.h>

#include <stdio.h>
#include <string.h>

#define NAME_FORMS                                                                                 \
    "write <account>.main, <account>.evm, <account>.sub.<name>, <account>.readonly.<name>, "       \
    "para.<environment>, audit.<name> or general.<name>, each part 1 to 31 of a-z 0-9 _ -"

/* Words that stand where an account could stand; an account of that name would be ambiguous. */
static const struct {
    const char *word;
    enum ps_role role;
} families[] = {
    {"para", PS_ROLE_PARA},
    {"audit", PS_ROLE_AUDIT},
    {"general", PS_ROLE_GENERAL},
};

/* What may follow an account. */
static const struct {
    const char *word;
    enum ps_role role;
    bool has_part;
} account_roles[] = {
    {"main", PS_ROLE_MAIN, false},
    {"evm", PS_ROLE_EVM, false},
    {"sub", PS_ROLE_SUBKEY, true},
    {"readonly", PS_ROLE_READONLY, true},
};

static bool part_char(char c, bool first)
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return true;
    return !first && (c == '_' || c == '-');
}

bool ps_name_part_ok(const char *part)
{
    size_t i;

    for (i = 0; part[i] != '\0'; i++)
        if (i >= PS_NAME_PART_MAX || !part_char(part[i], i == 0))
            return false;
    return i > 0;
}

/* Splits text at its dots into at most three parts; the number of parts, or 0 when one is
 * malformed. */
static size_t split(const char *text, char parts[3][PS_NAME_PART_MAX + 1])
{
    size_t count = 0;
    size_t length;

    for (;;) {
        length = strcspn(text, ".");
        if (count == 3 || length > PS_NAME_PART_MAX)
            return 0;
        memcpy(parts[count], text, length);
        parts[count][length] = '\0';
        if (!ps_name_part_ok(parts[count]))
            return 0;
        count++;
        if (text[length] == '\0')
            return count;
        text += length + 1;
    }
}

static bool read_parts(char parts[3][PS_NAME_PART_MAX + 1], size_t count, struct ps_key_name *name)
{
    size_t i;

    memset(name, 0, sizeof *name);
    for (i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(parts[0], families[i].word) != 0)
            continue;
        name->role = families[i].role;
        memcpy(name->part, parts[1], sizeof name->part);
        return count == 2;
    }
    for (i = 0; i < sizeof account_roles / sizeof account_roles[0]; i++) {
        if (count < 2 || strcmp(parts[1], account_roles[i].word) != 0)
            continue;
        name->role = account_roles[i].role;
        memcpy(name->account, parts[0], sizeof name->account);
        if (account_roles[i].has_part)
            memcpy(name->part, parts[2], sizeof name->part);
        return count == (account_roles[i].has_part ? 3u : 2u);
    }
    return false;
}

enum ps_code ps_key_name_parse(const char *text, struct ps_key_name *name, struct ps_error *err)
{
    char parts[3][PS_NAME_PART_MAX + 1] = {{0}};
    struct ps_key_name parsed;
    size_t count = split(text, parts);

    if (count == 0 || !read_parts(parts, count, &parsed))
        return ps_fail(err, PS_INVALID_PARAMS, "not a key name: " NAME_FORMS);
    if (name != NULL)
        *name = parsed;
    return PS_OK;
}

bool ps_role_takes_kind(enum ps_role role, enum ps_kind kind)
{
    switch (role) {
    case PS_ROLE_MAIN:
    case PS_ROLE_SUBKEY:
        return kind == PS_KIND_STARK;
    case PS_ROLE_EVM:
        return kind == PS_KIND_SECP256K1;
    case PS_ROLE_READONLY:
    case PS_ROLE_PARA:
        return kind == PS_KIND_SECRET;
    case PS_ROLE_GENERAL:
        return kind == PS_KIND_STARK || kind == PS_KIND_SECP256K1;
    case PS_ROLE_AUDIT:
    case PS_ROLE_COUNT:
        break;
    }
    return false;
}
