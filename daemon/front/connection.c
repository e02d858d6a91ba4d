/* One client's connection: who it is, what it sends, when it ends. */
#include <daemon/front/server_state.h>

#include <assert.h>
#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <proto/rpc/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* Linux 6.5 */
#endif

#define IN_FIRST ((size_t)4096)
#define IN_READ_MIN ((size_t)2048)
/* A line of the largest size and its line feed. */
#define IN_MAX ((size_t)PS_RPC_LINE_MAX + 1 + IN_READ_MIN)
#define READS_PER_TURN 4
/* More than one descriptor is refused; these are the ones we can close ourselves. */
#define PASSED_MAX 8
/* After an error the client may still be sending; it should get to read why. */
#define DISCARD_MS 1000
/* A client that takes no byte of its answers for so long is dropped. */
#define STALLED_MS 10000

static bool may_read(const struct ps_connection *connection)
{
    return connection->in_flight < connection->server->config->limits.requests_per_client &&
           !ps_server_is_full(connection->server) && !ps_connection_is_clogged(connection);
}

static void on_closed(uv_handle_t *handle)
{
    struct ps_connection *connection = handle->data;

    (void)close(connection->fd);
    if (connection->peer.pidfd >= 0)
        (void)close(connection->peer.pidfd);
    if (connection->in != NULL)
        OPENSSL_cleanse(connection->in, connection->in_capacity);
    if (connection->out != NULL)
        OPENSSL_cleanse(connection->out, connection->out_capacity);
    free(connection->in);
    free(connection->out);
    connection->magic = 0;
    free(connection);
}

void ps_connection_close(struct ps_connection *connection)
{
    struct ps_server *server = connection->server;

    assert(connection->magic == PS_CONNECTION_MAGIC);
    if (connection->closed)
        return;
    connection->closed = true;
    ps_passed_drop(connection);
    ps_calls_detach(connection);
    if (connection->prev != NULL)
        connection->prev->next = connection->next;
    else
        server->connections = connection->next;
    if (connection->next != NULL)
        connection->next->prev = connection->prev;
    server->clients--;
    ps_server_mark_resume(server);
    /* Memory stays until the loop comes round, so callers may still look at `closed`. */
    if (connection->dirty)
        (void)uv_poll_stop(&connection->poll); /* released when the dirty ones are walked */
    else
        ps_connection_release(connection);
}

void ps_connection_release(struct ps_connection *connection)
{
    assert(connection->closed && !connection->dirty);
    uv_close((uv_handle_t *)&connection->poll, on_closed);
}

void ps_connection_close_if_done(struct ps_connection *connection)
{
    bool sent = connection->out_sent == connection->out_length;

    if (connection->closed || !sent)
        return;
    if (connection->discarding) {
        if (connection->eof)
            ps_connection_close(connection);
        else
            (void)shutdown(connection->fd, SHUT_WR);
        return;
    }
    if (connection->eof && connection->in_length == 0 && connection->in_flight == 0 &&
        connection->batches == 0)
        ps_connection_close(connection);
}

static void on_poll(uv_poll_t *poll, int status, int events);

void ps_connection_watch(struct ps_connection *connection)
{
    int events = 0;

    if (connection->closed)
        return;
    if (!connection->eof && (connection->discarding || !connection->paused))
        events |= UV_READABLE;
    if (connection->out_sent < connection->out_length && connection->blocked_ns != 0)
        events |= UV_WRITABLE;
    if (events == connection->watched) /* asking again costs two system calls */
        return;
    if (events == 0)
        (void)uv_poll_stop(&connection->poll);
    else if (uv_poll_start(&connection->poll, events, on_poll) != 0)
        return;
    connection->watched = events;
}

void ps_connection_discard(struct ps_connection *connection)
{
    if (connection->closed)
        return;
    connection->discarding = true;
    connection->discard_until_ns = ps_clock_ns() + DISCARD_MS * PS_NS_PER_MS;
    connection->in_length = connection->scanned = 0;
    connection->partial_ns = 0;
    ps_passed_drop(connection);
}

/* Ends the conversation with an error that belongs to no request. */
static void end_with(struct ps_connection *connection, enum ps_code code, const char *message)
{
    struct ps_error err;

    (void)ps_fail(&err, code, "%s", message);
    ps_connection_refuse(connection, NULL, &err);
    ps_connection_discard(connection);
}

/* Serves the whole lines that are there, as long as the client may ask. */
static void serve_lines(struct ps_connection *connection)
{
    size_t at = 0;

    while (!connection->closed && !connection->discarding && at < connection->in_length) {
        char *start = connection->in + at;
        size_t from = connection->scanned > at ? connection->scanned : at;
        char *feed = memchr(connection->in + from, '\n', connection->in_length - from);
        size_t length;

        if (feed == NULL && !connection->eof) {
            connection->scanned = connection->in_length;
            if (connection->in_length - at <= PS_RPC_LINE_MAX)
                break;
        }
        length = feed == NULL ? connection->in_length - at : (size_t)(feed - start);
        if (length > PS_RPC_LINE_MAX) {
            end_with(connection, PS_PARSE_ERROR,
                     "a line is at most 262144 bytes; the connection is closed");
            return;
        }
        connection->paused = !may_read(connection);
        if (connection->paused)
            break;
        ps_line_serve(connection, start, length, connection->in_offset + at);
        at += length + (feed != NULL);
    }
    if (connection->closed || connection->discarding)
        return;
    connection->in_length -= at;
    connection->scanned -= connection->scanned < at ? connection->scanned : at;
    connection->in_offset += at;
    memmove(connection->in, connection->in + at, connection->in_length);
    if (connection->in_length == 0)
        connection->partial_ns = 0;
    else if (at > 0 || connection->partial_ns == 0)
        connection->partial_ns = ps_clock_ns();
}

static bool make_room(struct ps_connection *connection)
{
    size_t capacity = connection->in_capacity == 0 ? IN_FIRST : connection->in_capacity;
    char *in;

    while (capacity - connection->in_length < IN_READ_MIN && capacity < IN_MAX)
        capacity *= 2;
    if (capacity == connection->in_capacity)
        return true;
    if ((in = malloc(capacity)) == NULL)
        return false;
    if (connection->in != NULL) {
        memcpy(in, connection->in, connection->in_length);
        OPENSSL_cleanse(connection->in, connection->in_capacity);
        free(connection->in);
    }
    connection->in = in;
    connection->in_capacity = capacity;
    return true;
}

/* As recvmsg(): bytes read, 0 at the end, -1 with errno. Takes in passed descriptors. */
static ssize_t receive(struct ps_connection *connection)
{
    struct iovec iov = {connection->in + connection->in_length,
                        connection->in_capacity - connection->in_length};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(PASSED_MAX * sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    uint64_t from = connection->in_offset + connection->in_length;
    struct cmsghdr *header;
    int fds[PASSED_MAX];
    size_t count;
    ssize_t n = recvmsg(connection->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

    if (n < 0)
        return n;
    for (header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(fds, CMSG_DATA(header), count * sizeof(int));
        ps_passed_arrived(connection, fds, count, from, from + (uint64_t)n);
    }
    return n;
}

static void discard_input(struct ps_connection *connection)
{
    char dropped[16384];
    ssize_t n = recv(connection->fd, dropped, sizeof dropped, MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        connection->eof = true;
        ps_connection_close_if_done(connection);
    }
    ps_connection_watch(connection);
}

static void read_input(struct ps_connection *connection)
{
    unsigned turn;

    for (turn = 0; turn < READS_PER_TURN && !connection->paused; turn++) {
        size_t room;
        ssize_t n;

        if (!make_room(connection)) {
            ps_connection_close(connection);
            return;
        }
        room = connection->in_capacity - connection->in_length;
        n = receive(connection);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n < 0) {
            ps_connection_close(connection);
            return;
        }
        connection->in_length += (size_t)n;
        connection->eof = n == 0;
        serve_lines(connection);
        if (connection->closed || connection->discarding || connection->eof)
            break;
        if ((size_t)n < room && !connection->passed)
            break;
    }
    ps_connection_watch(connection);
    ps_connection_close_if_done(connection);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct ps_connection *connection = poll->data;

    if (connection->closed)
        return;
    if (status < 0) {
        ps_connection_close(connection);
        return;
    }
    if ((events & UV_WRITABLE) != 0) {
        ps_connection_flush(connection);
        if (!connection->closed && connection->paused)
            ps_connection_resume(connection);
    }
    if (connection->closed || (events & UV_READABLE) == 0)
        return;
    if (connection->discarding)
        discard_input(connection);
    else
        read_input(connection);
}

void ps_connection_resume(struct ps_connection *connection)
{
    if (connection->closed || !connection->paused || !may_read(connection))
        return;
    connection->paused = false;
    serve_lines(connection);
    if (!connection->closed) {
        ps_connection_watch(connection);
        ps_connection_close_if_done(connection);
    }
}

void ps_connection_sweep(struct ps_connection *connection, uint64_t now_ns)
{
    uint64_t line_ns = connection->server->config->limits.line_deadline_ms * PS_NS_PER_MS;

    if (connection->discarding) {
        if (now_ns > connection->discard_until_ns)
            ps_connection_close(connection);
        return;
    }
    if (connection->blocked_ns != 0 &&
        now_ns - connection->blocked_ns > STALLED_MS * PS_NS_PER_MS) {
        ps_log(PS_LOG_WARNING, "a client of uid %u is dropped: it does not read its answers",
               (unsigned)connection->peer.uid);
        ps_connection_close(connection);
        return;
    }
    if (connection->paused || connection->partial_ns == 0 ||
        now_ns - connection->partial_ns <= line_ns)
        return;
    end_with(connection, PS_INVALID_REQUEST,
             "half a line waited too long for its end; send each request as one line with a line "
             "feed");
    ps_connection_watch(connection);
}

static bool read_peer(struct ps_connection *connection)
{
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    int pidfd = -1;

    if (getsockopt(connection->fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
        return false;
    connection->peer.uid = credentials.uid;
    connection->peer.gid = credentials.gid;
    connection->peer.pid = credentials.pid;
    length = sizeof pidfd;
    if (getsockopt(connection->fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) != 0)
        pidfd = -1;
    connection->peer.pidfd = pidfd;
    return true;
}

void ps_connection_accept(struct ps_server *server, int fd)
{
    struct ps_connection *connection = calloc(1, sizeof *connection);

    if (connection == NULL) {
        (void)close(fd);
        return;
    }
    connection->magic = PS_CONNECTION_MAGIC;
    connection->server = server;
    connection->fd = fd;
    connection->passed_fd = -1;
    connection->peer.pidfd = -1;
    if (!read_peer(connection) || uv_poll_init(server->loop, &connection->poll, fd) != 0) {
        (void)close(fd);
        free(connection);
        return;
    }
    connection->poll.data = connection;
    connection->next = server->connections;
    if (connection->next != NULL)
        connection->next->prev = connection;
    server->connections = connection;
    server->clients++;
    ps_log(PS_LOG_DEBUG, "client pid %d of uid %u connected", (int)connection->peer.pid,
           (unsigned)connection->peer.uid);
    ps_connection_watch(connection);
}
