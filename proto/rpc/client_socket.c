#include <proto/rpc/client_socket.h>

#include <errno.h>
#include <parasign/client.h>
#include <poll.h>
#include <proto/ipc/send_fd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SYSTEM_SOCKET "/run/parasign/parasign.sock"
#define FIRST_CAPACITY 16384

_Static_assert(sizeof((struct sockaddr_un *)0)->sun_path <=
                   sizeof((struct ps_client_socket *)0)->path,
               "any socket path fits the copy for messages");

uint64_t ps_client_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* The path to use, in out; false when it is too long. */
static bool choose_path(char *out, size_t size, const char *path)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    int n;

    if (path == NULL)
        path = getenv("PARASIGN_SOCKET");
    if (path == NULL && runtime != NULL && runtime[0] == '/') {
        n = snprintf(out, size, "%s/parasign.sock", runtime);
        if (n > 0 && (size_t)n < size && access(out, F_OK) == 0)
            return true;
    }
    n = snprintf(out, size, "%s", path != NULL ? path : SYSTEM_SOCKET);
    return n > 0 && (size_t)n < size;
}

static const char *connect_hint(int error)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        return "is parasignd running?";
    case EACCES:
    case EPERM:
        return "ask for membership in the socket's group";
    case EAGAIN:
        return "parasignd does not take new connections; ask again later";
    default:
        return "check the path";
    }
}

static enum ps_code connect_to(struct ps_client_socket *s, struct ps_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval limit = {.tv_sec = PS_CLIENT_TIMEOUT_MS / 1000};
    char why[96];

    s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot make a socket: %s",
                       strerror_r(errno, why, sizeof why));
    memcpy(address.sun_path, s->path, strlen(s->path) + 1);
    /* a full backlog makes connect() wait, for this long */
    (void)setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(s->fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;

        ps_client_socket_close(s);
        return ps_fail(err, PS_DAEMON_UNREACHABLE, "cannot connect to %s: %s; %s", s->path,
                       strerror_r(error, why, sizeof why), connect_hint(error));
    }
    return PS_OK;
}

enum ps_code ps_client_socket_open(struct ps_client_socket *s, const char *path,
                                   struct ps_error *err)
{
    *s = (struct ps_client_socket){.fd = -1};
    if (!choose_path(s->path, sizeof((struct sockaddr_un *)0)->sun_path, path))
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the socket's path must have 1 to %zu bytes; name another with --socket or "
                       "$PARASIGN_SOCKET",
                       sizeof((struct sockaddr_un *)0)->sun_path - 1);
    return connect_to(s, err);
}

void ps_client_socket_close(struct ps_client_socket *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    free(s->buffer);
    s->fd = -1;
    s->buffer = NULL;
    s->capacity = s->length = s->line = s->scanned = 0;
}

static enum ps_code broken(struct ps_client_socket *s, struct ps_error *err, const char *what)
{
    ps_client_socket_close(s);
    return ps_fail(err, PS_DAEMON_UNREACHABLE, "%s: %s", s->path, what);
}

/* PS_OK when fd is ready for events, or has an error that the next call will tell. */
static enum ps_code wait_for(struct ps_client_socket *s, short events, uint64_t deadline_ms,
                             struct ps_error *err)
{
    struct pollfd p = {.fd = s->fd, .events = events};

    for (;;) {
        uint64_t now = ps_client_now_ms();
        int timeout = -1;
        int n;

        if (deadline_ms != UINT64_MAX) {
            uint64_t left = now < deadline_ms ? deadline_ms - now : 0;

            timeout = left > 3600000 ? 3600000 : (int)left;
        }
        n = poll(&p, 1, timeout);
        if (n > 0)
            return PS_OK;
        if (n < 0 && errno != EINTR)
            return broken(s, err, "waiting for the daemon failed");
        if (n == 0 && ps_client_now_ms() >= deadline_ms)
            return ps_fail(err, PS_DEADLINE_EXCEEDED,
                           "%s: no answer in time; the daemon may still do what was asked",
                           s->path);
    }
}

enum ps_code ps_client_socket_send(struct ps_client_socket *s, const char *line, size_t length,
                                   int fd, uint64_t deadline_ms, struct ps_error *err)
{
    size_t sent = 0;

    if (s->fd < 0)
        return ps_fail(err, PS_DAEMON_UNREACHABLE, "%s: the connection is closed; connect again",
                       s->path);
    while (sent < length) {
        ssize_t n =
            ps_send_fd(s->fd, line + sent, length - sent, sent == 0 ? fd : -1, MSG_DONTWAIT);

        if (n > 0) {
            sent += (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            enum ps_code rc = wait_for(s, POLLOUT, deadline_ms, err);

            if (rc != PS_OK) {
                if (sent > 0)
                    ps_client_socket_close(s); /* the rest of the line can never follow */
                return rc;
            }
        } else if (n == 0 || errno != EINTR) {
            return broken(s, err, "the daemon closed the connection; connect again");
        }
    }
    return PS_OK;
}

/* Room for at least one more byte and its line feed. */
static enum ps_code make_room(struct ps_client_socket *s, struct ps_error *err)
{
    size_t wanted = s->capacity == 0 ? FIRST_CAPACITY : 2 * s->capacity;
    char *larger;

    if (s->length < s->capacity)
        return PS_OK;
    if (s->capacity >= PS_CLIENT_ANSWER_MAX)
        return broken(s, err, "the answer is longer than 16 MiB");
    larger = realloc(s->buffer, wanted);
    if (larger == NULL) {
        ps_client_socket_close(s);
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    s->buffer = larger;
    s->capacity = wanted;
    return PS_OK;
}

static void drop_last_line(struct ps_client_socket *s)
{
    if (s->line == 0)
        return;
    s->length -= s->line;
    memmove(s->buffer, s->buffer + s->line, s->length);
    s->line = 0;
    s->scanned = 0;
}

static bool find_line(struct ps_client_socket *s, const char **line, size_t *length)
{
    const char *end = NULL;

    if (s->buffer != NULL && s->length > s->scanned)
        end = memchr(s->buffer + s->scanned, '\n', s->length - s->scanned);
    s->scanned = s->length;
    if (end == NULL)
        return false;
    *line = s->buffer;
    *length = (size_t)(end - s->buffer);
    s->line = *length + 1;
    return true;
}

enum ps_code ps_client_socket_line(struct ps_client_socket *s, const char **line, size_t *length,
                                   uint64_t deadline_ms, struct ps_error *err)
{
    enum ps_code rc;

    drop_last_line(s);
    while (!find_line(s, line, length)) {
        ssize_t n;

        if ((rc = make_room(s, err)) != PS_OK ||
            (rc = wait_for(s, POLLIN, deadline_ms, err)) != PS_OK)
            return rc;
        n = recv(s->fd, s->buffer + s->length, s->capacity - s->length, MSG_DONTWAIT);
        if (n > 0)
            s->length += (size_t)n;
        else if (n == 0)
            return broken(s, err, "the daemon closed the connection without an answer");
        else if (errno != EINTR && errno != EAGAIN)
            return broken(s, err, "the connection broke before the answer");
    }
    return PS_OK;
}
