#include <daemon/methods/build.h>

#include <proto/stark/felt_text.h>

void ps_build_begin(struct ps_build *b)
{
    b->object = json_object();
    b->failed = b->object == NULL;
}

void ps_build_json(struct ps_build *b, const char *name, json_t *value)
{
    if (b->failed)
        json_decref(value);
    else if (json_object_set_new_nocheck(b->object, name, value) != 0)
        b->failed = true;
}

void ps_build_text(struct ps_build *b, const char *name, const char *text)
{
    /* Checked: labels and messages come from a token. */
    ps_build_json(b, name, json_string(text));
}

void ps_build_uint(struct ps_build *b, const char *name, uint64_t value)
{
    ps_build_json(b, name, json_integer((json_int_t)value));
}

void ps_build_bool(struct ps_build *b, const char *name, bool value)
{
    ps_build_json(b, name, json_boolean(value));
}

json_t *ps_json_be32(const uint8_t value32[32])
{
    char hex[PS_FELT_HEX_MAX];

    ps_be32_to_hex(hex, value32);
    return json_string_nocheck(hex);
}

void ps_build_be32(struct ps_build *b, const char *name, const uint8_t value32[32])
{
    ps_build_json(b, name, ps_json_be32(value32));
}

json_t *ps_build_end(struct ps_build *b)
{
    json_t *object = b->object;

    if (b->failed) {
        json_decref(object);
        object = NULL;
    }
    b->object = NULL;
    b->failed = true;
    return object;
}
