#include <daemon/front/upstream_client.h>

#include <daemon/front/frame_stream.h>
#include <daemon/front/helper.h>
#include <daemon/front/log.h>
#include <proto/ipc/token_proto.h>
#include <proto/ipc/upstream_proto.h>
#include <stdlib.h>

#define HEALTH_MS 3000
#define START_DEADLINE_MS 5000

struct ps_upstream_client {
    uv_loop_t *loop; /* borrowed */
    struct ps_helper *helper;
    struct ps_frame_stream *stream; /* NULL while the process is away */
    uv_timer_t timer;
    uint64_t asked, answered; /* ids of the questions for its health */
    bool healthy;
};

static void on_timer(uv_timer_t *timer);

static void ask(struct ps_upstream_client *client)
{
    client->asked++;
    if (ps_frame_stream_send(client->stream, PS_UPSTREAM_HEALTH, client->asked, NULL, 0, -1) !=
        PS_OK)
        ps_helper_fail(client->helper, "it does not read");
    else
        (void)uv_timer_start(&client->timer, on_timer, HEALTH_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
    struct ps_upstream_client *client = timer->data;

    if (client->stream == NULL)
        return;
    if (client->answered != client->asked)
        ps_helper_fail(client->helper, "it does not answer");
    else
        ask(client);
}

static void on_frame(void *arg, const struct ps_frame_header *header, const uint8_t *payload)
{
    struct ps_upstream_client *client = arg;
    char version[PS_UPSTREAM_VERSION_MAX];
    struct ps_error err;
    struct ps_rbuf r;

    ps_rbuf_init(&r, payload, header->length);
    if (header->type != (PS_UPSTREAM_HEALTH | PS_FRAME_ANSWER) || header->id != client->asked) {
        ps_helper_fail(client->helper, "it answered what was not asked");
        return;
    }
    if (ps_get_answer(&r, &err) != PS_OK) {
        ps_helper_fail(client->helper, err.message);
        return;
    }
    ps_get_text(&r, version, sizeof version);
    if (!ps_rbuf_done(&r)) {
        ps_helper_fail(client->helper, "it sent a malformed answer");
        return;
    }
    if (!client->healthy)
        ps_log(PS_LOG_DEBUG, "parasign-upstream is ready: %s", version);
    client->answered = header->id;
    client->healthy = true;
    ps_helper_ready(client->helper);
    ps_helper_answered(client->helper);
}

static void on_gone(void *arg, const char *why)
{
    struct ps_upstream_client *client = arg;

    ps_helper_fail(client->helper, why);
}

static void on_up(void *arg, int fd)
{
    struct ps_upstream_client *client = arg;
    struct ps_error err;

    if (ps_frame_stream_open(client->loop, fd, on_frame, on_gone, client, &client->stream, &err) !=
        PS_OK)
        ps_helper_fail(client->helper, err.message);
    else
        ask(client);
}

static void on_down(void *arg)
{
    struct ps_upstream_client *client = arg;

    ps_frame_stream_close(client->stream);
    client->stream = NULL;
    client->healthy = false;
    client->answered = client->asked;
    (void)uv_timer_stop(&client->timer);
}

static const struct ps_helper_hooks hooks = {on_up, on_down};

enum ps_code ps_upstream_client_new(uv_loop_t *loop, struct ps_keeper_client *keeper,
                                    struct ps_upstream_client **out, struct ps_error *err)
{
    struct ps_upstream_client *client = calloc(1, sizeof *client);
    enum ps_code rc;

    *out = NULL;
    if (client == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    client->loop = loop;
    rc = ps_helper_new(loop, keeper, PS_KEEPER_UPSTREAM, "parasign-upstream", START_DEADLINE_MS,
                       &hooks, client, &client->helper, err);
    if (rc != PS_OK) {
        free(client);
        return rc;
    }
    (void)uv_timer_init(loop, &client->timer);
    client->timer.data = client;
    *out = client;
    return PS_OK;
}

void ps_upstream_client_start(struct ps_upstream_client *client)
{
    ps_helper_start(client->helper);
}

bool ps_upstream_client_healthy(const struct ps_upstream_client *client)
{
    return client->healthy;
}

uint64_t ps_upstream_client_restarts(const struct ps_upstream_client *client)
{
    return ps_helper_restarts(client->helper);
}

void ps_upstream_client_stop(struct ps_upstream_client *client)
{
    ps_helper_stop(client->helper);
}

bool ps_upstream_client_stopped(const struct ps_upstream_client *client)
{
    return ps_helper_state(client->helper) == PS_HELPER_STOPPED;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void ps_upstream_client_free(struct ps_upstream_client *client)
{
    if (client == NULL)
        return;
    ps_helper_free(client->helper);
    uv_close((uv_handle_t *)&client->timer, on_closed);
}
