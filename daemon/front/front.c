#include <daemon/front/front.h>

#include <assert.h>
#include <daemon/audit/audit.h>
#include <daemon/front/call.h>
#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <daemon/front/notify.h>
#include <daemon/front/server.h>
#include <daemon/front/token_link.h>
#include <daemon/front/upstream_client.h>
#include <daemon/methods/accounts.h>
#include <daemon/methods/keyring.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRONT_MAGIC 0x66726f6eu
/* Helpers that saw their pair close get this long to log out before they are killed. */
#define HELPERS_END_MS 500
#define HELPERS_POLL_MS 5

/* Serving, then each step of stopping in its order. */
enum front_state {
    FRONT_SERVING,
    FRONT_DRAINING, /* calls in flight are answered */
    FRONT_ENDING,   /* helpers log out and end */
    FRONT_ENDED
};

struct ps_front {
    unsigned magic;
    const struct ps_config *config; /* borrowed */
    int notify_fd;                  /* borrowed */
    uv_loop_t loop;
    bool has_loop;
    uv_signal_t on_term, on_int, on_hup;
    uv_timer_t watchdog, ending;
    struct ps_keeper_client *keeper;
    struct ps_audit *audit;
    struct ps_keyring *keyring;
    struct ps_accounts *accounts;
    struct ps_token_client *token;
    struct ps_upstream_client *upstream;
    struct ps_server *server;
    enum front_state state;
    bool keeper_lost;
    uint64_t started_ns, ending_ns;
};

/* ---- what methods reach ---- */

const struct ps_config *ps_front_config(const struct ps_front *front)
{
    return front->config;
}

struct ps_token_client *ps_front_token(struct ps_front *front)
{
    return front->token;
}

struct ps_audit *ps_front_audit(struct ps_front *front)
{
    return front->audit;
}

struct ps_keyring *ps_front_keyring(struct ps_front *front)
{
    return front->keyring;
}

struct ps_accounts *ps_front_accounts(struct ps_front *front)
{
    return front->accounts;
}

void ps_front_figures(const struct ps_front *front, struct ps_front_figures *out)
{
    out->uptime_s = (ps_clock_ns() - front->started_ns) / (1000 * PS_NS_PER_MS);
    out->clients = ps_server_clients(front->server);
    out->requests_in_flight = ps_server_in_flight(front->server);
    out->requests_total = ps_server_requests(front->server);
    out->token_restarts = ps_token_client_restarts(front->token);
    out->upstream_restarts = ps_upstream_client_restarts(front->upstream);
    out->upstream_healthy = ps_upstream_client_healthy(front->upstream);
}

/* ---- stopping ---- */

static void end(struct ps_front *front)
{
    front->state = FRONT_ENDED;
    uv_stop(&front->loop);
}

static void on_ending(uv_timer_t *timer)
{
    struct ps_front *front = timer->data;
    bool gone =
        ps_token_client_stopped(front->token) && ps_upstream_client_stopped(front->upstream);

    if (gone || ps_clock_ns() - front->ending_ns > HELPERS_END_MS * PS_NS_PER_MS)
        end(front);
}

static void on_drained(void *arg)
{
    struct ps_front *front = arg;

    front->state = FRONT_ENDING;
    front->ending_ns = ps_clock_ns();
    ps_token_client_stop(front->token);
    ps_upstream_client_stop(front->upstream);
    (void)uv_timer_start(&front->ending, on_ending, 0, HELPERS_POLL_MS);
}

static void stop(struct ps_front *front)
{
    if (front->state != FRONT_SERVING)
        return;
    front->state = FRONT_DRAINING;
    ps_notify(front->notify_fd, "STOPPING=1");
    ps_log(PS_LOG_NOTICE, "stopping; %u requests in flight", ps_server_in_flight(front->server));
    ps_server_stop(front->server, on_drained, front);
}

static void on_signal(uv_signal_t *handle, int signal_number)
{
    struct ps_front *front = handle->data;

    if (signal_number == SIGHUP)
        ps_log(PS_LOG_NOTICE, "SIGHUP is ignored; restart to read the configuration again");
    else
        stop(front);
}

static void on_keeper_gone(void *arg)
{
    struct ps_front *front = arg;

    if (front->state >= FRONT_ENDING)
        return;
    front->keeper_lost = true;
    ps_log(PS_LOG_ERROR, "the keeper is gone, and with it the helpers; the daemon ends");
    end(front);
}

/* ---- made, run ---- */

static void on_settled(void *arg)
{
    struct ps_front *front = arg;

    ps_server_token_settled(front->server);
}

static void on_watchdog(uv_timer_t *timer)
{
    const struct ps_front *front = timer->data;

    ps_notify(front->notify_fd, "WATCHDOG=1");
}

static enum ps_code make_handles(struct ps_front *front, struct ps_error *err)
{
    if (uv_loop_init(&front->loop) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the event loop cannot be made");
    front->has_loop = true;
    if (uv_signal_init(&front->loop, &front->on_term) != 0 ||
        uv_signal_init(&front->loop, &front->on_int) != 0 ||
        uv_signal_init(&front->loop, &front->on_hup) != 0 ||
        uv_timer_init(&front->loop, &front->watchdog) != 0 ||
        uv_timer_init(&front->loop, &front->ending) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the event loop's signals cannot be watched");
    front->on_term.data = front->on_int.data = front->on_hup.data = front->watchdog.data =
        front->ending.data = front;
    if (uv_signal_start(&front->on_term, on_signal, SIGTERM) != 0 ||
        uv_signal_start(&front->on_int, on_signal, SIGINT) != 0 ||
        uv_signal_start(&front->on_hup, on_signal, SIGHUP) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "signals cannot be watched");
    return PS_OK;
}

static enum ps_code make_parts(struct ps_front *front, const struct ps_front_options *options,
                               struct ps_error *err)
{
    const struct ps_config *config = options->config;
    uv_loop_t *loop = &front->loop;
    enum ps_code rc;

    if ((rc = ps_keeper_client_open(loop, options->keeper_fd, on_keeper_gone, front, &front->keeper,
                                    err)) != PS_OK)
        return rc;
    if ((front->keyring = ps_keyring_new()) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    if ((rc = ps_accounts_new(config, front->keyring, &front->accounts, err)) != PS_OK ||
        (rc = ps_token_client_new(loop, config, front->keeper, on_settled, front, &front->token,
                                  err)) != PS_OK ||
        (rc = ps_upstream_client_new(loop, front->keeper, &front->upstream, err)) != PS_OK ||
        (rc = ps_audit_open(loop, config->audit.dir, &front->audit, err)) != PS_OK ||
        (rc = ps_server_new(loop, front, config, options->listen_fd, &front->server, err)) != PS_OK)
        return rc;
    ps_token_client_on_keys(front->token, &ps_keyring_events, front->keyring);
    return PS_OK;
}

enum ps_code ps_front_new(const struct ps_front_options *options, struct ps_front **out,
                          struct ps_error *err)
{
    struct ps_front *front = calloc(1, sizeof *front);
    enum ps_code rc;

    *out = NULL;
    if (front == NULL) {
        (void)close(options->keeper_fd);
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    front->magic = FRONT_MAGIC;
    front->config = options->config;
    front->notify_fd = options->notify_fd;
    front->started_ns = ps_clock_ns();
    if ((rc = make_handles(front, err)) != PS_OK) {
        (void)close(options->keeper_fd);
        goto out;
    }
    if ((rc = make_parts(front, options, err)) != PS_OK)
        goto out;
    *out = front;
    front = NULL;
out:
    ps_front_free(front);
    return rc;
}

enum ps_code ps_front_run(struct ps_front *front, struct ps_error *err)
{
    uint64_t watchdog_ms = ps_notify_watchdog_ms();

    assert(front->magic == FRONT_MAGIC);
    ps_token_client_start(front->token);
    ps_upstream_client_start(front->upstream);
    if (watchdog_ms > 0)
        (void)uv_timer_start(&front->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
    ps_log(PS_LOG_NOTICE, "serving %s", front->config->socket.path);
    ps_notify(front->notify_fd, "READY=1");
    (void)uv_run(&front->loop, UV_RUN_DEFAULT);
    if (front->keeper_lost)
        return ps_fail(err, PS_INTERNAL_ERROR, "the keeper was lost");
    ps_log(PS_LOG_NOTICE, "stopped");
    return PS_OK;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void ps_front_free(struct ps_front *front)
{
    if (front == NULL)
        return;
    assert(front->magic == FRONT_MAGIC);
    if (front->token != NULL)
        ps_token_client_stop(front->token); /* answers calls that methods still hold */
    if (front->upstream != NULL)
        ps_upstream_client_stop(front->upstream);
    ps_audit_close(front->audit); /* the same, for those that wait for the disk */
    ps_server_free(front->server);
    ps_token_client_free(front->token);
    ps_upstream_client_free(front->upstream);
    ps_keeper_client_close(front->keeper);
    if (front->has_loop) {
        uv_walk(&front->loop, close_handle, NULL);
        (void)uv_run(&front->loop, UV_RUN_DEFAULT);
        (void)uv_loop_close(&front->loop);
    }
    ps_accounts_free(front->accounts);
    ps_keyring_free(front->keyring);
    front->magic = 0;
    free(front);
}
