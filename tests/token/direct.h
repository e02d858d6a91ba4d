/* The tests' own way to the token, past parasign-token: SoftHSM2 in this process. */
#ifndef PARASIGN_TESTS_TOKEN_DIRECT_H
#define PARASIGN_TESTS_TOKEN_DIRECT_H

#include <pkcs11/ck.h>
#include <stdbool.h>
#include <stddef.h>

struct direct {
    void *library;
    CK_FUNCTION_LIST *ck;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session; /* read and write, logged in when a PIN was given */
};

/* pin NULL: no login. Fails the test when anything fails. */
void direct_open(struct direct *d, const char *label, const char *pin);
void direct_close(struct direct *d);
CK_FLAGS direct_flags(const char *label);
/* One login with that PIN; what the token says. */
CK_RV direct_login(const char *label, const char *pin);
size_t direct_find(struct direct *d, CK_OBJECT_CLASS class, const char *label,
                   CK_OBJECT_HANDLE *out, size_t max);
/* A STARK pair made with explicit parameters, as some other program might; attributes as given. */
void direct_make_pair(struct direct *d, const char *label, const void *id, size_t id_length,
                      const void *params, size_t params_length, bool sensitive, bool extractable,
                      bool may_unwrap);

#endif
