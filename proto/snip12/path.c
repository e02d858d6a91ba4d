#include <proto/snip12/path.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pointer {
    char text[PS_ERROR_POINTER_MAX];
    size_t length;
    bool full;
};

/* One step, with RFC 6901's escapes; false when it does not fit as a whole. */
static bool add_step(struct pointer *p, const struct ps_typed_path *step)
{
    char number[24];
    const char *name = step->name;
    size_t at = p->length;

    if (name == NULL) {
        (void)snprintf(number, sizeof number, "%zu", step->index);
        name = number;
    }
    if (at + 1 >= sizeof p->text)
        return false;
    p->text[at++] = '/';
    for (; *name != '\0'; name++) {
        bool escaped = *name == '~' || *name == '/';

        if (at + (escaped ? 2u : 1u) >= sizeof p->text)
            return false;
        if (escaped) {
            p->text[at++] = '~';
            p->text[at++] = (char)(*name == '~' ? '0' : '1');
        } else {
            p->text[at++] = *name;
        }
    }
    p->length = at;
    return true;
}

static void add_steps(struct pointer *p, const struct ps_typed_path *at)
{
    if (at == NULL)
        return;
    add_steps(p, at->parent);
    if (!p->full && !add_step(p, at))
        p->full = true;
}

enum ps_code ps_typed_fail(struct ps_error *err, const struct ps_typed_path *at, const char *fmt,
                           ...)
{
    struct pointer pointer = {.length = 0};
    char message[PS_ERROR_MESSAGE_MAX];
    va_list args;

    add_steps(&pointer, at);
    pointer.text[pointer.length] = '\0';
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return ps_fail_at(err, pointer.text, "%s", message);
}
