/*
 * Numbers to test arithmetic with: a repeatable sequence in which small numbers, numbers around the
 * moduli and powers of two, and numbers with long runs of equal bits are frequent.
 */
#ifndef PARASIGN_TESTS_UNIT_STARK_CASES_H
#define PARASIGN_TESTS_UNIT_STARK_CASES_H

#include <openssl/bn.h>
#include <proto/stark/felt.h>

#define CASES 10000

uint64_t case_u64(void);
/* Any 256-bit number. */
void case_be32(uint8_t out32[32]);
/* Below modulus; the BIGNUM gets the same number. */
void case_below(uint8_t out32[32], BIGNUM *number, const BIGNUM *modulus);
void case_felt(ps_felt *out, BIGNUM *number, const BIGNUM *prime);

/* Fails the test unless they are the same number. */
void assert_felt_is(const ps_felt *felt, const BIGNUM *number);
void assert_bytes_are(const uint8_t bytes32[32], const BIGNUM *number);

#endif
