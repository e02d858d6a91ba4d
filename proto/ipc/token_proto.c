#include <proto/ipc/token_proto.h>

#include <string.h>

/* An enum on the wire is one byte; anything from `end` on is refused. */
static unsigned get_enum(struct ps_rbuf *r, unsigned end)
{
    unsigned value = ps_get_u8(r);

    if (value >= end) {
        r->bad = true;
        value = 0;
    }
    return value;
}

static void put_enum(struct ps_wbuf *w, unsigned value)
{
    ps_put_u8(w, (uint8_t)value);
}

static bool get_bool(struct ps_rbuf *r)
{
    return get_enum(r, 2) == 1;
}

static void put_counters(struct ps_wbuf *w, const struct ps_token_counters *c)
{
    ps_put_u64(w, c->signatures);
    ps_put_u64(w, c->range_retries);
    ps_put_u64(w, c->fresh_sessions);
    ps_put_u64(w, c->refound);
    ps_put_u64(w, c->relogins);
    ps_put_u64(w, c->reinitialised);
    ps_put_u64(w, c->keepalives);
    ps_put_u64(w, c->skipped_objects);
}

static void get_counters(struct ps_rbuf *r, struct ps_token_counters *c)
{
    c->signatures = ps_get_u64(r);
    c->range_retries = ps_get_u64(r);
    c->fresh_sessions = ps_get_u64(r);
    c->refound = ps_get_u64(r);
    c->relogins = ps_get_u64(r);
    c->reinitialised = ps_get_u64(r);
    c->keepalives = ps_get_u64(r);
    c->skipped_objects = ps_get_u64(r);
}

void ps_put_token_status(struct ps_wbuf *w, const struct ps_token_status *status)
{
    put_enum(w, status->state);
    put_enum(w, status->stark);
    ps_put_text(w, status->detail);
    ps_put_text(w, status->label);
    ps_put_text(w, status->serial);
    ps_put_text(w, status->model);
    ps_put_text(w, status->manufacturer);
    ps_put_text(w, status->module);
    ps_put_u32(w, status->threads);
    ps_put_u32(w, status->key_count);
    put_counters(w, &status->counters);
}

void ps_get_token_status(struct ps_rbuf *r, struct ps_token_status *status)
{
    status->state = (enum ps_token_state)get_enum(r, PS_STATE_COUNT);
    status->stark = (enum ps_stark_support)get_enum(r, PS_STARK_UNSUPPORTED + 1);
    ps_get_text(r, status->detail, sizeof status->detail);
    ps_get_text(r, status->label, sizeof status->label);
    ps_get_text(r, status->serial, sizeof status->serial);
    ps_get_text(r, status->model, sizeof status->model);
    ps_get_text(r, status->manufacturer, sizeof status->manufacturer);
    ps_get_text(r, status->module, sizeof status->module);
    status->threads = ps_get_u32(r);
    status->key_count = ps_get_u32(r);
    get_counters(r, &status->counters);
}

void ps_put_token_key(struct ps_wbuf *w, const struct ps_token_key *key)
{
    ps_put_text(w, key->name);
    put_enum(w, key->kind);
    put_enum(w, key->custody);
    ps_put_fixed(w, key->public_key65, sizeof key->public_key65);
    ps_put_bytes(w, key->id, key->id_length);
    put_enum(w, key->sensitive);
    put_enum(w, key->extractable);
    put_enum(w, key->never_extractable);
    put_enum(w, key->always_sensitive);
    put_enum(w, key->local);
    ps_put_u32(w, key->created_on);
    ps_put_text(w, key->refused);
}

void ps_get_token_key(struct ps_rbuf *r, struct ps_token_key *key)
{
    const uint8_t *id;
    size_t id_length;

    memset(key, 0, sizeof *key);
    ps_get_text(r, key->name, sizeof key->name);
    key->kind = (enum ps_kind)get_enum(r, PS_KIND_COUNT);
    key->custody = (enum ps_custody)get_enum(r, PS_CUSTODY_COUNT);
    ps_get_fixed(r, key->public_key65, sizeof key->public_key65);
    id_length = ps_get_bytes(r, &id);
    if (id_length > sizeof key->id)
        r->bad = true;
    else if (id_length > 0)
        memcpy(key->id, id, id_length);
    key->id_length = r->bad ? 0 : (uint8_t)id_length;
    key->sensitive = get_bool(r);
    key->extractable = get_bool(r);
    key->never_extractable = get_bool(r);
    key->always_sensitive = get_bool(r);
    key->local = get_bool(r);
    key->created_on = ps_get_u32(r);
    ps_get_text(r, key->refused, sizeof key->refused);
}

void ps_put_token_key_page(struct ps_wbuf *w, const struct ps_token_key_page *page)
{
    uint32_t i;

    ps_put_u32(w, page->total);
    ps_put_u32(w, page->first);
    ps_put_u32(w, page->count);
    for (i = 0; i < page->count; i++)
        ps_put_token_key(w, &page->keys[i]);
}

void ps_get_token_key_page(struct ps_rbuf *r, struct ps_token_key_page *page)
{
    uint32_t i;

    page->total = ps_get_u32(r);
    page->first = ps_get_u32(r);
    page->count = ps_get_u32(r);
    if (page->count > PS_TOKEN_KEYS_PER_PAGE)
        r->bad = true;
    if (r->bad)
        page->count = 0;
    for (i = 0; i < page->count; i++)
        ps_get_token_key(r, &page->keys[i]);
}

void ps_put_token_sign(struct ps_wbuf *w, const struct ps_token_sign *sign)
{
    ps_put_text(w, sign->name);
    put_enum(w, sign->kind);
    ps_put_fixed(w, sign->hash32, sizeof sign->hash32);
}

void ps_get_token_sign(struct ps_rbuf *r, struct ps_token_sign *sign)
{
    ps_get_text(r, sign->name, sizeof sign->name);
    sign->kind = (enum ps_kind)get_enum(r, PS_KIND_COUNT);
    ps_get_fixed(r, sign->hash32, sizeof sign->hash32);
}

void ps_put_token_signature(struct ps_wbuf *w, const struct ps_token_signature *signature)
{
    ps_put_fixed(w, signature->r32, sizeof signature->r32);
    ps_put_fixed(w, signature->s32, sizeof signature->s32);
    put_enum(w, signature->custody);
}

void ps_get_token_signature(struct ps_rbuf *r, struct ps_token_signature *signature)
{
    ps_get_fixed(r, signature->r32, sizeof signature->r32);
    ps_get_fixed(r, signature->s32, sizeof signature->s32);
    signature->custody = (enum ps_custody)get_enum(r, PS_CUSTODY_COUNT);
}

void ps_put_token_new_key(struct ps_wbuf *w, const struct ps_token_new_key *new_key)
{
    ps_put_text(w, new_key->name);
    put_enum(w, new_key->kind);
    put_enum(w, new_key->custody);
}

void ps_get_token_new_key(struct ps_rbuf *r, struct ps_token_new_key *new_key)
{
    ps_get_text(r, new_key->name, sizeof new_key->name);
    new_key->kind = (enum ps_kind)get_enum(r, PS_KIND_COUNT);
    new_key->custody = (enum ps_custody)get_enum(r, PS_CUSTODY_COUNT);
}

void ps_put_token_probe(struct ps_wbuf *w, const struct ps_token_probe *probe)
{
    uint32_t i;

    ps_put_u32(w, probe->count);
    for (i = 0; i < probe->count; i++) {
        ps_put_text(w, probe->rows[i].what);
        ps_put_text(w, probe->rows[i].result);
        ps_put_text(w, probe->rows[i].detail);
    }
}

void ps_get_token_probe(struct ps_rbuf *r, struct ps_token_probe *probe)
{
    uint32_t i;

    probe->count = ps_get_u32(r);
    if (probe->count > PS_TOKEN_PROBE_ROWS)
        r->bad = true;
    if (r->bad)
        probe->count = 0;
    for (i = 0; i < probe->count; i++) {
        ps_get_text(r, probe->rows[i].what, sizeof probe->rows[i].what);
        ps_get_text(r, probe->rows[i].result, sizeof probe->rows[i].result);
        ps_get_text(r, probe->rows[i].detail, sizeof probe->rows[i].detail);
    }
}

void ps_put_answer(struct ps_wbuf *w, enum ps_code code, const char *message)
{
    ps_put_u16(w, (uint16_t)code);
    if (code != PS_OK)
        ps_put_text(w, message);
}

enum ps_code ps_get_answer(struct ps_rbuf *r, struct ps_error *err)
{
    char message[PS_ERROR_MESSAGE_MAX];
    unsigned code = ps_get_u16(r);

    if (r->bad || code >= PS_CODE_COUNT) {
        r->bad = true;
        return ps_fail(err, PS_INTERNAL_ERROR, "the token process sent a malformed answer");
    }
    if (code == PS_OK)
        return PS_OK;
    ps_get_text(r, message, sizeof message);
    return ps_fail(err, (enum ps_code)code, "%s", message);
}

const char *ps_token_state_name(enum ps_token_state state)
{
    static const char *const names[PS_STATE_COUNT] = {
        [PS_STATE_ABSENT] = "absent",
        [PS_STATE_LOCKED] = "locked",
        [PS_STATE_READY] = "ready",
    };

    return (unsigned)state < PS_STATE_COUNT ? names[state] : "unknown";
}

const char *ps_stark_support_name(enum ps_stark_support support)
{
    switch (support) {
    case PS_STARK_NATIVE:
        return "native";
    case PS_STARK_UNSUPPORTED:
        return "unsupported";
    case PS_STARK_UNTESTED:
        break;
    }
    return "untested";
}
