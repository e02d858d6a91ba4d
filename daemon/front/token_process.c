/* One token process after the other: hello, status, keys, health, and what becomes of requests when
 * it dies. */
#include <daemon/front/token_state.h>

#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <stdio.h>
#include <string.h>

/* A request that saw this many processes die is probably why. */
#define ATTEMPTS_MAX 3
#define HEALTH_MS 3000
/* An absent token is looked for again by a fresh process after this. */
#define ABSENT_RETRY_MS 1000
/* Starts that came to nothing after which requests are answered instead of held. */
#define STARTS_TO_SETTLE 2

static void settle(struct ps_token_client *client)
{
    if (client->settled)
        return;
    client->settled = true;
    client->on_settled(client->settled_arg);
}

/* ---- what the process tells by itself of: status and keys ---- */

void ps_token_client_take_status(struct ps_token_client *client,
                                 const struct ps_token_status *status)
{
    if (status->state != client->status.state || strcmp(status->detail, client->status.detail) != 0)
        ps_log(status->state == PS_STATE_READY ? PS_LOG_NOTICE : PS_LOG_WARNING,
               "the token is %s%s%s", ps_token_state_name(status->state),
               status->detail[0] != '\0' ? ": " : "", status->detail);
    client->status = *status;
}

static void end_keys(struct ps_token_client *client)
{
    settle(client);
    ps_token_client_answer_logins(client);
}

static void on_page(void *arg, enum ps_code code, const struct ps_error *err,
                    const struct ps_token_key_page *page)
{
    struct ps_token_client *client = arg;
    uint32_t i;

    if (code != PS_OK) {
        if (code != PS_TOKEN_LOCKED && !client->stopping)
            ps_log(PS_LOG_WARNING, "the keys cannot be listed: %s", err->message);
        end_keys(client);
        return;
    }
    if (client->events != NULL) {
        if (page->first == 0)
            client->events->keys_begin(client->events_arg);
        for (i = 0; i < page->count; i++)
            client->events->key_seen(client->events_arg, &page->keys[i]);
    }
    if (page->count > 0 && page->first + page->count < page->total) {
        ps_token_client_ask_for_keys(client, page->first + page->count);
        return;
    }
    if (client->events != NULL)
        client->events->keys_end(client->events_arg);
    end_keys(client);
}

static uint64_t deadline_after_ms(uint64_t ms)
{
    return ps_clock_ns() + ms * PS_NS_PER_MS;
}

void ps_token_client_ask_for_keys(struct ps_token_client *client, uint32_t first)
{
    struct ps_token_request *request = ps_token_request_new(
        PS_TOKEN_KEYS, deadline_after_ms(client->config->token.start_deadline_ms), client);
    struct ps_wbuf w;

    if (request == NULL) {
        end_keys(client);
        return;
    }
    request->cb.page = on_page;
    ps_wbuf_init(&w, request->payload, sizeof request->payload);
    ps_put_u32(&w, first);
    request->length = w.length;
    ps_token_client_enqueue(client, request);
}

static void on_status(void *arg, enum ps_code code, const struct ps_error *err,
                      const struct ps_token_status *status)
{
    struct ps_token_client *client = arg;
    enum ps_token_state before = client->status.state;

    (void)err;
    if (code != PS_OK)
        return;
    ps_token_client_take_status(client, status);
    ps_helper_answered(client->helper);
    if (before != PS_STATE_READY && status->state == PS_STATE_READY)
        ps_token_client_ask_for_keys(client, 0);
}

void ps_token_client_ask_for_status(struct ps_token_client *client)
{
    struct ps_token_request *request = ps_token_request_new(
        PS_TOKEN_STATUS, deadline_after_ms(client->config->token.start_deadline_ms), client);

    if (request == NULL)
        return;
    request->cb.status = on_status;
    ps_token_client_enqueue(client, request);
}

static void on_health(uv_timer_t *timer)
{
    struct ps_token_client *client = timer->data;

    if (!ps_token_client_is_started(client))
        return;
    if (client->status.state == PS_STATE_ABSENT)
        ps_helper_fail(client->helper, NULL);
    else if (client->single.count + client->one_flight.count == 0)
        ps_token_client_ask_for_status(client);
}

/* ---- the life of a process ---- */

static void on_start_answer(void *arg, enum ps_code code, const struct ps_error *err,
                            const struct ps_token_status *status)
{
    struct ps_token_client *client = arg;

    if (code != PS_OK) {
        if (client->stream != NULL)
            ps_helper_fail(client->helper, err->message);
        return;
    }
    client->started = true;
    client->starts_in_vain = 0;
    ps_token_client_take_status(client, status);
    ps_helper_ready(client->helper);
    if (status->state == PS_STATE_ABSENT) {
        (void)uv_timer_start(&client->health, on_health, ABSENT_RETRY_MS, HEALTH_MS);
        settle(client);
        return;
    }
    (void)uv_timer_start(&client->health, on_health, HEALTH_MS, HEALTH_MS);
    ps_token_client_ask_for_keys(client, 0);
}

/* late: nobody took the answer in, because its deadline had passed. */
static void after_answer(struct ps_token_client *client, enum ps_token_op op, enum ps_code code,
                         bool late)
{
    bool changes_keys = op == PS_TOKEN_GENERATE || op == PS_TOKEN_IMPORT || op == PS_TOKEN_DESTROY;

    if (code == PS_OK && (ps_token_op_is_many(op) || op == PS_TOKEN_KEYS))
        ps_helper_answered(client->helper);
    if (code == PS_OK && late && (changes_keys || op == PS_TOKEN_LOGIN))
        ps_token_client_ask_for_keys(client, 0);
    if (code == PS_OK && (changes_keys || late))
        ps_token_client_ask_for_status(client);
    if (op == PS_TOKEN_SIGN && (code == PS_TOKEN_LOCKED || code == PS_TOKEN_UNAVAILABLE))
        ps_token_client_ask_for_status(client);
}

static void on_frame(void *arg, const struct ps_frame_header *header, const uint8_t *payload)
{
    struct ps_token_client *client = arg;
    struct ps_token_request *request = ps_token_queue_take(&client->in_flight, header->id);
    enum ps_token_op op;
    enum ps_code code;
    enum ps_code rc;
    bool late;

    if (request == NULL)
        request = ps_token_queue_take(&client->one_flight, header->id);
    if (request == NULL || header->type != ((uint16_t)request->op | PS_FRAME_ANSWER)) {
        ps_token_request_free(request);
        ps_helper_fail(client->helper, "it answered what was not asked");
        return;
    }
    op = request->op;
    late = request->called_back;
    rc = ps_token_request_answer(request, payload, header->length, &code);
    ps_token_request_free(request);
    if (rc != PS_OK) {
        ps_helper_fail(client->helper, "it sent a malformed answer");
        return;
    }
    if (client->stream == NULL)
        return;
    after_answer(client, op, code, late);
    ps_token_client_pump(client);
}

static void on_gone(void *arg, const char *why)
{
    struct ps_token_client *client = arg;

    ps_helper_fail(client->helper, why);
}

static void on_up(void *arg, int fd)
{
    struct ps_token_client *client = arg;
    struct ps_token_request *request;
    struct ps_error err;
    struct ps_wbuf w;

    client->started = false;
    if (ps_frame_stream_open(client->tick.loop, fd, on_frame, on_gone, client, &client->stream,
                             &err) != PS_OK) {
        ps_helper_fail(client->helper, err.message);
        return;
    }
    request = ps_token_request_new(PS_TOKEN_START, UINT64_MAX, client);
    if (request == NULL) {
        ps_helper_fail(client->helper, "memory is out");
        return;
    }
    request->cb.status = on_start_answer;
    request->id = ++client->last_id;
    ps_wbuf_init(&w, request->payload, sizeof request->payload);
    ps_put_u8(&w, (uint8_t)client->login);
    request->length = w.length;
    ps_token_queue_push(&client->one_flight, request);
    (void)ps_token_client_send(client, request);
}

/* What was in flight goes back to the head of the queue, or fails when that may do harm. */
static void recall(struct ps_token_client *client)
{
    struct ps_token_queue again = {0};
    struct ps_token_request *request;
    struct ps_error err;

    (void)ps_fail(&err, PS_TOKEN_UNAVAILABLE, "the token process ended meanwhile; ask again");
    while ((request = ps_token_queue_pop(&client->one_flight)) != NULL) {
        ps_token_request_fail(request, &err);
        ps_token_request_free(request);
    }
    while ((request = ps_token_queue_pop(&client->in_flight)) != NULL) {
        if (request->called_back || request->attempts >= ATTEMPTS_MAX) {
            ps_token_request_fail(request, &err);
            ps_token_request_free(request);
        } else {
            ps_token_queue_push_front(&again, request);
        }
    }
    while ((request = ps_token_queue_pop(&again)) != NULL)
        ps_token_queue_push_front(&client->many, request);
}

static void on_down(void *arg)
{
    struct ps_token_client *client = arg;

    ps_frame_stream_close(client->stream);
    client->stream = NULL;
    client->started = false;
    (void)uv_timer_stop(&client->health);
    client->status.state = PS_STATE_ABSENT;
    (void)snprintf(client->status.detail, sizeof client->status.detail,
                   "the token process is being started again; ask again");
    recall(client);
    if (!client->stopping && ++client->starts_in_vain >= STARTS_TO_SETTLE)
        settle(client);
}

const struct ps_helper_hooks ps_token_client_hooks = {on_up, on_down};
