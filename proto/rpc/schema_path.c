#include <proto/rpc/schema_path.h>

#include <proto/rpc/quote.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Deeper than any table of ours. */
#define STEPS_MAX 8

/* Appends "/step" with ~ and / escaped; false, and out as it was, when it does not fit. */
static bool append_step(char out[PS_ERROR_POINTER_MAX], const struct ps_schema_path *step)
{
    size_t start = strlen(out);
    size_t n = start;
    char digits[24];
    const char *text = step->name;

    if (text == NULL) {
        (void)snprintf(digits, sizeof digits, "%zu", step->index);
        text = digits;
    }
    out[n++] = '/';
    for (; *text != '\0' && n + 3 < PS_ERROR_POINTER_MAX; text++) {
        if (*text == '~' || *text == '/') {
            out[n++] = '~';
            out[n++] = *text == '~' ? '0' : '1';
        } else {
            out[n++] = *text;
        }
    }
    out[*text == '\0' ? n : start] = '\0';
    return *text == '\0';
}

void ps_schema_pointer(char out[PS_ERROR_POINTER_MAX], const struct ps_schema_path *path)
{
    const struct ps_schema_path *steps[STEPS_MAX];
    size_t count = 0;

    for (; path != NULL && count < STEPS_MAX; path = path->parent)
        steps[count++] = path;
    out[0] = '\0';
    while (count > 0 && strlen(out) + 5 < PS_ERROR_POINTER_MAX &&
           append_step(out, steps[count - 1]))
        count--;
}

enum ps_code ps_schema_fail(struct ps_error *err, const struct ps_schema_path *path,
                            const char *fmt, ...)
{
    char message[PS_ERROR_MESSAGE_MAX];
    char pointer[PS_ERROR_POINTER_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    ps_schema_pointer(pointer, path);
    return ps_fail_at(err, pointer, "%s", message);
}

static void list_known(char out[PS_SCHEMA_HINT_MAX], const struct ps_param *fields)
{
    size_t n = (size_t)snprintf(out, PS_SCHEMA_HINT_MAX, "; known are");

    if (fields == NULL || fields->name == NULL) {
        (void)snprintf(out, PS_SCHEMA_HINT_MAX, "; there are none here");
        return;
    }
    for (; fields->name != NULL; fields++) {
        int written = snprintf(out + n, PS_SCHEMA_HINT_MAX - n, " %s%s", fields->name,
                               fields[1].name != NULL ? "," : "");

        if (written < 0 || (size_t)written >= PS_SCHEMA_HINT_MAX - n)
            return;
        n += (size_t)written;
    }
}

void ps_schema_hint(char out[PS_SCHEMA_HINT_MAX], const char *name, const struct ps_param *fields)
{
    const struct ps_param *field;
    const char *nearest = NULL;
    unsigned best = 3;

    for (field = fields; field != NULL && field->name != NULL; field++) {
        unsigned distance = ps_name_distance(name, field->name, 2);

        /* two changes make any two-letter name out of any other */
        if (distance < best && distance < strlen(field->name)) {
            best = distance;
            nearest = field->name;
        }
    }
    if (nearest != NULL)
        (void)snprintf(out, PS_SCHEMA_HINT_MAX, "; did you mean \"%s\"?", nearest);
    else
        list_known(out, fields);
}
