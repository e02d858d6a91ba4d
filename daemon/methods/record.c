#include <daemon/methods/record.h>

#include <daemon/audit/audit.h>
#include <daemon/methods/clock.h>

static void begin(struct ps_build *b, const char *event, const struct ps_call *call)
{
    ps_build_begin(b);
    ps_build_text(b, "event", event);
    ps_build_text(b, "method", call->method->name);
    ps_build_uint(b, "uid", call->peer->uid);
    ps_build_uint(b, "pid", (uint64_t)call->peer->pid);
}

void ps_record_begin(struct ps_build *b, const struct ps_call *call)
{
    begin(b, "intent", call);
}

enum ps_code ps_record_append(struct ps_front *front, struct ps_build *b, uint64_t *seq,
                              struct ps_error *err)
{
    json_t *fields = ps_build_end(b);
    enum ps_code rc;

    if (fields == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    rc = ps_audit_append(ps_front_audit(front), fields, seq, err);
    json_decref(fields);
    return rc;
}

/* A failure here has no one to go to: the audit log says itself when it is not well. */
static void append_late(struct ps_front *front, struct ps_build *b)
{
    struct ps_error ignored;
    uint64_t seq;

    (void)!ps_record_append(front, b, &seq, &ignored);
}

void ps_record_outcome(struct ps_front *front, uint64_t of, enum ps_code code,
                       const struct ps_error *why)
{
    struct ps_build b;

    if (of == 0)
        return;
    ps_build_begin(&b);
    ps_build_text(&b, "event", code == PS_OK ? "released" : "failed");
    ps_build_uint(&b, "of", of);
    if (code != PS_OK) {
        ps_build_text(&b, "code", ps_code_name(code));
        ps_build_text(&b, "message", why->message);
    }
    append_late(front, &b);
}

static void record_denial(struct ps_call *call, const struct ps_error *error)
{
    /* Of the one loop thread; counts start again each second. */
    static uint64_t second, written, left_out;
    uint64_t now = ps_wall_clock_ms() / 1000;
    struct ps_build b;

    if (now != second) {
        second = now;
        written = 0;
    }
    if (written >= PS_RECORD_DENIED_PER_S) {
        left_out++;
        return;
    }
    written++;
    begin(&b, "denied", call);
    ps_build_text(&b, "code", ps_code_name(error->code));
    ps_build_text(&b, "rule", error->rule);
    if (json_is_string(json_object_get(call->params, "account")))
        ps_build_json(&b, "account", json_incref(json_object_get(call->params, "account")));
    if (json_is_string(json_object_get(call->params, "key")))
        ps_build_json(&b, "key", json_incref(json_object_get(call->params, "key")));
    if (left_out != 0)
        ps_build_uint(&b, "left_out", left_out);
    left_out = 0;
    append_late(call->front, &b);
}

void ps_record_refuse(struct ps_call *call, const struct ps_error *error)
{
    if (error->code == PS_POLICY_DENIED)
        record_denial(call, error);
    ps_call_refuse(call, error, NULL);
}
