/*
 * The pair with the daemon: frames in, with descriptors, and answers out. One reader at a time, any
 * number of writers.
 */
#ifndef PARASIGN_PKCS11_CHANNEL_H
#define PARASIGN_PKCS11_CHANNEL_H

#include <proto/ipc/frame.h>
#include <proto/ipc/wire.h>
#include <pthread.h>

#define PS_CHANNEL_FDS_MAX 4

struct ps_channel {
    int fd; /* borrowed */
    pthread_mutex_t write_lock;
    /* The reader's own. */
    uint8_t *buffer; /* owned; one frame of the largest size */
    size_t start, end;
    int fds[PS_CHANNEL_FDS_MAX]; /* owned; arrived, not yet claimed by a frame */
    size_t fd_count;
};

struct ps_frame {
    struct ps_frame_header header;
    const uint8_t *payload; /* in the reader's buffer until the next read */
    int fd;                 /* the receiver's from here on; -1 when none came */
};

enum ps_read {
    PS_READ_FRAME,
    PS_READ_IDLE,   /* nothing came for as long as the tick */
    PS_READ_CLOSED, /* the other end is gone */
    PS_READ_BROKEN  /* the other end does not keep to the framing */
};

/* tick_s: how long a read waits before it says PS_READ_IDLE. */
PS_MUST_USE enum ps_code ps_channel_init(struct ps_channel *channel, int fd, unsigned tick_s,
                                         struct ps_error *err);
void ps_channel_end(struct ps_channel *channel);

/* Reads the next frame. The caller makes sure that it is the only reader. */
enum ps_read ps_channel_read(struct ps_channel *channel, struct ps_frame *out);

/* Room for a header and the largest payload; the payload goes behind the header's place. */
#define PS_ANSWER_BYTES (PS_FRAME_HEADER_BYTES + PS_FRAME_PAYLOAD_MAX)

/*
 * Sends one answer. message: PS_FRAME_HEADER_BYTES free bytes, then length bytes of payload. False
 * when the other end is gone.
 */
bool ps_channel_answer(struct ps_channel *channel, const struct ps_frame_header *request,
                       uint8_t *message, size_t length);

#endif
