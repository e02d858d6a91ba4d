#include <proto/ipc/wire.h>

#include <string.h>

void ps_wbuf_init(struct ps_wbuf *w, void *data, size_t capacity)
{
    *w = (struct ps_wbuf){.data = data, .capacity = capacity};
}

/* Where to write length more bytes, or NULL, and the writer is bad from then on. */
static uint8_t *reserve(struct ps_wbuf *w, size_t length)
{
    uint8_t *at;

    if (w->bad || length > w->capacity - w->length) {
        w->bad = true;
        return NULL;
    }
    at = w->data + w->length;
    w->length += length;
    return at;
}

static void put_le(struct ps_wbuf *w, uint64_t value, size_t width)
{
    uint8_t *at = reserve(w, width);
    size_t i;

    for (i = 0; at != NULL && i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

void ps_put_u8(struct ps_wbuf *w, uint8_t value)
{
    put_le(w, value, 1);
}

void ps_put_u16(struct ps_wbuf *w, uint16_t value)
{
    put_le(w, value, 2);
}

void ps_put_u32(struct ps_wbuf *w, uint32_t value)
{
    put_le(w, value, 4);
}

void ps_put_u64(struct ps_wbuf *w, uint64_t value)
{
    put_le(w, value, 8);
}

void ps_put_fixed(struct ps_wbuf *w, const void *bytes, size_t length)
{
    uint8_t *at = reserve(w, length);

    if (at != NULL && length > 0)
        memcpy(at, bytes, length);
}

void ps_put_bytes(struct ps_wbuf *w, const void *bytes, size_t length)
{
    if (length > UINT32_MAX) {
        w->bad = true;
        return;
    }
    ps_put_u32(w, (uint32_t)length);
    ps_put_fixed(w, bytes, length);
}

void ps_put_text(struct ps_wbuf *w, const char *text)
{
    ps_put_bytes(w, text, strlen(text));
}

void ps_rbuf_init(struct ps_rbuf *r, const void *data, size_t length)
{
    *r = (struct ps_rbuf){.data = data, .length = length};
}

/* The next length bytes, or NULL, and the reader is bad from then on. */
static const uint8_t *take(struct ps_rbuf *r, size_t length)
{
    const uint8_t *at;

    if (r->bad || length > r->length - r->at) {
        r->bad = true;
        return NULL;
    }
    at = r->data + r->at;
    r->at += length;
    return at;
}

static uint64_t get_le(struct ps_rbuf *r, size_t width)
{
    const uint8_t *at = take(r, width);
    uint64_t value = 0;
    size_t i;

    for (i = 0; at != NULL && i < width; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

uint8_t ps_get_u8(struct ps_rbuf *r)
{
    return (uint8_t)get_le(r, 1);
}

uint16_t ps_get_u16(struct ps_rbuf *r)
{
    return (uint16_t)get_le(r, 2);
}

uint32_t ps_get_u32(struct ps_rbuf *r)
{
    return (uint32_t)get_le(r, 4);
}

uint64_t ps_get_u64(struct ps_rbuf *r)
{
    return get_le(r, 8);
}

void ps_get_fixed(struct ps_rbuf *r, void *out, size_t length)
{
    const uint8_t *at = take(r, length);

    if (length == 0)
        return;
    if (at != NULL)
        memcpy(out, at, length);
    else
        memset(out, 0, length);
}

size_t ps_get_bytes(struct ps_rbuf *r, const uint8_t **bytes)
{
    size_t length = ps_get_u32(r);

    *bytes = take(r, length);
    return *bytes == NULL ? 0 : length;
}

void ps_get_text(struct ps_rbuf *r, char *out, size_t capacity)
{
    const uint8_t *bytes;
    size_t length = ps_get_bytes(r, &bytes);

    out[0] = '\0';
    if (bytes == NULL)
        return;
    if (length >= capacity || memchr(bytes, '\0', length) != NULL) {
        r->bad = true;
        return;
    }
    memcpy(out, bytes, length);
    out[length] = '\0';
}

bool ps_rbuf_done(const struct ps_rbuf *r)
{
    return !r->bad && r->at == r->length;
}
