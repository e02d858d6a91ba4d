/* system.status, system.unlock, system.lock, rpc.discover */
#include <daemon/methods/bodies.h>

#include <assert.h>
#include <daemon/audit/audit.h>
#include <daemon/config/config.h>
#include <daemon/front/token_client.h>
#include <daemon/methods/record.h>
#include <stdlib.h>
#include <unistd.h>

static json_t *counters_json(const struct ps_token_counters *counters)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_uint(&b, "signatures", counters->signatures);
    ps_build_uint(&b, "range_retries", counters->range_retries);
    ps_build_uint(&b, "fresh_sessions", counters->fresh_sessions);
    ps_build_uint(&b, "refound", counters->refound);
    ps_build_uint(&b, "relogins", counters->relogins);
    ps_build_uint(&b, "reinitialised", counters->reinitialised);
    ps_build_uint(&b, "keepalives", counters->keepalives);
    ps_build_uint(&b, "skipped_objects", counters->skipped_objects);
    return ps_build_end(&b);
}

static json_t *token_json(const struct ps_token_status *status)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_text(&b, "state", ps_token_state_name(status->state));
    if (status->detail[0] != '\0')
        ps_build_text(&b, "detail", status->detail);
    ps_build_text(&b, "label", status->label);
    ps_build_text(&b, "serial", status->serial);
    ps_build_text(&b, "model", status->model);
    ps_build_text(&b, "manufacturer", status->manufacturer);
    ps_build_text(&b, "module", status->module);
    ps_build_text(&b, "stark_curve", ps_stark_support_name(status->stark));
    ps_build_uint(&b, "threads", status->threads);
    ps_build_uint(&b, "keys", status->key_count);
    ps_build_json(&b, "counters", counters_json(&status->counters));
    return ps_build_end(&b);
}

static json_t *account_names(const struct ps_config *config)
{
    json_t *names = json_array();
    size_t i;

    for (i = 0; i < config->account_count; i++) {
        if (json_array_append_new(names, json_string(config->accounts[i].name)) != 0) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static json_t *audit_json(const struct ps_audit *audit)
{
    struct ps_audit_figures figures;
    struct ps_build b;

    ps_audit_figures(audit, &figures);
    ps_build_begin(&b);
    ps_build_uint(&b, "seq", figures.seq);
    ps_build_text(&b, "path", figures.path);
    ps_build_uint(&b, "last_fsync_ms", figures.last_fsync_ms);
    ps_build_bool(&b, "healthy", figures.healthy);
    return ps_build_end(&b);
}

void ps_body_status(struct ps_call *call)
{
    struct ps_front_figures figures;
    struct ps_build b;

    ps_front_figures(call->front, &figures);
    ps_build_begin(&b);
    ps_build_text(&b, "version", PS_VERSION);
    ps_build_uint(&b, "uptime_s", figures.uptime_s);
    ps_build_json(&b, "token", token_json(ps_token_client_status(ps_front_token(call->front))));
    ps_build_json(&b, "accounts", account_names(ps_front_config(call->front)));
    ps_build_json(&b, "upstream", json_pack("{s:b}", "healthy", figures.upstream_healthy));
    ps_build_json(&b, "audit", audit_json(ps_front_audit(call->front)));
    ps_build_uint(&b, "clients", figures.clients);
    ps_build_uint(&b, "requests_in_flight", figures.requests_in_flight);
    ps_build_uint(&b, "requests_total", figures.requests_total);
    ps_build_json(&b, "restarts",
                  json_pack("{s:I,s:I}", "token", (json_int_t)figures.token_restarts, "upstream",
                            (json_int_t)figures.upstream_restarts));
    ps_call_answer(call, ps_build_end(&b));
}

#define LOGIN_MAGIC 0x6c6f6769u

/* From the intent to the answer; freed by on_status(). */
struct login {
    unsigned magic;
    struct ps_call *call;
    bool unlock;
    int fd; /* the PIN; owned; -1: the configured source */
    uint64_t seq;
};

static void on_status(void *arg, enum ps_code code, const struct ps_error *err,
                      const struct ps_token_status *status)
{
    struct login *login = arg;
    struct ps_front *front = login->call->front;

    assert(login->magic == LOGIN_MAGIC);
    if (code != PS_OK)
        ps_call_refuse(login->call, err, NULL);
    else
        ps_call_answer(login->call, token_json(status));
    ps_record_outcome(front, login->seq, code, err);
    if (login->fd >= 0)
        (void)close(login->fd);
    login->magic = 0;
    free(login);
}

static void on_durable(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct login *login = arg;
    struct ps_token_client *token = ps_front_token(login->call->front);
    int fd = login->fd;

    if (code != PS_OK && login->unlock) {
        on_status(login, code, err, NULL);
    } else if (login->unlock) {
        login->fd = -1;
        ps_token_client_login(token, fd, login->call->deadline_ns, on_status, login);
    } else {
        ps_token_client_logout(token, login->call->deadline_ns, on_status, login);
    }
}

static void start_login(struct ps_call *call, bool unlock)
{
    struct login *login = calloc(1, sizeof *login);
    struct ps_error err;
    struct ps_build b;
    enum ps_code rc;

    if (login == NULL) {
        (void)ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        ps_call_refuse(call, &err, NULL);
        return;
    }
    login->magic = LOGIN_MAGIC;
    login->call = call;
    login->unlock = unlock;
    login->fd = unlock ? ps_call_take_fd(call) : -1;
    ps_record_begin(&b, call);
    if (unlock)
        ps_build_text(&b, "pin", login->fd >= 0 ? "passed" : "configured");
    rc = ps_record_append(call->front, &b, &login->seq, &err);
    /* A log that cannot be written stops signing; locking the token must work all the same. */
    if (rc != PS_OK && unlock) {
        if (login->fd >= 0)
            (void)close(login->fd);
        free(login);
        ps_call_refuse(call, &err, NULL);
        return;
    }
    if (rc != PS_OK)
        on_durable(login, PS_OK, NULL);
    else
        ps_audit_when_durable(ps_front_audit(call->front), login->seq, on_durable, login);
}

void ps_body_unlock(struct ps_call *call)
{
    start_login(call, true);
}

void ps_body_lock(struct ps_call *call)
{
    start_login(call, false);
}

void ps_body_discover(struct ps_call *call)
{
    ps_call_answer(call, ps_methods_openrpc());
}
