/*
 * Writes the tables of proto/stark/tables.h: gen_curve_tables PEDERSEN_FILE GENERATOR_FILE.
 * Runs at build time, with the field and curve code of the library itself.
 */
#include <proto/stark/felt_text.h>
#include <proto/stark/pedersen_points.h>
#include <proto/stark/tables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX (PS_WINDOW_ROW(PS_WINDOW_WIDTH_MAX) + 1)

static struct ps_pedersen_operand pedersen[2];
static struct ps_generator_windows generator;
static struct ps_xyzz points[ROW_MAX];
static struct ps_affine affine[ROW_MAX];

static void read_point(struct ps_affine *out, int which)
{
    const char *x = ps_pedersen_points[which].x, *y = ps_pedersen_points[which].y;

    if (ps_felt_from_hex(&out->x, x, strlen(x)) != PS_OK ||
        ps_felt_from_hex(&out->y, y, strlen(y)) != PS_OK || !ps_affine_on_curve(out)) {
        fprintf(stderr, "Pedersen point %d is not on the curve\n", which);
        exit(1);
    }
}

/* base becomes 2^(width count) times what it was. */
static void fill_windows(struct ps_affine *table, struct ps_affine *base, unsigned width,
                         size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        ps_window_fill_row_var(table + i * PS_WINDOW_ROW(width), base, base, width, points, affine);
}

/* top[low][high] = start + low * low_base + high * high_base */
static void fill_top(struct ps_affine top[][PS_PEDERSEN_TOP_HIGH], const struct ps_affine *start,
                     const struct ps_affine *low_base, const struct ps_affine *high_base)
{
    struct ps_xyzz row, point;
    int low, high;

    ps_xyzz_set_infinity(&row);
    if (start != NULL)
        ps_xyzz_from_affine(&row, start);
    for (low = 0; low < PS_PEDERSEN_TOP_LOW; low++) {
        point = row;
        for (high = 0; high < PS_PEDERSEN_TOP_HIGH; high++) {
            /* Infinity has no affine form; its place stays empty. */
            if (!ps_xyzz_to_affine_var(&top[low][high], &point))
                memset(&top[low][high], 0, sizeof top[low][high]);
            ps_xyzz_add_affine_var(&point, high_base, false);
        }
        ps_xyzz_add_affine_var(&row, low_base, false);
    }
}

static void write_file(const char *path, const void *data, size_t length)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(data, 1, length, file) != length || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct ps_affine shift, low, high, base = ps_stark_generator;
    int i;

    if (argc != 3) {
        fprintf(stderr, "usage: gen_curve_tables PEDERSEN_FILE GENERATOR_FILE\n");
        return 2;
    }
    read_point(&shift, 0);
    for (i = 0; i < 2; i++) {
        read_point(&low, 1 + 2 * i);
        read_point(&high, 2 + 2 * i);
        fill_windows(&pedersen[i].windows[0][0], &low, PS_PEDERSEN_WIDTH, PS_PEDERSEN_WINDOWS);
        fill_top(pedersen[i].top, i == 0 ? &shift : NULL, &low, &high);
    }
    fill_windows(&generator.windows[0][0], &base, PS_GENERATOR_WIDTH, PS_GENERATOR_WINDOWS);
    write_file(argv[1], pedersen, sizeof pedersen);
    write_file(argv[2], &generator, sizeof generator);
    return 0;
}
