#include <daemon/cli/text.h>

#include <assert.h>
#include <string.h>

/* C0 and DEL are one byte, C1 is c2 80 to c2 9f in UTF-8. */
static size_t control_length(const unsigned char *p)
{
    if (p[0] < 0x20 || p[0] == 0x7f)
        return 1;
    return p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f ? 2 : 0;
}

size_t ps_cli_text(FILE *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t width = 0;

    while (*p != 0) {
        size_t skip = control_length(p);

        (void)fputc(skip > 0 ? '?' : *p, out);
        width += skip > 0 || (*p & 0xc0u) != 0x80u; /* UTF-8 continuation bytes take no room */
        p += skip > 0 ? skip : 1;
    }
    return width;
}

static const json_t *reach(const json_t *object, const char *name)
{
    const char *dot = strchr(name, '.');

    if (dot == NULL)
        return json_object_get(object, name);
    return reach(json_object_getn(object, name, (size_t)(dot - name)), dot + 1);
}

const char *ps_cli_member(const json_t *object, const char *name)
{
    static char numbers[4][24];
    static unsigned next;
    const json_t *value = reach(object, name);

    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    if (!json_is_integer(value))
        return "";
    next = (next + 1) % 4;
    (void)snprintf(numbers[next], sizeof numbers[next], "%" JSON_INTEGER_FORMAT,
                   json_integer_value(value));
    return numbers[next];
}

void ps_cli_label(const char *label)
{
    (void)printf("%-*s ", PS_CLI_LABEL_WIDTH, label);
}

void ps_cli_row(const char *label, const char *value)
{
    if (value[0] == '\0')
        return;
    ps_cli_label(label);
    (void)ps_cli_text(stdout, value);
    (void)putchar('\n');
}

void ps_cli_row_member(const char *label, const json_t *object, const char *name)
{
    ps_cli_row(label, ps_cli_member(object, name));
}

static size_t shown_width(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t width = 0;

    for (; *p != 0; p++)
        width += (*p & 0xc0u) != 0x80u;
    return width;
}

/* The last column is not filled up. */
static void cell(const char *text, size_t width, bool last)
{
    size_t n = ps_cli_text(stdout, text);

    while (!last && n++ < width + 2)
        (void)putchar(' ');
    if (last)
        (void)putchar('\n');
}

void ps_cli_table(const json_t *rows, const char *const *columns, const char *const *heads)
{
    size_t widths[PS_CLI_COLUMNS_MAX] = {0};
    const json_t *row;
    size_t i;
    size_t c;

    for (c = 0; columns[c] != NULL; c++) {
        assert(c < PS_CLI_COLUMNS_MAX);
        widths[c] = shown_width(heads[c]);
        json_array_foreach(rows, i, row)
        {
            size_t width = shown_width(ps_cli_member(row, columns[c]));

            if (width > widths[c])
                widths[c] = width;
        }
    }
    for (c = 0; columns[c] != NULL; c++)
        cell(heads[c], widths[c], columns[c + 1] == NULL);
    json_array_foreach(rows, i, row)
    {
        for (c = 0; columns[c] != NULL; c++)
            cell(ps_cli_member(row, columns[c]), widths[c], columns[c + 1] == NULL);
    }
}
