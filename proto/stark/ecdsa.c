#include <proto/stark/ecdsa.h>

#include <assert.h>
#include <proto/stark/limbs.h>
#include <proto/stark/scalar.h>
#include <proto/stark/tables.h>
#include <stdlib.h>

/* Windows of a key: five bits, so that 51 of them hold any scalar with room for the last carry. */
#define KEY_WIDTH 5
#define KEY_WINDOWS 51
#define KEY_ROW PS_WINDOW_ROW(KEY_WIDTH)

/* P - N, the numbers below which are x - N for an x of the field. */
static const uint64_t prime_minus_order[4] = {0xe1995dbe5239b2d2u, 0x487eed9235184dcdu, 0, 0};

/* N in Montgomery form modulo P */
static const ps_felt order_as_felt = {
    {0x7c10e1afd2b495f9u, 0x0fddb246a309a67au, 0x0000000000000009u, 0x051efcacfdfdf589u}};

struct ps_stark_key_table {
    struct ps_affine windows[KEY_WINDOWS][16];
};

/* A signature whose numbers are in range, as the two scalars of the verification equation. */
struct equation {
    ps_felt r;
    ps_scalar generator; /* z/s */
    ps_scalar key;       /* r/s */
    bool r_wraps;        /* r + N is an x of the field as well */
};

enum ps_code ps_stark_public_from_bytes(struct ps_stark_public *out, const uint8_t in65[65])
{
    struct ps_affine point;

    if (in65[0] != 4 || ps_felt_from_be32(&point.x, in65 + 1) != PS_OK ||
        ps_felt_from_be32(&point.y, in65 + 33) != PS_OK || !ps_affine_on_curve(&point))
        return PS_INVALID_PARAMS;
    *out = (struct ps_stark_public){point.x, point.y};
    return PS_OK;
}

enum ps_code ps_stark_public_from_x_var(struct ps_stark_public *out, const ps_felt *x)
{
    struct ps_affine point;

    if (ps_affine_from_x_var(&point, x) != PS_OK)
        return PS_INVALID_PARAMS;
    *out = (struct ps_stark_public){point.x, point.y};
    return PS_OK;
}

bool ps_stark_hash_in_range(const uint8_t hash32[32])
{
    return hash32[0] < 8;
}

/* PS_STARK_VALID: equation is filled, and is what remains to be checked. */
static enum ps_stark_verdict set_up(struct equation *out, const uint8_t hash32[32],
                                    const uint8_t r32[32], const uint8_t s32[32])
{
    ps_scalar r, s, s_inverse, z;

    if (!ps_stark_hash_in_range(hash32) || ps_scalar_from_be32(&z, hash32) != PS_OK ||
        ps_scalar_from_be32(&r, r32) != PS_OK || ps_scalar_from_be32(&s, s32) != PS_OK ||
        ps_scalar_is_zero(&r) || ps_scalar_is_zero(&s))
        return PS_STARK_INVALID;
    ps_scalar_inv_var(&s_inverse, &s);
    if (!ps_scalar_below_2_251(&r) || !ps_scalar_below_2_251(&s) ||
        !ps_scalar_below_2_251(&s_inverse) || ps_felt_from_be32(&out->r, r32) != PS_OK)
        return PS_STARK_OUT_OF_RANGE;
    ps_scalar_mul(&out->generator, &z, &s_inverse);
    ps_scalar_mul(&out->key, &r, &s_inverse);
    out->r_wraps = ps_limbs_cmp_var(r.v, prime_minus_order) < 0;
    return PS_STARK_VALID;
}

/* acc += scalar * generator */
static void add_generator_multiple(struct ps_xyzz *acc, const ps_scalar *scalar)
{
    int16_t digits[PS_GENERATOR_WINDOWS];
    const unsigned carry =
        ps_window_digits_var(digits, scalar->v, PS_GENERATOR_WIDTH, PS_GENERATOR_WINDOWS);

    assert(carry == 0);
    (void)carry;
    ps_window_add_var(acc, &ps_generator_table.windows[0][0], PS_GENERATOR_WIDTH, digits,
                      PS_GENERATOR_WINDOWS);
}

static void key_digits(int16_t digits[KEY_WINDOWS], const ps_scalar *scalar)
{
    const unsigned carry = ps_window_digits_var(digits, scalar->v, KEY_WIDTH, KEY_WINDOWS);

    assert(carry == 0);
    (void)carry;
}

/* out = scalar * key, with the multiples of one window made for this one use. */
static void key_multiple(struct ps_xyzz *out, const struct ps_affine *key, const ps_scalar *scalar)
{
    struct ps_affine row[KEY_ROW], next, scratch_affine[KEY_ROW + 1];
    struct ps_xyzz scratch[KEY_ROW + 1];
    int16_t digits[KEY_WINDOWS];
    int i, j;

    key_digits(digits, scalar);
    ps_window_fill_row_var(row, &next, key, KEY_WIDTH, scratch, scratch_affine);
    ps_xyzz_set_infinity(out);
    for (i = KEY_WINDOWS - 1; i >= 0; i--) {
        for (j = 0; j < KEY_WIDTH; j++)
            ps_xyzz_double_var(out);
        ps_window_add_var(out, row, KEY_WIDTH, &digits[i], 1);
    }
}

static enum ps_stark_verdict compare(const struct ps_xyzz *point, const struct equation *equation)
{
    ps_felt wrapped;

    if (ps_xyzz_has_x_var(point, &equation->r))
        return PS_STARK_VALID;
    if (equation->r_wraps) {
        ps_felt_add(&wrapped, &equation->r, &order_as_felt);
        if (ps_xyzz_has_x_var(point, &wrapped))
            return PS_STARK_OUT_OF_RANGE;
    }
    return PS_STARK_INVALID;
}

enum ps_stark_verdict ps_stark_verify_var(const struct ps_stark_public *key,
                                          const uint8_t hash32[32], const uint8_t r32[32],
                                          const uint8_t s32[32])
{
    const struct ps_affine point = {key->x, key->y};
    struct equation equation;
    struct ps_xyzz sum;
    const enum ps_stark_verdict verdict = set_up(&equation, hash32, r32, s32);

    if (verdict != PS_STARK_VALID)
        return verdict;
    key_multiple(&sum, &point, &equation.key);
    add_generator_multiple(&sum, &equation.generator);
    return compare(&sum, &equation);
}

enum ps_stark_verdict ps_stark_verify_x_var(const ps_felt *key_x, const uint8_t hash32[32],
                                            const uint8_t r32[32], const uint8_t s32[32])
{
    struct ps_affine point;
    struct equation equation;
    struct ps_xyzz key_part, sum, difference;
    enum ps_stark_verdict verdict = set_up(&equation, hash32, r32, s32);

    if (verdict != PS_STARK_VALID)
        return verdict;
    if (ps_affine_from_x_var(&point, key_x) != PS_OK)
        return PS_STARK_INVALID;
    key_multiple(&key_part, &point, &equation.key);
    ps_xyzz_set_infinity(&sum);
    add_generator_multiple(&sum, &equation.generator);
    difference = sum;
    ps_xyzz_add_var(&sum, &key_part, false);
    ps_xyzz_add_var(&difference, &key_part, true);
    verdict = compare(&sum, &equation);
    return verdict == PS_STARK_INVALID ? compare(&difference, &equation) : verdict;
}

struct ps_stark_key_table *ps_stark_key_table_new(const struct ps_stark_public *key)
{
    struct ps_stark_key_table *table = malloc(sizeof *table);
    struct ps_affine base = {key->x, key->y}, scratch_affine[KEY_ROW + 1];
    struct ps_xyzz scratch[KEY_ROW + 1];
    int i;

    if (table == NULL)
        return NULL;
    for (i = 0; i < KEY_WINDOWS; i++)
        ps_window_fill_row_var(table->windows[i], &base, &base, KEY_WIDTH, scratch, scratch_affine);
    return table;
}

void ps_stark_key_table_free(struct ps_stark_key_table *table)
{
    free(table);
}

enum ps_stark_verdict ps_stark_verify_table_var(const struct ps_stark_key_table *table,
                                                const uint8_t hash32[32], const uint8_t r32[32],
                                                const uint8_t s32[32])
{
    int16_t digits[KEY_WINDOWS];
    struct equation equation;
    struct ps_xyzz sum;
    const enum ps_stark_verdict verdict = set_up(&equation, hash32, r32, s32);

    if (verdict != PS_STARK_VALID)
        return verdict;
    key_digits(digits, &equation.key);
    ps_xyzz_set_infinity(&sum);
    ps_window_add_var(&sum, &table->windows[0][0], KEY_WIDTH, digits, KEY_WINDOWS);
    add_generator_multiple(&sum, &equation.generator);
    return compare(&sum, &equation);
}
