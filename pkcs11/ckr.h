/*
 * What a CK_RV means to us: its name, the code a client is told, and where on the recovery ladder
 * (recover.h) to start. One table.
 */
#ifndef PARASIGN_PKCS11_CKR_H
#define PARASIGN_PKCS11_CKR_H

#include <parasign/error.h>
#include <pkcs11/ck.h>

/* The rungs of the ladder. PS_STEP_NONE: trying again would change nothing. */
enum ps_step {
    PS_STEP_NONE,
    PS_STEP_SESSION, /* a fresh session */
    PS_STEP_OBJECTS, /* find the objects again */
    PS_STEP_LOGIN,   /* log in again */
    PS_STEP_MODULE,  /* C_Finalize, C_Initialize */
    PS_STEP_PROCESS, /* a new process */
};

/* "CKR_PIN_INCORRECT"; "an unknown CK_RV" for a value outside the table. Never NULL. */
const char *ps_ckr_name(CK_RV rv);

/* The first rung that can cure rv. */
enum ps_step ps_ckr_step(CK_RV rv);

/* Whether rv answers a login by saying that this PIN is refused (and so must not be tried again).
 */
bool ps_ckr_refuses_pin(CK_RV rv);

/*
 * Whether rv may mean that the token does not take an attribute or a mechanism with these
 * parameters, so that a request with less in it can be tried.
 */
bool ps_ckr_refuses_template(CK_RV rv);

/* Fills err with "<doing>: <what happened and what to do> (CKR_...)" and returns the code for rv.
 */
enum ps_code ps_ckr_fail(struct ps_error *err, CK_RV rv, const char *doing);

#endif
