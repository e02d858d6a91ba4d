/* Making and removing EC key pairs on the token or in a session. */
#ifndef PARASIGN_PKCS11_KEYPAIR_H
#define PARASIGN_PKCS11_KEYPAIR_H

#include <pkcs11/ck.h>
#include <pkcs11/curve.h>

#define PS_KEY_ID_BYTES 16

struct ps_pair {
    CK_OBJECT_HANDLE public_key, private_key; /* CK_INVALID_HANDLE when not there */
};

/* label NULL: a session pair, gone with the session, without a name. */
struct ps_pair_wish {
    const struct ps_curve *curve;
    const char *label; /* borrowed */
    uint8_t id[PS_KEY_ID_BYTES];
};

/*
 * C_GenerateKeyPair: private, sensitive, not extractable, for signing only. Start date and
 * CKA_MODIFIABLE are left out where the token does not take them. Must not run beside another one
 * (SoftHSM2 races there).
 */
CK_RV ps_pair_generate(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair_wish *wish,
                       struct ps_pair *out);

/*
 * C_CreateObject for both halves, with the same attributes. secret32 is the caller's secure memory.
 * On failure nothing stays on the token.
 */
CK_RV ps_pair_create(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair_wish *wish,
                     const uint8_t secret32[32], const uint8_t point65[PS_POINT_BYTES],
                     struct ps_pair *out);

/* Destroys what is there of pair, the private half first. The first failure, or CKR_OK. */
CK_RV ps_pair_destroy(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair *pair);

/* Reads the public point of a pair. CKR_FUNCTION_FAILED when it is not a point of the curve. */
CK_RV ps_pair_point(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_curve *curve,
                    CK_OBJECT_HANDLE public_key, uint8_t out65[PS_POINT_BYTES]);

/*
 * Has the token sign a random hash with the pair and verifies that in software. CKR_OK and *works
 * false when the signature is wrong.
 */
CK_RV ps_pair_try(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_curve *curve,
                  const struct ps_pair *pair, const uint8_t point65[PS_POINT_BYTES], bool *works);

#endif
