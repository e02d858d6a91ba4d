#include <daemon/front/keeper_client.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The keeper has SIGKILLed the helpers by then; a process stuck in the kernel must not hold us. */
#define END_WAIT_MS 2000

struct ps_keeper_client {
    uv_poll_t poll;
    int fd;
    ps_keeper_gone_cb *on_gone;
    void *arg;
    struct {
        const struct ps_keeper_events *events;
        void *arg;
    } listeners[PS_KEEPER_HELPER_COUNT];
};

/* Whether an event came; *fd is its descriptor or -1. Sets *gone at the end of the pair. */
static bool receive(struct ps_keeper_client *client, struct ps_keeper_event *event, int *fd,
                    bool *gone)
{
    struct iovec iov = {event, sizeof *event};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header;
    ssize_t n;

    *fd = -1;
    n = recvmsg(client->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return false;
    header = n < 0 ? NULL : CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(header), sizeof *fd);
    if (n != (ssize_t)sizeof *event || event->helper >= PS_KEEPER_HELPER_COUNT) {
        if (*fd >= 0)
            (void)close(*fd);
        *gone = true;
        return false;
    }
    return true;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct ps_keeper_client *client = poll->data;
    struct ps_keeper_event event;
    bool gone = status < 0;
    int fd;

    (void)events;
    while (!gone && receive(client, &event, &fd, &gone)) {
        const struct ps_keeper_events *to = client->listeners[event.helper].events;
        void *arg = client->listeners[event.helper].arg;

        if (event.kind == PS_KEEPER_STARTED && to != NULL && fd >= 0) {
            to->started(arg, fd, (pid_t)event.value);
            continue;
        }
        if (fd >= 0)
            (void)close(fd);
        if (event.kind == PS_KEEPER_FAILED && to != NULL)
            to->failed(arg, event.value);
        else if (event.kind == PS_KEEPER_EXITED && to != NULL)
            to->exited(arg, event.value);
    }
    if (gone) {
        (void)uv_poll_stop(&client->poll);
        client->on_gone(client->arg);
    }
}

enum ps_code ps_keeper_client_open(uv_loop_t *loop, int fd, ps_keeper_gone_cb *on_gone, void *arg,
                                   struct ps_keeper_client **out, struct ps_error *err)
{
    struct ps_keeper_client *client = calloc(1, sizeof *client);

    *out = NULL;
    if (client == NULL || uv_poll_init(loop, &client->poll, fd) != 0) {
        free(client);
        (void)close(fd);
        return ps_fail(err, PS_INTERNAL_ERROR, "the keeper's pair cannot be watched");
    }
    client->poll.data = client;
    client->fd = fd;
    client->on_gone = on_gone;
    client->arg = arg;
    (void)uv_poll_start(&client->poll, UV_READABLE, on_poll);
    *out = client;
    return PS_OK;
}

void ps_keeper_client_listen(struct ps_keeper_client *client, enum ps_keeper_helper helper,
                             const struct ps_keeper_events *events, void *arg)
{
    client->listeners[helper].events = events;
    client->listeners[helper].arg = arg;
}

static void ask(struct ps_keeper_client *client, enum ps_keeper_request_kind kind,
                enum ps_keeper_helper helper)
{
    const struct ps_keeper_request request = {kind, helper};

    /* A keeper that is gone shows when the loop reads. */
    while (send(client->fd, &request, sizeof request, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}

void ps_keeper_client_start(struct ps_keeper_client *client, enum ps_keeper_helper helper)
{
    ask(client, PS_KEEPER_START, helper);
}

void ps_keeper_client_kill(struct ps_keeper_client *client, enum ps_keeper_helper helper)
{
    ask(client, PS_KEEPER_KILL, helper);
}

static void on_closed(uv_handle_t *handle)
{
    struct ps_keeper_client *client = handle->data;
    struct pollfd polled = {.fd = client->fd, .events = POLLIN};
    char rest[64];

    /* The last events of the helpers, then the end of the pair: the keeper has ended. */
    (void)shutdown(client->fd, SHUT_WR);
    while (poll(&polled, 1, END_WAIT_MS) > 0 &&
           recv(client->fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
        ;
    (void)close(client->fd);
    free(client);
}

void ps_keeper_client_close(struct ps_keeper_client *client)
{
    if (client != NULL)
        uv_close((uv_handle_t *)&client->poll, on_closed);
}
