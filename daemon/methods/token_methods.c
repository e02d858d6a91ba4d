/* token.probe, token.ping */
#include <daemon/methods/bodies.h>

#include <daemon/front/token_client.h>
#include <daemon/methods/build.h>

static json_t *row_json(const struct ps_token_probe_row *row)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_text(&b, "what", row->what);
    ps_build_text(&b, "result", row->result);
    ps_build_text(&b, "detail", row->detail);
    return ps_build_end(&b);
}

static json_t *probe_json(const struct ps_token_probe *probe)
{
    json_t *rows = json_array();
    uint32_t i;

    for (i = 0; i < probe->count; i++) {
        if (json_array_append_new(rows, row_json(&probe->rows[i])) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return json_pack("{s:o}", "rows", rows);
}

static void on_probe(void *arg, enum ps_code code, const struct ps_error *err,
                     const struct ps_token_probe *probe)
{
    if (code != PS_OK)
        ps_call_refuse(arg, err, NULL);
    else
        ps_call_answer(arg, probe_json(probe));
}

static void on_ping(void *arg, enum ps_code code, const struct ps_error *err)
{
    if (code != PS_OK)
        ps_call_refuse(arg, err, NULL);
    else
        ps_call_answer(arg, json_object());
}

void ps_body_probe(struct ps_call *call)
{
    ps_token_client_probe(ps_front_token(call->front), call->deadline_ns, on_probe, call);
}

void ps_body_ping(struct ps_call *call)
{
    ps_token_client_ping(ps_front_token(call->front), call->deadline_ns, on_ping, call);
}
