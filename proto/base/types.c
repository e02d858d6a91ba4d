#include <parasign/types.h>

#include <stddef.h>
#include <string.h>

static const char *const kind_names[PS_KIND_COUNT] = {
    [PS_KIND_STARK] = "stark",
    [PS_KIND_SECP256K1] = "secp256k1",
    [PS_KIND_SECRET] = "secret",
};

static const char *const role_names[PS_ROLE_COUNT] = {
    [PS_ROLE_MAIN] = "main",         [PS_ROLE_EVM] = "evm",   [PS_ROLE_SUBKEY] = "subkey",
    [PS_ROLE_READONLY] = "readonly", [PS_ROLE_PARA] = "para", [PS_ROLE_AUDIT] = "audit",
    [PS_ROLE_GENERAL] = "general",
};

static const char *const custody_names[PS_CUSTODY_COUNT] = {
    [PS_CUSTODY_TOKEN] = "token",
    [PS_CUSTODY_WRAPPED] = "wrapped",
};

static const char *name_at(const char *const *names, unsigned count, unsigned index)
{
    return index < count ? names[index] : "unknown";
}

static unsigned index_of(const char *const *names, unsigned count, const char *name)
{
    unsigned i;

    for (i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            break;
    return i;
}

const char *ps_kind_name(enum ps_kind kind)
{
    return name_at(kind_names, PS_KIND_COUNT, kind);
}

const char *ps_role_name(enum ps_role role)
{
    return name_at(role_names, PS_ROLE_COUNT, role);
}

const char *ps_custody_name(enum ps_custody custody)
{
    return name_at(custody_names, PS_CUSTODY_COUNT, custody);
}

enum ps_kind ps_kind_from_name(const char *name)
{
    return (enum ps_kind)index_of(kind_names, PS_KIND_COUNT, name);
}

enum ps_custody ps_custody_from_name(const char *name)
{
    return (enum ps_custody)index_of(custody_names, PS_CUSTODY_COUNT, name);
}
