/*
 * ps_faulty.so: a PKCS#11 module that passes every call to the real one named by PS_FAULTY_MODULE
 * and fails as control.h says. It stands between parasign-token and SoftHSM2 in the tests.
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <tests/faulty/control.h>

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST hooked;

/* What can be done before the call, or instead of it. True: *rv is the answer. */
static bool instead(const struct fault *fault, CK_RV *rv)
{
    switch (fault->action) {
    case ACTION_RV:
        *rv = fault->number;
        return true;
    case ACTION_HANG:
        for (;;)
            (void)poll(NULL, 0, 60000);
    case ACTION_CRASH:
        __builtin_trap();
    case ACTION_SLEEP_MS:
        (void)poll(NULL, 0, (int)fault->number);
        return false;
    default:
        return false;
    }
}

#define HOOK(name, parameters, arguments)                                                          \
    static CK_RV hook_##name parameters                                                            \
    {                                                                                              \
        struct fault fault = control_next(#name);                                                  \
        CK_RV rv;                                                                                  \
                                                                                                   \
        if (instead(&fault, &rv))                                                                  \
            return rv;                                                                             \
        return real->name arguments;                                                               \
    }

HOOK(C_Initialize, (void *args), (args))
HOOK(C_Finalize, (void *reserved), (reserved))
HOOK(C_GetSlotList, (CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count), (present, slots, count))
HOOK(C_OpenSession,
     (CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify, CK_SESSION_HANDLE *session),
     (slot, flags, app, notify, session))
HOOK(C_CloseSession, (CK_SESSION_HANDLE session), (session))
HOOK(C_GetSessionInfo, (CK_SESSION_HANDLE session, CK_SESSION_INFO *info), (session, info))
HOOK(C_Login, (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length),
     (session, user, pin, length))
HOOK(C_Logout, (CK_SESSION_HANDLE session), (session))
HOOK(C_CreateObject,
     (CK_SESSION_HANDLE session, CK_ATTRIBUTE *sheet, CK_ULONG count, CK_OBJECT_HANDLE *object),
     (session, sheet, count, object))
HOOK(C_DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (session, object))
HOOK(C_GetAttributeValue,
     (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *sheet, CK_ULONG count),
     (session, object, sheet, count))
HOOK(C_FindObjectsInit, (CK_SESSION_HANDLE session, CK_ATTRIBUTE *sheet, CK_ULONG count),
     (session, sheet, count))
HOOK(C_SignInit, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
     (session, mechanism, key))

static CK_RV hook_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    struct fault fault = control_next("C_GetTokenInfo");
    CK_RV rv;

    if (instead(&fault, &rv))
        return rv;
    rv = real->C_GetTokenInfo(slot, info);
    if (rv == CKR_OK && fault.action == ACTION_FLAGS)
        info->flags |= fault.number;
    return rv;
}

static CK_RV hook_C_Sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG length,
                         CK_BYTE *signature, CK_ULONG *signature_length)
{
    struct fault fault = control_next("C_Sign");
    CK_RV rv;

    if (instead(&fault, &rv))
        return rv;
    rv = real->C_Sign(session, data, length, signature, signature_length);
    if (rv == CKR_OK && signature != NULL && fault.action == ACTION_CORRUPT)
        signature[*signature_length - 1] ^= 1;
    if (rv == CKR_OK && signature != NULL && fault.action == ACTION_ZERO)
        memset(signature, 0, *signature_length);
    return rv;
}

static CK_RV hook_C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                                    CK_ATTRIBUTE *public_sheet, CK_ULONG public_count,
                                    CK_ATTRIBUTE *private_sheet, CK_ULONG private_count,
                                    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
    static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    struct fault fault = control_next("C_GenerateKeyPair");
    CK_ATTRIBUTE weak[32];
    CK_ULONG i;
    CK_RV rv;

    if (instead(&fault, &rv))
        return rv;
    if (fault.action == ACTION_WEAK && private_count <= sizeof weak / sizeof weak[0]) {
        memcpy(weak, private_sheet, private_count * sizeof weak[0]);
        for (i = 0; i < private_count; i++) {
            if (weak[i].type == CKA_SENSITIVE)
                weak[i].pValue = &no;
            if (weak[i].type == CKA_EXTRACTABLE)
                weak[i].pValue = &yes;
        }
        private_sheet = weak;
    }
    return real->C_GenerateKeyPair(session, mechanism, public_sheet, public_count, private_sheet,
                                   private_count, public_key, private_key);
}

static void load(void)
{
    const char *path = getenv("PS_FAULTY_MODULE");
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library == NULL ? NULL : dlsym(library, "C_GetFunctionList");
    CK_C_GetFunctionList get_list;

    memcpy(&get_list, &symbol, sizeof get_list);
    if (symbol == NULL || get_list(&real) != CKR_OK)
        return;
    hooked = *real;
    hooked.C_GetFunctionList = C_GetFunctionList;
    hooked.C_Initialize = hook_C_Initialize;
    hooked.C_Finalize = hook_C_Finalize;
    hooked.C_GetSlotList = hook_C_GetSlotList;
    hooked.C_GetTokenInfo = hook_C_GetTokenInfo;
    hooked.C_OpenSession = hook_C_OpenSession;
    hooked.C_CloseSession = hook_C_CloseSession;
    hooked.C_GetSessionInfo = hook_C_GetSessionInfo;
    hooked.C_Login = hook_C_Login;
    hooked.C_Logout = hook_C_Logout;
    hooked.C_CreateObject = hook_C_CreateObject;
    hooked.C_DestroyObject = hook_C_DestroyObject;
    hooked.C_GetAttributeValue = hook_C_GetAttributeValue;
    hooked.C_FindObjectsInit = hook_C_FindObjectsInit;
    hooked.C_SignInit = hook_C_SignInit;
    hooked.C_Sign = hook_C_Sign;
    hooked.C_GenerateKeyPair = hook_C_GenerateKeyPair;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, load);
    if (real == NULL)
        return CKR_GENERAL_ERROR;
    *list = &hooked;
    return CKR_OK;
}
