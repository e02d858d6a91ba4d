#include <daemon/front/frame_stream.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <proto/ipc/send_fd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM_MAGIC 0x6672616du
#define QUEUED_MAX (1u << 20)
#define IN_BYTES (PS_FRAME_HEADER_BYTES + PS_FRAME_PAYLOAD_MAX)
/* Reads in one turn of the loop; then others have theirs. */
#define READS_PER_TURN 8

struct out_frame {
    struct out_frame *next;
    size_t length, sent;
    int fd; /* travels with the first byte; owned until then */
    uint8_t bytes[];
};

struct ps_frame_stream {
    unsigned magic;
    uv_poll_t poll;
    int fd;
    int watched; /* events asked of the loop */
    ps_frame_cb *on_frame;
    ps_frame_gone_cb *on_gone;
    void *arg;
    struct out_frame *first, *last;
    size_t queued;
    size_t in_length;
    uint8_t in[IN_BYTES];
};

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(struct ps_frame_stream *stream)
{
    int events = UV_READABLE | (stream->first != NULL ? UV_WRITABLE : 0);

    /* Asking again for the same costs two system calls. */
    if (events != stream->watched && uv_poll_start(&stream->poll, events, on_poll) == 0)
        stream->watched = events;
}

static void on_closed(uv_handle_t *handle)
{
    struct ps_frame_stream *stream = handle->data;

    (void)close(stream->fd);
    free(stream);
}

void ps_frame_stream_close(struct ps_frame_stream *stream)
{
    if (stream == NULL)
        return;
    assert(stream->magic == STREAM_MAGIC);
    stream->magic = 0;
    while (stream->first != NULL) {
        struct out_frame *frame = stream->first;

        stream->first = frame->next;
        if (frame->fd >= 0)
            (void)close(frame->fd);
        free(frame);
    }
    /* The peer learns it now, not when the loop comes round. */
    (void)shutdown(stream->fd, SHUT_RDWR);
    uv_close((uv_handle_t *)&stream->poll, on_closed);
}

enum ps_code ps_frame_stream_open(uv_loop_t *loop, int fd, ps_frame_cb *on_frame,
                                  ps_frame_gone_cb *on_gone, void *arg,
                                  struct ps_frame_stream **out, struct ps_error *err)
{
    struct ps_frame_stream *stream = malloc(sizeof *stream);

    *out = NULL;
    if (stream == NULL) {
        (void)close(fd);
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    memset(stream, 0, offsetof(struct ps_frame_stream, in));
    stream->magic = STREAM_MAGIC;
    stream->fd = fd;
    stream->on_frame = on_frame;
    stream->on_gone = on_gone;
    stream->arg = arg;
    if (uv_poll_init(loop, &stream->poll, fd) != 0) { /* also makes fd non-blocking */
        (void)close(fd);
        free(stream);
        return ps_fail(err, PS_INTERNAL_ERROR, "a helper's pair cannot be watched");
    }
    stream->poll.data = stream;
    watch(stream);
    *out = stream;
    return PS_OK;
}

/* Bytes sent, 0 when the peer's buffer is full, -1 when it is gone. */
static ssize_t send_some(const struct ps_frame_stream *stream, struct out_frame *frame)
{
    ssize_t n = ps_send_fd(stream->fd, frame->bytes + frame->sent, frame->length - frame->sent,
                           frame->fd, MSG_DONTWAIT);

    if (n < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    return n;
}

/* False when the peer is gone. */
static bool flush(struct ps_frame_stream *stream)
{
    while (stream->first != NULL) {
        struct out_frame *frame = stream->first;
        ssize_t n = send_some(stream, frame);

        if (n < 0)
            return false;
        if (n == 0)
            return true;
        if (frame->fd >= 0) {
            (void)close(frame->fd);
            frame->fd = -1;
        }
        frame->sent += (size_t)n;
        stream->queued -= (size_t)n;
        if (frame->sent < frame->length)
            return true;
        stream->first = frame->next;
        if (stream->first == NULL)
            stream->last = NULL;
        free(frame);
    }
    return true;
}

enum ps_code ps_frame_stream_send(struct ps_frame_stream *stream, uint16_t type, uint64_t id,
                                  const void *payload, size_t length, int fd)
{
    const struct ps_frame_header header = {
        .length = (uint32_t)length,
        .type = type,
        .flags = fd >= 0 ? PS_FRAME_HAS_FD : 0,
        .id = id,
    };
    struct out_frame *frame;

    assert(stream->magic == STREAM_MAGIC);
    assert(length <= PS_FRAME_PAYLOAD_MAX);
    frame =
        stream->queued > QUEUED_MAX ? NULL : malloc(sizeof *frame + PS_FRAME_HEADER_BYTES + length);
    if (frame == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return PS_OVERLOADED;
    }
    frame->next = NULL;
    frame->length = PS_FRAME_HEADER_BYTES + length;
    frame->sent = 0;
    frame->fd = fd;
    ps_frame_encode(&header, frame->bytes);
    if (length > 0)
        memcpy(frame->bytes + PS_FRAME_HEADER_BYTES, payload, length);
    *(stream->last == NULL ? &stream->first : &stream->last->next) = frame;
    stream->last = frame;
    stream->queued += frame->length;
    /* A peer that is gone shows when the loop reads. */
    (void)flush(stream);
    if (stream->first != NULL)
        watch(stream);
    return PS_OK;
}

/* Calls back for every whole frame. False when the stream was closed meanwhile or is broken. */
static bool take_frames(struct ps_frame_stream *stream, const char **why)
{
    size_t at = 0;
    struct ps_frame_header header;

    while (stream->in_length - at >= PS_FRAME_HEADER_BYTES) {
        if (ps_frame_decode(stream->in + at, &header) != PS_OK) {
            *why = "it sent a malformed frame";
            return false;
        }
        if (stream->in_length - at - PS_FRAME_HEADER_BYTES < header.length)
            break;
        stream->on_frame(stream->arg, &header, stream->in + at + PS_FRAME_HEADER_BYTES);
        if (stream->magic != STREAM_MAGIC)
            return false; /* closed from inside; freed when the loop comes round */
        at += PS_FRAME_HEADER_BYTES + header.length;
    }
    stream->in_length -= at;
    memmove(stream->in, stream->in + at, stream->in_length);
    return true;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct ps_frame_stream *stream = poll->data;
    const char *why = NULL;
    unsigned turn;

    if (status < 0)
        why = uv_strerror(status);
    else if ((events & UV_WRITABLE) != 0 && !flush(stream))
        why = "its pair is closed";
    for (turn = 0; why == NULL && turn < READS_PER_TURN; turn++) {
        size_t room = IN_BYTES - stream->in_length;
        ssize_t n = recv(stream->fd, stream->in + stream->in_length, room, MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n < 0) {
            why = strerror(errno);
        } else if (n == 0) {
            why = "it closed its pair";
        } else {
            stream->in_length += (size_t)n;
            if (!take_frames(stream, &why) && why == NULL)
                return;
            if ((size_t)n < room)
                break;
        }
    }
    if (why != NULL) {
        (void)uv_poll_stop(&stream->poll);
        stream->watched = 0;
        stream->on_gone(stream->arg, why);
        return;
    }
    watch(stream);
}
