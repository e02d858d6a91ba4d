/* The STARK curve in OpenSSL, an independent judge of our arithmetic. */
#ifndef PARASIGN_TESTS_SUPPORT_OPENSSL_STARK_H
#define PARASIGN_TESTS_SUPPORT_OPENSSL_STARK_H

/* The deprecated EC_KEY calls are the only ones that take a group without a name. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bn.h>
#include <openssl/ec.h>

#define PS_TEST_PRIME "0800000000000011000000000000000000000000000000000000000000000001"
#define PS_TEST_ORDER "0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f"

/* The caller frees it. NULL when OpenSSL fails. */
EC_GROUP *ps_test_stark_group(void);

#endif
