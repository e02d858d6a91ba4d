/* ECDSA by the token: what it is given, and what of its answers is accepted. */
#ifndef PARASIGN_PKCS11_SIGN_H
#define PARASIGN_PKCS11_SIGN_H

#include <openssl/bn.h>
#include <pkcs11/curve.h>
#include <pkcs11/token.h>

/*
 * What C_Sign gets for hash32. ECDSA keeps the leftmost bits of a digest up to the length of the
 * order: 252 of 256 for the STARK curve, so a Starknet hash goes in shifted left by four.
 * False when a STARK hash is not below 2^251.
 */
bool ps_sign_input(const struct ps_curve *curve, const uint8_t hash32[32], uint8_t out32[32]);

/*
 * C_SignInit and C_Sign with CKM_ECDSA over input32. CKR_FUNCTION_FAILED for an answer that is not
 * r and s of 32 bytes each. The session must not be used by another thread meanwhile.
 */
CK_RV ps_sign_raw(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                  const uint8_t input32[32], uint8_t r32[32], uint8_t s32[32]);

/*
 * Whether a Starknet verifier takes (r, s): 0 < r < 2^251, 0 < s < 2^251, 1/s mod n < 2^251
 * (StarkWare's signature.py). Public data, variable time.
 */
bool ps_sign_stark_range_var(const uint8_t r32[32], const uint8_t s32[32]);

/* secp256k1: s becomes min(s, n - s) (EIP-2). False when r or s is not in 1..n-1. */
bool ps_sign_low_s_var(const uint8_t r32[32], uint8_t s32[32], BN_CTX *numbers);

/*
 * Signs, climbing the recovery ladder where the module fails. No lock held; worker is the caller's
 * own. The signature is not verified here: the front does that before it leaves the daemon.
 */
PS_MUST_USE enum ps_code ps_sign(struct ps_token *token, struct ps_worker *worker,
                                 const struct ps_token_sign *request,
                                 struct ps_token_signature *out, struct ps_error *err);

#endif
