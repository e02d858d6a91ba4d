/* The life of a call: begun, held until the token is known, answered once, or refused in time. */
#include <daemon/front/server_state.h>

#include <assert.h>
#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <daemon/methods/methods.h>
#include <proto/rpc/request.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Answered from what the front knows by itself, also before the token process said its first word.
 */
static const char *const tokenless[] = {"rpc.discover", "system.status"};

static bool needs_token(const struct ps_method *method)
{
    size_t i;

    for (i = 0; i < sizeof tokenless / sizeof tokenless[0]; i++) {
        if (strcmp(method->name, tokenless[i]) == 0)
            return false;
    }
    return true;
}

/* ---- batches ---- */

struct ps_batch *ps_batch_new(struct ps_connection *connection)
{
    struct ps_batch *batch = malloc(sizeof *batch);

    if (batch == NULL)
        return NULL;
    batch->connection = connection;
    batch->open = 1;
    batch->answers = json_array();
    if (batch->answers == NULL) {
        free(batch);
        return NULL;
    }
    connection->batches++;
    return batch;
}

void ps_batch_add(struct ps_batch *batch, json_t *answer)
{
    if (answer != NULL)
        (void)json_array_append_new(batch->answers, answer);
}

void ps_batch_release(struct ps_batch *batch)
{
    struct ps_connection *connection = batch->connection;

    if (--batch->open > 0)
        return;
    if (connection != NULL) {
        connection->batches--;
        if (json_array_size(batch->answers) > 0)
            ps_connection_send(connection, json_incref(batch->answers));
        else
            ps_connection_close_if_done(connection); /* notifications only */
    }
    json_decref(batch->answers);
    free(batch);
}

/* ---- lists ---- */

static void link_call(struct ps_call_state *state)
{
    struct ps_server *server = state->server;
    struct ps_connection *connection = state->connection;

    state->next = connection->calls;
    if (state->next != NULL)
        state->next->prev = state;
    connection->calls = state;
    connection->in_flight++;

    /* All calls have the same time, so the order of arrival is that of the deadlines. */
    state->earlier = server->latest;
    *(server->latest == NULL ? &server->earliest : &server->latest->later) = state;
    server->latest = state;
    server->in_flight++;
    server->requests++;
}

static void unlink_from_connection(struct ps_call_state *state)
{
    struct ps_connection *connection = state->connection;

    if (connection == NULL)
        return;
    if (state->prev != NULL)
        state->prev->next = state->next;
    else
        connection->calls = state->next;
    if (state->next != NULL)
        state->next->prev = state->prev;
    state->prev = state->next = NULL;
    connection->in_flight--;
    state->connection = NULL;
}

static void unlink_from_server(struct ps_call_state *state)
{
    struct ps_server *server = state->server;

    *(state->earlier == NULL ? &server->earliest : &state->earlier->later) = state->later;
    *(state->later == NULL ? &server->latest : &state->later->earlier) = state->earlier;
    state->earlier = state->later = NULL;
    server->in_flight--;
    assert(server->earliest != state);
}

void ps_calls_detach(struct ps_connection *connection)
{
    while (connection->calls != NULL) {
        struct ps_call_state *state = connection->calls;

        if (state->batch != NULL)
            state->batch->connection = NULL;
        state->peer.pidfd = -1; /* closed with the connection */
        unlink_from_connection(state);
    }
}

/* ---- begin ---- */

static void arm_deadline(struct ps_server *server)
{
    uint64_t now = ps_clock_ns();
    uint64_t wait_ms = 0;

    if (server->earliest == NULL) {
        (void)uv_timer_stop(&server->deadline_timer);
        return;
    }
    if (server->earliest->call.deadline_ns > now)
        wait_ms = (server->earliest->call.deadline_ns - now) / PS_NS_PER_MS + 1;
    uv_update_time(server->loop);
    (void)uv_timer_start(&server->deadline_timer, ps_calls_on_deadline, wait_ms, 0);
}

void ps_call_begin(struct ps_connection *connection, struct ps_batch *batch, json_t *line,
                   json_t *id, const struct ps_method *method, json_t *params, int fd)
{
    struct ps_server *server = connection->server;
    struct ps_call_state *state = calloc(1, sizeof *state);
    json_t *empty = params == NULL ? json_object() : NULL;
    struct ps_error err;

    if (state == NULL || (params == NULL && empty == NULL)) {
        free(state);
        if (fd >= 0)
            (void)close(fd);
        (void)ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        if (id != NULL && batch != NULL)
            ps_batch_add(batch, ps_rpc_refusal(id, &err, NULL));
        else if (id != NULL)
            ps_connection_refuse(connection, id, &err);
        return;
    }
    state->magic = PS_CALL_MAGIC;
    state->server = server;
    state->connection = connection;
    state->peer = connection->peer;
    state->line = json_incref(line);
    state->id = id;
    state->batch = batch;
    if (batch != NULL)
        batch->open++;
    state->call.front = server->front;
    state->call.method = method;
    state->call.peer = &state->peer;
    state->params = params != NULL ? json_incref(params) : empty;
    state->call.params = state->params;
    state->call.fd = fd;
    state->call.started_ns = ps_clock_ns();
    state->call.deadline_ns =
        state->call.started_ns + server->config->limits.request_deadline_ms * PS_NS_PER_MS;
    link_call(state);
    if (server->earliest == state)
        arm_deadline(server);
    if (!server->settled && needs_token(method))
        state->held = true;
    else
        ps_methods_dispatch(&state->call);
}

/* ---- answer ---- */

static void free_call(struct ps_call_state *state)
{
    if (state->call.fd >= 0)
        (void)close(state->call.fd);
    json_decref(state->params);
    json_decref(state->line);
    state->magic = 0;
    free(state);
}

/* Sends the answer where it belongs and takes the call off the lists; the call itself stays. */
static void deliver(struct ps_call_state *state, json_t *answer)
{
    struct ps_server *server = state->server;
    struct ps_connection *connection = state->connection;
    struct ps_batch *batch = state->batch;

    state->answered = true;
    unlink_from_connection(state);
    unlink_from_server(state);
    state->batch = NULL;
    if (batch != NULL) {
        ps_batch_add(batch, answer);
        ps_batch_release(batch);
    } else if (connection != NULL && state->id != NULL) {
        ps_connection_send(connection, answer);
    } else {
        json_decref(answer);
        if (connection != NULL)
            ps_connection_close_if_done(connection);
    }
    ps_server_mark_resume(server);
    ps_server_check_drained(server);
}

static struct ps_call_state *state_of(struct ps_call *call)
{
    struct ps_call_state *state = (struct ps_call_state *)(void *)call;

    assert(state->magic == PS_CALL_MAGIC && !state->held);
    return state;
}

void ps_call_refuse(struct ps_call *call, const struct ps_error *error, const json_t *extra)
{
    struct ps_call_state *state = state_of(call);

    assert(error->code != PS_OK);
    if (error->code == PS_INTERNAL_ERROR)
        ps_log(PS_LOG_ERROR, "%s: %s", call->method->name, error->message);
    if (!state->answered)
        deliver(state, state->id == NULL ? NULL : ps_rpc_refusal(state->id, error, extra));
    free_call(state);
}

void ps_call_answer(struct ps_call *call, json_t *result)
{
    struct ps_call_state *state = state_of(call);
    struct ps_error err;

    if (result == NULL) {
        (void)ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        ps_call_refuse(call, &err, NULL);
        return;
    }
    if (state->answered || state->id == NULL)
        json_decref(result);
    if (!state->answered)
        deliver(state, state->id == NULL ? NULL : ps_rpc_answer(state->id, result));
    free_call(state);
}

int ps_call_take_fd(struct ps_call *call)
{
    int fd = call->fd;

    call->fd = -1;
    return fd;
}

/* ---- without the method's doing ---- */

/* The method still has the call, unless it was held, and will answer it into the void. */
static void refuse(struct ps_call_state *state, const struct ps_error *error)
{
    bool held = state->held;

    deliver(state, state->id == NULL ? NULL : ps_rpc_refusal(state->id, error, NULL));
    if (held)
        free_call(state);
}

void ps_calls_on_deadline(uv_timer_t *timer)
{
    struct ps_server *server = timer->data;
    uint64_t now = ps_clock_ns();
    struct ps_call_state *state;
    struct ps_error err;

    while ((state = server->earliest) != NULL && state->call.deadline_ns <= now) {
        if (state->held)
            (void)ps_fail(&err, PS_TOKEN_UNAVAILABLE,
                          "the token process is not ready yet; ask again");
        else
            (void)ps_fail(&err, PS_DEADLINE_EXCEEDED,
                          "no answer within %u ms; the request may still be carried out",
                          server->config->limits.request_deadline_ms);
        refuse(state, &err);
        assert(server->earliest != state);
    }
    arm_deadline(server);
}

void ps_calls_release_held(struct ps_server *server)
{
    struct ps_call_state *state = server->earliest;

    /* A method may answer from inside, so the next one is looked for from the start. */
    while (state != NULL) {
        if (!state->held) {
            state = state->later;
            continue;
        }
        state->held = false;
        ps_methods_dispatch(&state->call);
        state = server->earliest;
    }
}

void ps_calls_refuse_all(struct ps_server *server, const struct ps_error *error)
{
    struct ps_call_state *state;

    while ((state = server->earliest) != NULL) {
        refuse(state, error);
        assert(server->earliest != state);
    }
}
