#include <proto/stark/window.h>

#include <assert.h>
#include <string.h>

static unsigned bits_at(const uint64_t scalar[4], unsigned at, unsigned width)
{
    const unsigned limb = at / 64, shift = at % 64;
    uint64_t bits = scalar[limb] >> shift;

    if (shift + width > 64 && limb < 3)
        bits |= scalar[limb + 1] << (64 - shift);
    return (unsigned)(bits & ((1u << width) - 1));
}

unsigned ps_window_digits_var(int16_t *digits, const uint64_t scalar[4], unsigned width,
                              size_t count)
{
    const unsigned half = 1u << (width - 1);
    unsigned carry = 0;
    size_t i;

    assert(width >= 2 && width <= PS_WINDOW_WIDTH_MAX && width * (count - 1) < 256);
    for (i = 0; i < count; i++) {
        const unsigned digit = bits_at(scalar, width * (unsigned)i, width) + carry;

        carry = digit > half;
        digits[i] = (int16_t)((int)digit - (int)(carry << width));
    }
    return carry;
}

void ps_window_fill_row_var(struct ps_affine *row, struct ps_affine *next_base,
                            const struct ps_affine *base, unsigned width,
                            struct ps_xyzz *scratch_points, struct ps_affine *scratch_affine)
{
    const size_t length = PS_WINDOW_ROW(width);
    size_t i;

    ps_xyzz_from_affine(&scratch_points[0], base);
    for (i = 1; i < length; i++) {
        scratch_points[i] = scratch_points[i - 1];
        ps_xyzz_add_affine_var(&scratch_points[i], base, false);
    }
    scratch_points[length] = scratch_points[length - 1];
    ps_xyzz_double_var(&scratch_points[length]);
    ps_xyzz_to_affine_many_var(scratch_affine, scratch_points, length + 1);
    memcpy(row, scratch_affine, length * sizeof row[0]);
    *next_base = scratch_affine[length];
}

void ps_window_add_var(struct ps_xyzz *acc, const struct ps_affine *table, unsigned width,
                       const int16_t *digits, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const int digit = digits[i];
        const unsigned magnitude = (unsigned)(digit < 0 ? -digit : digit);

        if (digit != 0)
            ps_xyzz_add_affine_var(acc, &table[i * PS_WINDOW_ROW(width) + magnitude - 1],
                                   digit < 0);
    }
}
