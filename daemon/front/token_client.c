/*
 * Requests wait here, not in the token process: only a small window is in flight, so that a process
 * that dies takes little with it and a deadline counted from the sending means the token's own
 * time.
 */
#include <daemon/front/token_client.h>

#include <assert.h>
#include <daemon/front/clock.h>
#include <daemon/front/token_state.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In flight per signing thread: one that signs and one that waits in the process. */
#define WINDOW_PER_THREAD 2
/* Deadlines are looked at this often while something is open. */
#define TICK_MS 20

bool ps_token_client_is_started(const struct ps_token_client *client)
{
    return client->stream != NULL && client->started;
}

/* ---- refusing from inside a call: the callback comes from the loop ---- */

static void on_soon(uv_timer_t *timer)
{
    struct ps_token_client *client = timer->data;
    struct ps_token_queue batch = client->refused;
    const struct ps_error refusal = client->refusal;
    struct ps_token_request *request;

    client->refused = (struct ps_token_queue){0};
    while ((request = ps_token_queue_pop(&batch)) != NULL) {
        ps_token_request_fail(request, &refusal);
        ps_token_request_free(request);
    }
}

static void refuse_soon(struct ps_token_client *client, struct ps_token_request *request,
                        enum ps_code code, const char *message)
{
    (void)ps_fail(&client->refusal, code, "%s", message);
    ps_token_queue_push(&client->refused, request);
    (void)uv_timer_start(&client->soon, on_soon, 0, 0);
}

/* ---- sending ---- */

bool ps_token_client_send(struct ps_token_client *client, struct ps_token_request *request)
{
    int fd = request->fd;

    request->fd = -1;
    request->attempts++;
    request->sent_ns = ps_clock_ns();
    return ps_frame_stream_send(client->stream, (uint16_t)request->op, request->id,
                                request->payload, request->length, fd) == PS_OK;
}

/* A SIGN that the token cannot serve now is refused with the token's own reason. */
static void refuse_signing(struct ps_token_client *client)
{
    bool locked = client->status.state == PS_STATE_LOCKED;
    const char *detail = client->status.detail;
    struct ps_token_queue kept = {0};
    struct ps_token_request *request;

    while ((request = ps_token_queue_pop(&client->many)) != NULL) {
        if (request->op != PS_TOKEN_SIGN)
            ps_token_queue_push(&kept, request);
        else if (locked)
            refuse_soon(client, request, PS_TOKEN_LOCKED,
                        detail[0] != '\0' ? detail : "the token is locked; run parasign unlock");
        else
            refuse_soon(client, request, PS_TOKEN_UNAVAILABLE,
                        detail[0] != '\0' ? detail : "no token is there; connect it");
    }
    client->many = kept;
}

void ps_token_client_pump(struct ps_token_client *client)
{
    size_t window = (size_t)WINDOW_PER_THREAD * client->config->token.threads;
    struct ps_token_request *request;

    if (!ps_token_client_is_started(client))
        return;
    if (client->status.state != PS_STATE_READY)
        refuse_signing(client);
    while (client->in_flight.count < window && client->many.count > 0) {
        request = ps_token_queue_pop(&client->many);
        ps_token_queue_push(&client->in_flight, request);
        if (!ps_token_client_send(client, request))
            return; /* it does not read; its deadline ends it */
    }
    if (client->one_flight.count == 0 && client->single.count > 0) {
        request = ps_token_queue_pop(&client->single);
        ps_token_queue_push(&client->one_flight, request);
        (void)ps_token_client_send(client, request);
    }
}

static void on_tick(uv_timer_t *timer);

void ps_token_client_enqueue(struct ps_token_client *client, struct ps_token_request *request)
{
    struct ps_token_queue *queue =
        ps_token_op_is_many(request->op) ? &client->many : &client->single;

    request->id = ++client->last_id;
    if (client->stopping) {
        refuse_soon(client, request, PS_SHUTTING_DOWN, "the daemon is stopping; ask again");
        return;
    }
    if (queue->count >= client->config->limits.requests) {
        refuse_soon(client, request, PS_OVERLOADED,
                    "too many requests wait for the token; ask again");
        return;
    }
    ps_token_queue_push(queue, request);
    if (!uv_is_active((uv_handle_t *)&client->tick))
        (void)uv_timer_start(&client->tick, on_tick, TICK_MS, TICK_MS);
    ps_token_client_pump(client);
}

/* ---- deadlines ---- */

/* The first of the queue whose time is over and who was not told. */
static struct ps_token_request *find_expired(const struct ps_token_queue *queue, uint64_t now)
{
    struct ps_token_request *request = queue->first;

    while (request != NULL && (request->deadline_ns > now || request->called_back))
        request = request->next;
    return request;
}

/* Tells those of the queue whose time is over. Those in flight stay, silent, until answered. */
static void expire(struct ps_token_client *client, struct ps_token_queue *queue, bool in_flight,
                   uint64_t now)
{
    struct ps_token_request *request;
    struct ps_error err;

    if (ps_token_client_is_started(client))
        (void)ps_fail(&err, PS_DEADLINE_EXCEEDED,
                      "the token did not answer before the deadline; ask again");
    else
        (void)ps_fail(&err, PS_TOKEN_UNAVAILABLE,
                      "the token process did not come back before the deadline; ask again");
    /* From the start each time: a callback may queue and send. */
    while ((request = find_expired(queue, now)) != NULL) {
        if (!in_flight)
            (void)ps_token_queue_take(queue, request->id);
        ps_token_request_fail(request, &err);
        if (!in_flight)
            ps_token_request_free(request);
    }
}

static bool has_overdue(const struct ps_token_queue *queue, uint32_t allowed_ms, uint64_t now)
{
    const struct ps_token_request *request;

    for (request = queue->first; request != NULL; request = request->next) {
        if (now - request->sent_ns > allowed_ms * PS_NS_PER_MS)
            return true;
    }
    return false;
}

static void on_tick(uv_timer_t *timer)
{
    struct ps_token_client *client = timer->data;
    uint64_t now = ps_clock_ns();

    expire(client, &client->many, false, now);
    expire(client, &client->single, false, now);
    expire(client, &client->in_flight, true, now);
    expire(client, &client->one_flight, true, now);
    if (client->stream != NULL &&
        (has_overdue(&client->in_flight, client->config->token.call_deadline_ms, now) ||
         has_overdue(&client->one_flight, client->config->token.start_deadline_ms, now)))
        ps_helper_fail(client->helper, "an operation took longer than its deadline");
    if (client->many.count + client->single.count + client->in_flight.count +
            client->one_flight.count ==
        0)
        (void)uv_timer_stop(&client->tick);
}

/* ---- what the methods ask; the rest is in token_admin.c ---- */

struct ps_token_request *ps_token_client_request(struct ps_token_client *client,
                                                 enum ps_token_op op, uint64_t deadline_ns,
                                                 void *arg)
{
    struct ps_token_request *request = ps_token_request_new(op, deadline_ns, arg);

    assert(client->magic == PS_TOKEN_CLIENT_MAGIC);
    /* Without these few bytes there is no way to call back later either. */
    if (request == NULL)
        abort();
    return request;
}

void ps_token_client_sign(struct ps_token_client *client, const struct ps_token_sign *sign,
                          uint64_t deadline_ns, ps_token_sign_cb *cb, void *arg)
{
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_SIGN, deadline_ns, arg);
    struct ps_wbuf w;

    request->cb.sign = cb;
    ps_wbuf_init(&w, request->payload, sizeof request->payload);
    ps_put_token_sign(&w, sign);
    assert(!w.bad);
    request->length = w.length;
    ps_token_client_enqueue(client, request);
}

void ps_token_client_ping(struct ps_token_client *client, uint64_t deadline_ns,
                          ps_token_done_cb *cb, void *arg)
{
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_PING, deadline_ns, arg);

    request->cb.done = cb;
    ps_token_client_enqueue(client, request);
}

void ps_token_client_probe(struct ps_token_client *client, uint64_t deadline_ns,
                           ps_token_probe_cb *cb, void *arg)
{
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_PROBE, deadline_ns, arg);

    request->cb.probe = cb;
    ps_token_client_enqueue(client, request);
}

const struct ps_token_status *ps_token_client_status(const struct ps_token_client *client)
{
    assert(client->magic == PS_TOKEN_CLIENT_MAGIC);
    return &client->status;
}

void ps_token_client_on_keys(struct ps_token_client *client,
                             const struct ps_token_client_events *events, void *arg)
{
    client->events = events;
    client->events_arg = arg;
}

/* ---- made, started, ended ---- */

enum ps_code ps_token_client_new(uv_loop_t *loop, const struct ps_config *config,
                                 struct ps_keeper_client *keeper, ps_token_settled_cb *on_settled,
                                 void *arg, struct ps_token_client **out, struct ps_error *err)
{
    struct ps_token_client *client = calloc(1, sizeof *client);
    enum ps_code rc;

    *out = NULL;
    if (client == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    client->magic = PS_TOKEN_CLIENT_MAGIC;
    client->config = config;
    client->on_settled = on_settled;
    client->settled_arg = arg;
    client->login = PS_LOGIN_CONFIGURED;
    client->status.state = PS_STATE_ABSENT;
    (void)snprintf(client->status.detail, sizeof client->status.detail,
                   "the token process is starting; ask again");
    rc = ps_helper_new(loop, keeper, PS_KEEPER_TOKEN, "parasign-token",
                       config->token.start_deadline_ms, &ps_token_client_hooks, client,
                       &client->helper, err);
    if (rc != PS_OK) {
        free(client);
        return rc;
    }
    (void)uv_timer_init(loop, &client->tick);
    (void)uv_timer_init(loop, &client->health);
    (void)uv_timer_init(loop, &client->soon);
    client->tick.data = client->health.data = client->soon.data = client;
    client->open_handles = 3;
    *out = client;
    return PS_OK;
}

void ps_token_client_start(struct ps_token_client *client)
{
    ps_helper_start(client->helper);
}

bool ps_token_client_settled(const struct ps_token_client *client)
{
    return client->settled;
}

uint64_t ps_token_client_restarts(const struct ps_token_client *client)
{
    return ps_helper_restarts(client->helper);
}

static void fail_all(struct ps_token_queue *queue, const struct ps_error *err)
{
    struct ps_token_request *request;

    while ((request = ps_token_queue_pop(queue)) != NULL) {
        ps_token_request_fail(request, err);
        ps_token_request_free(request);
    }
}

void ps_token_client_stop(struct ps_token_client *client)
{
    struct ps_error err;

    client->stopping = true;
    (void)ps_fail(&err, PS_SHUTTING_DOWN, "the daemon is stopping; ask again");
    ps_helper_stop(client->helper);
    fail_all(&client->many, &err);
    fail_all(&client->single, &err);
    fail_all(&client->refused, &client->refusal);
    (void)uv_timer_stop(&client->tick);
}

bool ps_token_client_stopped(const struct ps_token_client *client)
{
    return ps_helper_state(client->helper) == PS_HELPER_STOPPED;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct ps_token_client *client = handle->data;

    if (--client->open_handles > 0)
        return;
    client->magic = 0;
    free(client);
}

void ps_token_client_free(struct ps_token_client *client)
{
    if (client == NULL)
        return;
    assert(client->stopping);
    fail_all(&client->refused, &client->refusal);
    ps_helper_free(client->helper);
    uv_close((uv_handle_t *)&client->tick, on_handle_closed);
    uv_close((uv_handle_t *)&client->health, on_handle_closed);
    uv_close((uv_handle_t *)&client->soon, on_handle_closed);
}
