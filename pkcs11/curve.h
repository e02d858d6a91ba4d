/*
 * The curves a token key may be on, and arithmetic on public data with OpenSSL. Everything here is
 * variable time except ps_curve_public_from_secret().
 *
 * The STARK curve has no OID, so CKA_EC_PARAMS holds the DER of explicit X9.62 ECParameters. What
 * a token gives back is compared with that constant byte for byte and never parsed.
 */
#ifndef PARASIGN_PKCS11_CURVE_H
#define PARASIGN_PKCS11_CURVE_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <parasign/error.h>
#include <parasign/types.h>
#include <stdint.h>

enum ps_curve_id {
    PS_CURVE_STARK,
    PS_CURVE_SECP256K1,
    PS_CURVE_P256, /* probed only */
    PS_CURVE_COUNT
};

struct ps_curve {
    const char *name;
    const uint8_t *params; /* CKA_EC_PARAMS: DER */
    size_t params_length;
    EC_GROUP *group;    /* owned, for the life of the process */
    BIGNUM *half_order; /* owned; (n - 1) / 2 */
};

#define PS_POINT_BYTES 65 /* 0x04, x, y */

/* Makes the groups; before the first thread. PS_INTERNAL_ERROR when memory is out. */
PS_MUST_USE enum ps_code ps_curves_setup(struct ps_error *err);

/* Read-only and shared by all threads after ps_curves_setup(). */
const struct ps_curve *ps_curve(enum ps_curve_id id);
/* The curve of keys of this kind (stark, secp256k1). */
const struct ps_curve *ps_curve_of_kind(enum ps_kind kind);

/* Whether der is exactly this curve's CKA_EC_PARAMS. */
bool ps_curve_params_are(const struct ps_curve *curve, const uint8_t *der, size_t length);

/*
 * CKA_EC_POINT: DER OCTET STRING around an uncompressed point, or, from some tokens, the bare
 * point. False when it is neither or not on the curve.
 */
bool ps_curve_point_from_attribute(const struct ps_curve *curve, const uint8_t *value,
                                   size_t length, uint8_t out65[PS_POINT_BYTES]);
/* The DER OCTET STRING, 67 bytes. */
void ps_curve_point_to_attribute(const uint8_t in65[PS_POINT_BYTES],
                                 uint8_t out67[PS_POINT_BYTES + 2]);

/*
 * Verifies (r, s), big-endian, over hash32. For the STARK curve hash32 is z itself, not shifted:
 * the textbook equation, written here independently of what the token computed.
 */
bool ps_curve_verify_var(const struct ps_curve *curve, const uint8_t point65[PS_POINT_BYTES],
                         const uint8_t hash32[32], const uint8_t r32[32], const uint8_t s32[32]);

/* Whether 1 <= secret <= n - 1; constant time. secret32 big-endian. */
bool ps_curve_secret_ok(const struct ps_curve *curve, const uint8_t secret32[32]);

/*
 * The public point of a secret that passed ps_curve_secret_ok(): OpenSSL's ladder on secure-heap
 * numbers.
 */
PS_MUST_USE enum ps_code ps_curve_public_from_secret(const struct ps_curve *curve,
                                                     const uint8_t secret32[32],
                                                     uint8_t out65[PS_POINT_BYTES],
                                                     struct ps_error *err);

#endif
