/*
 * Prints the round constants for proto/stark/poseidon.c. Runs at build time.
 *
 * Constant number i, three per round, is SHA-256("Hades" i) modulo P (StarkWare, poseidon3.txt).
 * In a partial round only lane 2 goes through the S-box, so what is added to lanes 0 and 1 may as
 * well be added after the round, multiplied by the matrix; pushed on like that, one constant per
 * partial round is left, and the rest arrives in the first full round after them.
 */
#include <proto/stark/felt.h>
#include <proto/stark/poseidon_rounds.h>

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS (2 * PS_POSEIDON_FULL_HALF + PS_POSEIDON_PARTIAL)

static void constant(ps_felt *out, int number)
{
    char text[16];
    uint8_t digest[EVP_MAX_MD_SIZE];
    const int length = snprintf(text, sizeof text, "Hades%d", number);

    if (EVP_Digest(text, (size_t)length, digest, NULL, EVP_sha256(), NULL) != 1) {
        fprintf(stderr, "OpenSSL has no SHA-256\n");
        exit(1);
    }
    ps_felt_from_be32_mod(out, digest);
}

static void print(const ps_felt *c)
{
    printf("    {{0x%016" PRIx64 "u, 0x%016" PRIx64 "u, 0x%016" PRIx64 "u, 0x%016" PRIx64 "u}},\n",
           c->v[0], c->v[1], c->v[2], c->v[3]);
}

int main(void)
{
    ps_felt c[3], late[3] = {{{0}}, {{0}}, {{0}}};
    int round, lane;

    for (round = 0; round < ROUNDS; round++) {
        for (lane = 0; lane < 3; lane++) {
            constant(&c[lane], 3 * round + lane);
            ps_felt_add(&c[lane], &c[lane], &late[lane]);
            late[lane] = ps_felt_zero;
        }
        if (round < PS_POSEIDON_FULL_HALF || round >= PS_POSEIDON_FULL_HALF + PS_POSEIDON_PARTIAL) {
            for (lane = 0; lane < 3; lane++)
                print(&c[lane]);
            continue;
        }
        print(&c[2]);
        /* the matrix (3 1 1, 1 -1 1, 1 1 -2) times (c0, c1, 0) */
        ps_felt_add(&late[2], &c[0], &c[1]);
        ps_felt_sub(&late[1], &c[0], &c[1]);
        ps_felt_add(&late[0], &late[2], &c[0]);
        ps_felt_add(&late[0], &late[0], &c[0]);
    }
    return 0;
}
