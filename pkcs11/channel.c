#include <pkcs11/channel.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum ps_code ps_channel_init(struct ps_channel *channel, int fd, unsigned tick_s,
                             struct ps_error *err)
{
    struct timeval tick = {.tv_sec = (time_t)tick_s};

    memset(channel, 0, sizeof *channel);
    channel->fd = fd;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick) != 0)
        return ps_fail(err, PS_INVALID_PARAMS, "descriptor %d is not a socket (%s)", fd,
                       strerrorname_np(errno));
    channel->buffer = malloc(PS_ANSWER_BYTES);
    if (channel->buffer == NULL || pthread_mutex_init(&channel->write_lock, NULL) != 0) {
        free(channel->buffer);
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    }
    return PS_OK;
}

void ps_channel_end(struct ps_channel *channel)
{
    size_t i;

    for (i = 0; i < channel->fd_count; i++)
        (void)close(channel->fds[i]);
    (void)pthread_mutex_destroy(&channel->write_lock);
    free(channel->buffer);
}

/* Keeps what arrived with the bytes; more than can be waiting is a fault of the other end. */
static bool take_fds(struct ps_channel *channel, struct msghdr *msg)
{
    struct cmsghdr *c;
    size_t count, i;
    bool ok = (msg->msg_flags & MSG_CTRUNC) == 0;
    int fd;

    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (i = 0; i < count; i++) {
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (channel->fd_count < PS_CHANNEL_FDS_MAX) {
                channel->fds[channel->fd_count++] = fd;
            } else {
                (void)close(fd);
                ok = false;
            }
        }
    }
    return ok;
}

static enum ps_read fill(struct ps_channel *channel)
{
    union {
        char room[CMSG_SPACE(PS_CHANNEL_FDS_MAX * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov;
    struct msghdr msg;
    ssize_t got;

    if (channel->start > 0) {
        memmove(channel->buffer, channel->buffer + channel->start, channel->end - channel->start);
        channel->end -= channel->start;
        channel->start = 0;
    }
    do {
        iov = (struct iovec){channel->buffer + channel->end, PS_ANSWER_BYTES - channel->end};
        msg = (struct msghdr){.msg_iov = &iov,
                              .msg_iovlen = 1,
                              .msg_control = control.room,
                              .msg_controllen = sizeof control.room};
        got = recvmsg(channel->fd, &msg, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return PS_READ_IDLE;
    if (got <= 0)
        return PS_READ_CLOSED;
    channel->end += (size_t)got;
    return take_fds(channel, &msg) ? PS_READ_FRAME : PS_READ_BROKEN;
}

static int claim_fd(struct ps_channel *channel)
{
    int fd = channel->fds[0];

    channel->fd_count--;
    memmove(channel->fds, channel->fds + 1, channel->fd_count * sizeof channel->fds[0]);
    return fd;
}

enum ps_read ps_channel_read(struct ps_channel *channel, struct ps_frame *out)
{
    const uint8_t *at;
    enum ps_read got;
    size_t have;

    for (;;) {
        at = channel->buffer + channel->start;
        have = channel->end - channel->start;
        if (have >= PS_FRAME_HEADER_BYTES) {
            if (ps_frame_decode(at, &out->header) != PS_OK)
                return PS_READ_BROKEN;
            if (have - PS_FRAME_HEADER_BYTES >= out->header.length)
                break;
        }
        if ((got = fill(channel)) != PS_READ_FRAME)
            return got;
    }
    out->payload = at + PS_FRAME_HEADER_BYTES;
    channel->start += PS_FRAME_HEADER_BYTES + out->header.length;
    out->fd = -1;
    /* Descriptors arrive with the first byte of their frame, in order, and a read stops behind one.
     */
    if ((out->header.flags & PS_FRAME_HAS_FD) != 0) {
        if (channel->fd_count == 0)
            return PS_READ_BROKEN;
        out->fd = claim_fd(channel);
    }
    /* One that no frame announced would be taken for that of a later frame. */
    if (channel->fd_count > 0 && channel->start == channel->end) {
        if (out->fd >= 0)
            (void)close(out->fd);
        return PS_READ_BROKEN;
    }
    return PS_READ_FRAME;
}

bool ps_channel_answer(struct ps_channel *channel, const struct ps_frame_header *request,
                       uint8_t *message, size_t length)
{
    struct ps_frame_header header = {.length = (uint32_t)length,
                                     .type = (uint16_t)(request->type | PS_FRAME_ANSWER),
                                     .id = request->id};
    size_t total = PS_FRAME_HEADER_BYTES + length, at = 0;
    ssize_t sent;

    assert(length <= PS_FRAME_PAYLOAD_MAX);
    ps_frame_encode(&header, message);
    (void)pthread_mutex_lock(&channel->write_lock);
    while (at < total) {
        sent = send(channel->fd, message + at, total - at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            break;
        at += (size_t)sent;
    }
    (void)pthread_mutex_unlock(&channel->write_lock);
    return at == total;
}
