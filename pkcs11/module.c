#include <pkcs11/module.h>

#include <dlfcn.h>
#include <libp11.h>
#include <openssl/err.h>
#include <pkcs11/ckr.h>
#include <string.h>

/* The same instance that libp11 will use: dlopen counts references to one mapping. */
static enum ps_code load_library(struct ps_module *module, const char *path, struct ps_error *err)
{
    CK_C_GetFunctionList get_list;
    const char *why;
    void *symbol;

    /* dlerror's storage is libc's own; no other thread loads libraries. */
    module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module->handle == NULL) {
        why = dlerror();
        return ps_fail(err, PS_TOKEN_UNAVAILABLE,
                       "the PKCS#11 module cannot be loaded, check module-path in the token URI "
                       "and token.read_paths: %s",
                       why == NULL ? path : why);
    }
    symbol = dlsym(module->handle, "C_GetFunctionList");
    memcpy(&get_list, &symbol, sizeof get_list);
    if (symbol == NULL || get_list(&module->ck) != CKR_OK || module->ck == NULL) {
        (void)dlclose(module->handle);
        module->handle = NULL;
        module->ck = NULL;
        return ps_fail(err, PS_TOKEN_UNAVAILABLE,
                       "%s is not a PKCS#11 module; check module-path in the token URI", path);
    }
    memcpy(module->path, path, strlen(path) + 1);
    return PS_OK;
}

enum ps_code ps_module_open(struct ps_module *module, const char *path, struct ps_error *err)
{
    enum ps_code rc;
    unsigned long reason;

    if (module->context != NULL)
        return PS_OK;
    if (module->handle == NULL && (rc = load_library(module, path, err)) != PS_OK)
        return rc;
    if ((module->context = PKCS11_CTX_new()) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    ERR_clear_error();
    /* libp11 0.4.12 passes CKF_OS_LOCKING_OK and no mutex functions of its own. */
    if (PKCS11_CTX_load(module->context, path) != 0) {
        reason = (unsigned long)ERR_GET_REASON(ERR_peek_last_error());
        PKCS11_CTX_free(module->context);
        module->context = NULL;
        return ps_ckr_fail(err, reason, "the PKCS#11 module does not initialise");
    }
    return PS_OK;
}

void ps_module_finalize(struct ps_module *module)
{
    if (module->context == NULL)
        return;
    PKCS11_CTX_unload(module->context);
    PKCS11_CTX_free(module->context);
    module->context = NULL;
    ERR_clear_error();
}

enum ps_code ps_module_slots(struct ps_module *module, struct ps_slot slots[PS_SLOTS_MAX],
                             size_t *count, struct ps_error *err)
{
    PKCS11_SLOT *list = NULL;
    unsigned int total = 0, i;
    unsigned long reason;

    *count = 0;
    ERR_clear_error();
    if (PKCS11_enumerate_slots(module->context, &list, &total) != 0) {
        reason = (unsigned long)ERR_GET_REASON(ERR_peek_last_error());
        return ps_ckr_fail(err, reason, "the module's slots cannot be listed");
    }
    for (i = 0; i < total && *count < PS_SLOTS_MAX; i++) {
        struct ps_slot *slot = &slots[*count];

        if (list[i].token == NULL)
            continue;
        slot->id = PKCS11_get_slotid_from_slot(&list[i]);
        /* libp11's token has no firmware version and no flags as they are. */
        if (module->ck->C_GetTokenInfo(slot->id, &slot->info) == CKR_OK)
            (*count)++;
    }
    if (list != NULL)
        PKCS11_release_all_slots(module->context, list, total);
    return PS_OK;
}
