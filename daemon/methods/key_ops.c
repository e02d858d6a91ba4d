/* key.generate, key.import, key.destroy: recorded on disk before the token is asked. */
#include <daemon/methods/bodies.h>

#include <assert.h>
#include <daemon/audit/audit.h>
#include <daemon/methods/key_choice.h>
#include <daemon/methods/key_json.h>
#include <daemon/methods/record.h>
#include <daemon/policy/policy.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY_OP_MAGIC 0x6b65796fu

enum op { OP_GENERATE, OP_IMPORT, OP_DESTROY };

/* From the intent to the answer; freed by answer(). */
struct key_op {
    unsigned magic;
    struct ps_call *call;
    enum op op;
    struct ps_token_new_key key;
    int fd; /* the secret of an import; owned; -1 when there is none */
    uint64_t seq;
};

static void answer(struct key_op *op, enum ps_code code, const struct ps_error *err, json_t *result)
{
    struct ps_front *front = op->call->front;

    assert(op->magic == KEY_OP_MAGIC);
    if (code != PS_OK)
        ps_call_refuse(op->call, err, NULL);
    else
        ps_call_answer(op->call, result);
    ps_record_outcome(front, op->seq, code, err);
    if (op->fd >= 0)
        (void)close(op->fd);
    op->magic = 0;
    free(op);
}

static void on_key(void *arg, enum ps_code code, const struct ps_error *err,
                   const struct ps_token_key *key)
{
    json_t *result = NULL;

    if (code == PS_OK)
        result = json_pack("{s:o}", "key", ps_key_json(key));
    answer(arg, code, err, result);
}

static void on_destroyed(void *arg, enum ps_code code, const struct ps_error *err)
{
    answer(arg, code, err, code == PS_OK ? json_object() : NULL);
}

static void on_durable(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct key_op *op = arg;
    struct ps_token_client *token = ps_front_token(op->call->front);
    uint64_t deadline = op->call->deadline_ns;
    int fd = op->fd;

    assert(op->magic == KEY_OP_MAGIC);
    if (code != PS_OK) {
        answer(op, code, err, NULL);
        return;
    }
    switch (op->op) {
    case OP_GENERATE:
        ps_token_client_generate(token, &op->key, deadline, on_key, op);
        break;
    case OP_IMPORT:
        op->fd = -1;
        ps_token_client_import(token, &op->key, fd, deadline, on_key, op);
        break;
    case OP_DESTROY:
        ps_token_client_destroy(token, op->key.name, deadline, on_destroyed, op);
        break;
    }
}

static enum ps_code read_new_key(struct ps_call *call, struct ps_token_new_key *key,
                                 struct ps_error *err)
{
    const char *name = json_string_value(json_object_get(call->params, "name"));
    const char *kind = json_string_value(json_object_get(call->params, "kind"));
    const char *custody = json_string_value(json_object_get(call->params, "custody"));
    struct ps_key_name parsed;
    struct ps_error why;
    enum ps_code rc;

    if (ps_key_name_parse(name, &parsed, &why) != PS_OK)
        return ps_fail_at(err, "/params/name", "%s", why.message);
    key->kind = ps_kind_from_name(kind);
    if (key->kind == PS_KIND_COUNT || !ps_role_takes_kind(parsed.role, key->kind))
        return ps_fail_at(err, "/params/kind",
                          "%s has the role %s, which a key of kind %s cannot have", name,
                          ps_role_name(parsed.role), kind);
    key->custody = custody != NULL ? ps_custody_from_name(custody) : PS_CUSTODY_TOKEN;
    if (key->custody == PS_CUSTODY_COUNT)
        return ps_fail_at(err, "/params/custody", "write token or wrapped");
    (void)snprintf(key->name, sizeof key->name, "%s", name);
    if ((rc = ps_policy_key(ps_front_config(call->front), call->peer, call->method->name, name,
                            err)) != PS_OK)
        return rc;
    if (ps_keyring_find(ps_front_keyring(call->front), name) != NULL)
        return ps_fail(err, PS_KEY_EXISTS,
                       "the token has a key %s already; choose another name, or destroy it first",
                       name);
    return ps_key_token_ready(call, err);
}

static enum ps_code read_destroy(struct ps_call *call, struct ps_token_new_key *key,
                                 struct ps_error *err)
{
    const char *name = json_string_value(json_object_get(call->params, "name"));
    const char *confirm = json_string_value(json_object_get(call->params, "confirm"));
    const struct ps_keyring_entry *entry;
    struct ps_error why;
    enum ps_code rc;

    if (ps_key_name_parse(name, NULL, &why) != PS_OK)
        return ps_fail_at(err, "/params/name", "%s", why.message);
    if (strcmp(name, confirm) != 0)
        return ps_fail_at(err, "/params/confirm",
                          "confirm is not the key's name; write %s again: a destroyed key cannot "
                          "be brought back",
                          name);
    if ((rc = ps_policy_key(ps_front_config(call->front), call->peer, call->method->name, name,
                            err)) != PS_OK ||
        (rc = ps_key_find(call, name, &entry, err)) != PS_OK ||
        (rc = ps_key_token_ready(call, err)) != PS_OK)
        return rc;
    (void)snprintf(key->name, sizeof key->name, "%s", name);
    key->kind = entry->key.kind;
    key->custody = entry->key.custody;
    return PS_OK;
}

static enum ps_code append_intent(struct key_op *op, struct ps_error *err)
{
    struct ps_build b;

    ps_record_begin(&b, op->call);
    ps_build_text(&b, "key", op->key.name);
    ps_build_text(&b, "kind", ps_kind_name(op->key.kind));
    ps_build_text(&b, "custody", ps_custody_name(op->key.custody));
    return ps_record_append(op->call->front, &b, &op->seq, err);
}

static void start(struct ps_call *call, enum op what)
{
    struct key_op *op = calloc(1, sizeof *op);
    struct ps_error err;
    enum ps_code rc;

    if (op == NULL) {
        rc = ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    op->magic = KEY_OP_MAGIC;
    op->call = call;
    op->op = what;
    op->fd = -1;
    rc = what == OP_DESTROY ? read_destroy(call, &op->key, &err)
                            : read_new_key(call, &op->key, &err);
    if (rc != PS_OK)
        goto out;
    if (what == OP_IMPORT && (op->fd = ps_call_take_fd(call)) < 0) {
        rc = ps_fail(&err, PS_INVALID_PARAMS,
                     "no descriptor came with this line; pass the private key through a pipe or "
                     "memfd");
        goto out;
    }
    if ((rc = append_intent(op, &err)) != PS_OK)
        goto out;
    ps_audit_when_durable(ps_front_audit(call->front), op->seq, on_durable, op);
    op = NULL;
out:
    if (rc != PS_OK)
        ps_record_refuse(call, &err);
    if (op != NULL && op->fd >= 0)
        (void)close(op->fd);
    free(op);
}

void ps_body_key_generate(struct ps_call *call)
{
    start(call, OP_GENERATE);
}

void ps_body_key_import(struct ps_call *call)
{
    start(call, OP_IMPORT);
}

void ps_body_key_destroy(struct ps_call *call)
{
    start(call, OP_DESTROY);
}
