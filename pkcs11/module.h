/*
 * The vendor's module: loaded and initialised by libp11, which also enumerates the slots; called
 * through its function list for everything else (README.md says why).
 */
#ifndef PARASIGN_PKCS11_MODULE_H
#define PARASIGN_PKCS11_MODULE_H

#include <parasign/error.h>
#include <pkcs11/ck.h>

struct PKCS11_ctx_st;

struct ps_module {
    char path[256];
    void *handle;                  /* our own reference to the library; kept until the end */
    ps_ck *ck;                     /* its function list; valid while handle is */
    struct PKCS11_ctx_st *context; /* libp11's; NULL while not initialised */
};

struct ps_slot {
    CK_SLOT_ID id;
    CK_TOKEN_INFO info;
};

#define PS_SLOTS_MAX 64

/*
 * Loads the library at path (the first time) and calls C_Initialize with CKF_OS_LOCKING_OK.
 * May be called again after a failure. PS_TOKEN_UNAVAILABLE with a sentence.
 */
PS_MUST_USE enum ps_code ps_module_open(struct ps_module *module, const char *path,
                                        struct ps_error *err);

/* C_Finalize. The library stays mapped. All sessions are gone after this. */
void ps_module_finalize(struct ps_module *module);

/*
 * The slots with a token in them, at most PS_SLOTS_MAX. To be called only while no session is open:
 * libp11 0.4.12 calls C_CloseAllSessions on every slot when it lets go of its list.
 */
PS_MUST_USE enum ps_code ps_module_slots(struct ps_module *module,
                                         struct ps_slot slots[PS_SLOTS_MAX], size_t *count,
                                         struct ps_error *err);

#endif
