/*
 * What the STARK arithmetic and an order's hash cost, beside OpenSSL's ECDSA on the same curve.
 * Rounds of all measurements are interleaved, so that a machine that slows down does so for all of
 * them; the median of the rounds is printed, in microseconds, and as a part of one OpenSSL
 * signature.
 */
#include <proto/paradex/messages.h>
#include <proto/stark/curve.h>
#include <proto/stark/ecdsa.h>
#include <proto/stark/pedersen.h>
#include <proto/stark/poseidon.h>
#include <tests/support/openssl_stark.h>

#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 31

static EC_KEY *key;
static ECDSA_SIG *signature;
static uint8_t hash32[32], shifted32[32], r32[32], s32[32];
static struct ps_stark_public public_key;
static struct ps_stark_key_table *table;
static ps_felt x, y, small, state[3];
static struct ps_paradex_signer signer;
static struct ps_order order = {.timestamp_ms = 1767225600000,
                                .market = "BTC-USD-PERP",
                                .side = PS_SIDE_BUY,
                                .type = PS_ORDER_LIMIT,
                                .size_e8 = 10000000,
                                .price_e8 = 5000000000000};

static void must(int ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "%s failed\n", what);
        exit(1);
    }
}

static void felt_mul(void)
{
    ps_felt_mul(&x, &x, &y);
}

static void felt_inv(void)
{
    ps_felt_inv_var(&x, &x);
}

static void felt_sqrt(void)
{
    ps_felt t;

    ps_felt_sqr(&t, &x);
    must(ps_felt_sqrt_var(&x, &t) == PS_OK, "square root");
    ps_felt_add(&x, &x, &y);
}

static void pedersen_full(void)
{
    ps_pedersen_var(&x, &x, &y);
}

static void pedersen_short(void)
{
    ps_pedersen_var(&x, &x, &small);
}

static void poseidon(void)
{
    ps_poseidon_permute(state);
}

/* As the daemon does it: domain and account are hashed once, each order anew. */
static void order_hash(void)
{
    uint8_t out32[32];

    order.timestamp_ms++;
    ps_order_hash_var(out32, &signer, &order);
}

static void verify(void)
{
    must(ps_stark_verify_var(&public_key, hash32, r32, s32) == PS_STARK_VALID, "verification");
}

static void verify_table(void)
{
    must(ps_stark_verify_table_var(table, hash32, r32, s32) == PS_STARK_VALID, "verification");
}

static void make_table(void)
{
    ps_stark_key_table_free(table);
    table = ps_stark_key_table_new(&public_key);
    must(table != NULL, "malloc");
}

static void openssl_sign(void)
{
    ECDSA_SIG *out = ECDSA_do_sign(shifted32, sizeof shifted32, key);

    must(out != NULL, "ECDSA_do_sign");
    ECDSA_SIG_free(out);
}

static void openssl_verify(void)
{
    must(ECDSA_do_verify(shifted32, sizeof shifted32, signature, key) == 1, "ECDSA_do_verify");
}

static struct {
    const char *name;
    void (*run)(void);
    int repeat;
    double round[ROUNDS];
} measures[] = {
    {"felt multiplication", felt_mul, 20000, {0}},
    {"felt inversion", felt_inv, 200, {0}},
    {"felt square root", felt_sqrt, 4, {0}},
    {"Pedersen, full-size operands", pedersen_full, 100, {0}},
    {"Pedersen, 41-bit second operand", pedersen_short, 100, {0}},
    {"Poseidon permutation", poseidon, 100, {0}},
    {"order hash, prefix cached", order_hash, 20, {0}},
    {"verification", verify, 20, {0}},
    {"verification with a key table", verify_table, 50, {0}},
    {"making a key table", make_table, 2, {0}},
    {"OpenSSL ECDSA signature", openssl_sign, 2, {0}},
    {"OpenSSL ECDSA verification", openssl_verify, 2, {0}},
};
#define MEASURES (sizeof measures / sizeof measures[0])
#define REFERENCE 10 /* the OpenSSL signature */

static double now(void)
{
    struct timespec t;

    must(clock_gettime(CLOCK_MONOTONIC, &t) == 0, "clock_gettime");
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;

    return (p > q) - (p < q);
}

static void set_up(void)
{
    const BIGNUM *r, *s;
    BIGNUM *z = BN_new();
    uint8_t point65[65];
    EC_GROUP *group = ps_test_stark_group();

    key = EC_KEY_new();
    must(key != NULL && z != NULL && EC_KEY_set_group(key, group) == 1 &&
             EC_KEY_generate_key(key) == 1,
         "key generation");
    must(RAND_bytes(hash32, sizeof hash32) == 1, "RAND_bytes");
    hash32[0] &= 7;
    /* OpenSSL takes the leftmost 252 bits of the digest. */
    must(BN_bin2bn(hash32, 32, z) != NULL && BN_lshift(z, z, 4) == 1 &&
             BN_bn2binpad(z, shifted32, 32) == 32,
         "shift");
    signature = ECDSA_do_sign(shifted32, sizeof shifted32, key);
    must(signature != NULL, "ECDSA_do_sign");
    ECDSA_SIG_get0(signature, &r, &s);
    must(BN_bn2binpad(r, r32, 32) == 32 && BN_bn2binpad(s, s32, 32) == 32, "BN_bn2binpad");
    must(EC_POINT_point2oct(group, EC_KEY_get0_public_key(key), POINT_CONVERSION_UNCOMPRESSED,
                            point65, sizeof point65, NULL) == sizeof point65,
         "EC_POINT_point2oct");
    must(ps_stark_public_from_bytes(&public_key, point65) == PS_OK, "reading the key");
    make_table();
    ps_felt_from_be32_mod(&x, s32);
    ps_felt_from_be32_mod(&y, point65 + 1);
    ps_felt_from_u64(&small, 0x1a2b3c4d5e6); /* 41 bits: milliseconds since 1970 */
    must(ps_paradex_domain_hash_var(&state[0], "PRIVATE_SN_PARACLEAR_MAINNET", NULL) == PS_OK,
         "the domain");
    ps_paradex_signer_init_var(&signer, &state[0], &y);
    state[0] = x;
    state[1] = y;
    state[2] = small;
    BN_free(z);
    EC_GROUP_free(group);
}

int main(void)
{
    size_t m;
    int round, i;

    set_up();
    for (round = 0; round < ROUNDS; round++) {
        for (m = 0; m < MEASURES; m++) {
            const double start = now();

            for (i = 0; i < measures[m].repeat; i++)
                measures[m].run();
            measures[m].round[round] = (now() - start) / measures[m].repeat;
        }
    }
    for (m = 0; m < MEASURES; m++)
        qsort(measures[m].round, ROUNDS, sizeof(double), by_size);
    for (m = 0; m < MEASURES; m++)
        printf("%-34s %10.3f us  %8.5f\n", measures[m].name, measures[m].round[ROUNDS / 2],
               measures[m].round[ROUNDS / 2] / measures[REFERENCE].round[ROUNDS / 2]);
    ps_stark_key_table_free(table);
    ECDSA_SIG_free(signature);
    EC_KEY_free(key);
    return 0;
}
