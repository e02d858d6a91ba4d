/* The PKCS#11 types. Only this folder (and the tests of tokens) may include it. */
#ifndef PARASIGN_PKCS11_CK_H
#define PARASIGN_PKCS11_CK_H

#include <p11-kit/pkcs11.h>

/* C_Initialize by libp11, everything else through this list (module.h). */
typedef CK_FUNCTION_LIST ps_ck;

/* PKCS#11 has no const. For what a module only reads. */
static inline void *ps_ck_in(const void *value)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = value};

    return pointer.out;
}

/* Not in p11-kit's header (PKCS#11 3.0, section 2.3.1). */
#ifndef CKF_EC_ECPARAMETERS
#define CKF_EC_ECPARAMETERS 0x00400000UL
#endif

#endif
