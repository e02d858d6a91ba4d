/*
 * Inverses modulo an odd number of up to 256 bits, for public data.
 *
 * The division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular
 * inversion", 2019) in the variant with delta replaced by eta, 62 steps at a time on the lowest
 * limbs, the way doc/safegcd_implementation.md of libsecp256k1 explains it. Variable-time.
 */
#ifndef PARASIGN_PROTO_STARK_MODINV_H
#define PARASIGN_PROTO_STARK_MODINV_H

#include <stdint.h>

/* Sum of v[i] * 2^(62 i); the top limb carries the sign. */
struct ps_signed62 {
    int64_t v[5];
};

struct ps_modinv_modulus {
    struct ps_signed62 modulus;
    uint64_t inverse62; /* 1/modulus modulo 2^62 */
};

/* out = 1/in, below the modulus; 0 for 0. in below the modulus, which must be prime to it. */
void ps_modinv_var(uint64_t out[4], const uint64_t in[4], const struct ps_modinv_modulus *modulus);

#endif
