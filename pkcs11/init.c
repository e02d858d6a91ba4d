#include <pkcs11/init.h>

#include <pkcs11/ckr.h>
#include <pkcs11/module.h>
#include <stdlib.h>
#include <string.h>

static void pad_label(const char *label, CK_UTF8CHAR out[32])
{
    size_t i;

    memset(out, ' ', 32);
    for (i = 0; label[i] != '\0'; i++)
        out[i] = (CK_UTF8CHAR)label[i];
}

static enum ps_code choose(const struct ps_uri *uri, const struct ps_slot *slots, size_t count,
                           const CK_UTF8CHAR label[32], CK_SLOT_ID *out, struct ps_error *err)
{
    CK_SLOT_ID wanted;
    bool has_wanted = ps_uri_slot(uri, &wanted), found = false;
    size_t i;

    for (i = 0; i < count; i++) {
        bool initialised = (slots[i].info.flags & CKF_TOKEN_INITIALIZED) != 0;

        if (initialised && memcmp(slots[i].info.label, label, 32) == 0)
            return ps_fail(err, PS_KEY_EXISTS,
                           "there is a token of that label already (slot %lu); choose another "
                           "label",
                           slots[i].id);
        if (has_wanted && slots[i].id == wanted && initialised)
            return ps_fail(err, PS_KEY_EXISTS,
                           "the token in slot %lu is initialised already; initialising it again "
                           "would destroy its keys, so use the token's own tool if that is meant",
                           slots[i].id);
        if (!found && !initialised && (!has_wanted || slots[i].id == wanted)) {
            *out = slots[i].id;
            found = true;
        }
    }
    if (!found)
        return ps_fail(err, PS_TOKEN_UNAVAILABLE,
                       "the module shows no token that is not initialised yet");
    return PS_OK;
}

/* Modules number their slots anew once a token is initialised (SoftHSM2 does). */
static enum ps_code find_label(struct ps_module *module, const char *path,
                               const CK_UTF8CHAR label[32], struct ps_slot *slots, CK_SLOT_ID *slot,
                               struct ps_error *err)
{
    enum ps_code rc;
    size_t count, i;

    ps_module_finalize(module);
    if ((rc = ps_module_open(module, path, err)) != PS_OK ||
        (rc = ps_module_slots(module, slots, &count, err)) != PS_OK)
        return rc;
    for (i = 0; i < count; i++)
        if (memcmp(slots[i].info.label, label, 32) == 0) {
            *slot = slots[i].id;
            return PS_OK;
        }
    return ps_fail(err, PS_TOKEN_ERROR, "the token does not show up after its initialisation");
}

static enum ps_code set_user_pin(ps_ck *ck, CK_SLOT_ID slot, const struct ps_pin *so_pin,
                                 const struct ps_pin *user_pin, struct ps_error *err)
{
    CK_SESSION_HANDLE session;
    CK_RV rv = ck->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session);

    if (rv != CKR_OK)
        return ps_ckr_fail(err, rv, "the new token opens no session");
    rv = ck->C_Login(session, CKU_SO, (CK_UTF8CHAR *)so_pin->text, so_pin->length);
    if (rv == CKR_OK) {
        rv = ck->C_InitPIN(session, (CK_UTF8CHAR *)user_pin->text, user_pin->length);
        (void)ck->C_Logout(session);
    }
    (void)ck->C_CloseSession(session);
    return rv == CKR_OK ? PS_OK : ps_ckr_fail(err, rv, "the user PIN was not set");
}

enum ps_code ps_init_token(const struct ps_uri *uri, const char *label, const struct ps_pin *so_pin,
                           const struct ps_pin *user_pin, struct ps_error *err)
{
    struct ps_module module = {.handle = NULL};
    struct ps_slot *slots = NULL;
    CK_UTF8CHAR padded[32];
    CK_SLOT_ID slot = 0;
    enum ps_code rc;
    size_t count;
    CK_RV rv;

    if (strlen(label) < 1 || strlen(label) > sizeof padded)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "a token's label has 1 to 32 bytes: give --label, or token= in the URI");
    if ((slots = calloc(PS_SLOTS_MAX, sizeof *slots)) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    pad_label(label, padded);
    if ((rc = ps_module_open(&module, uri->module_path, err)) != PS_OK ||
        (rc = ps_module_slots(&module, slots, &count, err)) != PS_OK ||
        (rc = choose(uri, slots, count, padded, &slot, err)) != PS_OK)
        goto out;
    rv = module.ck->C_InitToken(slot, (CK_UTF8CHAR *)so_pin->text, so_pin->length, padded);
    if (rv != CKR_OK) {
        rc = ps_ckr_fail(err, rv, "the token was not initialised");
        goto out;
    }
    if ((rc = find_label(&module, uri->module_path, padded, slots, &slot, err)) == PS_OK)
        rc = set_user_pin(module.ck, slot, so_pin, user_pin, err);
out:
    ps_module_finalize(&module);
    free(slots);
    return rc;
}
