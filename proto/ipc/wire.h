/*
 * Bounded writer and reader for the payloads of frames between the daemon's own processes.
 * Integers are little-endian; a byte string is a u32 length and its bytes.
 *
 * Both latch: after the first value that does not fit (writer) or is not there (reader), `bad` is
 * set, nothing more is written, and readers get zeros. Check ps_rbuf_done() once at the end.
 */
#ifndef PARASIGN_PROTO_IPC_WIRE_H
#define PARASIGN_PROTO_IPC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes into memory of the caller. */
struct ps_wbuf {
    uint8_t *data; /* borrowed */
    size_t capacity;
    size_t length;
    bool bad;
};

/* Reads memory of the caller; strings returned point into it. */
struct ps_rbuf {
    const uint8_t *data; /* borrowed */
    size_t length;
    size_t at;
    bool bad;
};

void ps_wbuf_init(struct ps_wbuf *w, void *data, size_t capacity);
void ps_put_u8(struct ps_wbuf *w, uint8_t value);
void ps_put_u16(struct ps_wbuf *w, uint16_t value);
void ps_put_u32(struct ps_wbuf *w, uint32_t value);
void ps_put_u64(struct ps_wbuf *w, uint64_t value);
void ps_put_fixed(struct ps_wbuf *w, const void *bytes, size_t length); /* no length prefix */
void ps_put_bytes(struct ps_wbuf *w, const void *bytes, size_t length);
void ps_put_text(struct ps_wbuf *w, const char *text);

void ps_rbuf_init(struct ps_rbuf *r, const void *data, size_t length);
uint8_t ps_get_u8(struct ps_rbuf *r);
uint16_t ps_get_u16(struct ps_rbuf *r);
uint32_t ps_get_u32(struct ps_rbuf *r);
uint64_t ps_get_u64(struct ps_rbuf *r);
void ps_get_fixed(struct ps_rbuf *r, void *out, size_t length);
/* Points *bytes into the buffer; NULL and 0 when bad. */
size_t ps_get_bytes(struct ps_rbuf *r, const uint8_t **bytes);
/* Copies a text of at most capacity-1 bytes, NUL-terminated; bad when longer or with a NUL inside.
 */
void ps_get_text(struct ps_rbuf *r, char *out, size_t capacity);
/* Whether all bytes were read and none was missing. */
bool ps_rbuf_done(const struct ps_rbuf *r);

#endif
