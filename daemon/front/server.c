#include <daemon/front/server.h>

#include <assert.h>
#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <daemon/front/server_state.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SWEEP_MS 250
/* After accept4() failed for want of descriptors or memory. */
#define ACCEPT_PAUSE_MS 100
#define ACCEPTS_PER_TURN 16

bool ps_server_is_full(const struct ps_server *server)
{
    return server->in_flight >= server->config->limits.requests;
}

uint32_t ps_server_clients(const struct ps_server *server)
{
    return server->clients;
}

uint32_t ps_server_in_flight(const struct ps_server *server)
{
    return server->in_flight;
}

uint64_t ps_server_requests(const struct ps_server *server)
{
    return server->requests;
}

/* ---- new connections ---- */

static void on_listen(uv_poll_t *poll, int status, int events);

/* More clients wait in the backlog of the socket when there are too many. */
static void watch_socket(struct ps_server *server)
{
    bool listen = !server->stopping && !server->accept_paused &&
                  server->clients < server->config->limits.clients;

    if (listen == server->listening) /* asking again costs two system calls */
        return;
    if (!listen)
        (void)uv_poll_stop(&server->listen_poll);
    else if (uv_poll_start(&server->listen_poll, UV_READABLE, on_listen) != 0)
        return;
    server->listening = listen;
}

static void on_accept_pause(uv_timer_t *timer)
{
    struct ps_server *server = timer->data;

    server->accept_paused = false;
    watch_socket(server);
}

static void on_listen(uv_poll_t *poll, int status, int events)
{
    struct ps_server *server = poll->data;
    unsigned turn;

    (void)status;
    (void)events;
    for (turn = 0; turn < ACCEPTS_PER_TURN && server->clients < server->config->limits.clients;
         turn++) {
        int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0) {
            ps_connection_accept(server, fd);
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        if (errno == EINTR || errno == ECONNABORTED)
            continue;
        ps_log(PS_LOG_WARNING, "no new clients for now: %s", strerror(errno));
        server->accept_paused = true;
        (void)uv_timer_start(&server->accept_timer, on_accept_pause, ACCEPT_PAUSE_MS, 0);
        break;
    }
    watch_socket(server);
}

/* ---- the end of each turn of the loop ---- */

void ps_server_mark_dirty(struct ps_connection *connection)
{
    struct ps_server *server = connection->server;

    if (connection->dirty)
        return;
    connection->dirty = true;
    connection->next_dirty = server->dirty;
    server->dirty = connection;
}

void ps_server_mark_resume(struct ps_server *server)
{
    server->resume = true;
}

static void send_answers(struct ps_server *server)
{
    while (server->dirty != NULL) {
        struct ps_connection *connection = server->dirty;

        server->dirty = connection->next_dirty;
        connection->dirty = false;
        if (connection->closed)
            ps_connection_release(connection);
        else
            ps_connection_flush(connection);
    }
}

static void end_turn(struct ps_server *server)
{
    struct ps_connection *connection;
    struct ps_connection *next;

    send_answers(server);
    if (!server->resume)
        return;
    server->resume = false;
    watch_socket(server);
    for (connection = server->connections; connection != NULL; connection = next) {
        next = connection->next;
        if (connection->paused)
            ps_connection_resume(connection);
    }
    send_answers(server);
    ps_server_check_drained(server);
}

static void on_check(uv_check_t *check)
{
    end_turn(check->data);
}

static void on_prepare(uv_prepare_t *prepare)
{
    end_turn(prepare->data);
}

static void on_sweep(uv_timer_t *timer)
{
    struct ps_server *server = timer->data;
    uint64_t now = ps_clock_ns();
    struct ps_connection *connection;
    struct ps_connection *next;

    for (connection = server->connections; connection != NULL; connection = next) {
        next = connection->next;
        ps_connection_sweep(connection, now);
    }
}

/* ---- made, settled, stopped ---- */

enum ps_code ps_server_new(uv_loop_t *loop, struct ps_front *front, const struct ps_config *config,
                           int listen_fd, struct ps_server **out, struct ps_error *err)
{
    struct ps_server *server = calloc(1, sizeof *server);

    *out = NULL;
    if (server == NULL || uv_poll_init(loop, &server->listen_poll, listen_fd) != 0) {
        free(server);
        return ps_fail(err, PS_INTERNAL_ERROR, "the socket cannot be watched");
    }
    server->magic = PS_SERVER_MAGIC;
    server->loop = loop;
    server->front = front;
    server->config = config;
    server->listen_fd = listen_fd;
    (void)uv_timer_init(loop, &server->deadline_timer);
    (void)uv_timer_init(loop, &server->sweep_timer);
    (void)uv_timer_init(loop, &server->accept_timer);
    (void)uv_timer_init(loop, &server->stop_timer);
    (void)uv_prepare_init(loop, &server->prepare);
    (void)uv_check_init(loop, &server->check);
    server->open_handles = 7;
    server->listen_poll.data = server->deadline_timer.data = server->sweep_timer.data =
        server->accept_timer.data = server->stop_timer.data = server->prepare.data =
            server->check.data = server;
    (void)uv_prepare_start(&server->prepare, on_prepare);
    (void)uv_check_start(&server->check, on_check);
    (void)uv_timer_start(&server->sweep_timer, on_sweep, SWEEP_MS, SWEEP_MS);
    watch_socket(server);
    *out = server;
    return PS_OK;
}

void ps_server_token_settled(struct ps_server *server)
{
    server->settled = true;
    ps_calls_release_held(server);
}

static bool is_drained(const struct ps_server *server)
{
    const struct ps_connection *connection;

    if (server->in_flight > 0)
        return false;
    for (connection = server->connections; connection != NULL; connection = connection->next) {
        if (connection->out_sent < connection->out_length)
            return false;
    }
    return true;
}

void ps_server_check_drained(struct ps_server *server)
{
    ps_server_drained_cb *cb = server->on_drained;

    if (!server->stopping || cb == NULL || !is_drained(server))
        return;
    server->on_drained = NULL;
    cb(server->drained_arg);
}

static void on_stop_deadline(uv_timer_t *timer)
{
    struct ps_server *server = timer->data;
    struct ps_error err;

    (void)ps_fail(&err, PS_SHUTTING_DOWN, "the daemon is stopping; ask again when it is back");
    ps_calls_refuse_all(server, &err);
    send_answers(server);
    if (server->on_drained != NULL) { /* a client does not read; it had its time */
        ps_server_drained_cb *cb = server->on_drained;

        server->on_drained = NULL;
        cb(server->drained_arg);
    }
}

void ps_server_stop(struct ps_server *server, ps_server_drained_cb *on_drained, void *arg)
{
    server->stopping = true;
    server->on_drained = on_drained;
    server->drained_arg = arg;
    server->resume = true; /* looked at once more at the end of this turn */
    watch_socket(server);
    (void)uv_timer_start(&server->stop_timer, on_stop_deadline,
                         server->config->limits.shutdown_deadline_ms, 0);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct ps_server *server = handle->data;

    if (--server->open_handles > 0)
        return;
    server->magic = 0;
    free(server);
}

void ps_server_free(struct ps_server *server)
{
    if (server == NULL)
        return;
    assert(server->magic == PS_SERVER_MAGIC);
    send_answers(server);
    while (server->connections != NULL)
        ps_connection_close(server->connections);
    send_answers(server);
    uv_close((uv_handle_t *)&server->listen_poll, on_handle_closed);
    uv_close((uv_handle_t *)&server->deadline_timer, on_handle_closed);
    uv_close((uv_handle_t *)&server->sweep_timer, on_handle_closed);
    uv_close((uv_handle_t *)&server->accept_timer, on_handle_closed);
    uv_close((uv_handle_t *)&server->stop_timer, on_handle_closed);
    uv_close((uv_handle_t *)&server->prepare, on_handle_closed);
    uv_close((uv_handle_t *)&server->check, on_handle_closed);
}
