#include <tests/support/check.h>

#include "front.h"
#include "stark_signer.h"

#include <daemon/audit/audit.h>
#include <daemon/config/config.h>
#include <daemon/methods/methods.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct front_double front;

struct ps_front {
    int unused;
};
struct ps_audit {
    int unused;
};
static struct ps_front the_front;
static struct ps_audit the_audit;
static struct ps_token_client the_token;

/* The figures of the environment are those of the published address vectors. */
static const char yaml[] =
    "token: {uri: \"pkcs11:token=t?module-path=/m.so\"}\n"
    "environments:\n"
    "  - name: published\n"
    "    chain_id: PRIVATE_SN_PARACLEAR_MAINNET\n"
    "    proxy_class_hash: 0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9\n"
    "    account_class_hash: 0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e\n"
    "    evm_class_hash: 0x73414441639dcd11d1846f287650a00c60c416b9d3ba45d31c651672125b2c2\n"
    "accounts:\n"
    "  - {name: desk, kind: starknet, environment: published, default_key: desk.sub.trader}\n"
    "  - {name: other, kind: starknet, environment: published, default_key: other.sub.a}\n"
    "  - {name: evmdesk, kind: evm, environment: published, default_key: evmdesk.sub.trader}\n"
    "  - {name: bare, kind: starknet, environment: published}\n"
    "clients:\n"
    "  - {name: owner, uid: 1, methods: [\"*\"], keys: [\"*\", \"*.main\"]}\n"
    "  - {name: trader, uid: 2, methods: [paradex.sign_order, paradex.sign_typed_data],"
    " keys: [\"desk.*\"]}\n"
    "  - {name: generic, uid: 3, methods: [paradex.sign_typed_data], keys: [\"*\", \"*.main\"]}\n";

struct key_row {
    const char *name;
    enum ps_kind kind;
    const char *private_hex;
};

/* desk.main: the key of the published vectors, of address 0x129c135e...
 * evmdesk.evm: the point is not used as a key here, only its bytes. */
static const struct key_row key_rows[] = {
    {"desk.main", PS_KIND_STARK, "543b6cf6c91817a87174aaea4fb370ac1c694e864d7740d728f8344d53e815"},
    {"desk.sub.trader", PS_KIND_STARK, "1234567"},
    {"evmdesk.evm", PS_KIND_SECP256K1, "42"},
    {"evmdesk.sub.trader", PS_KIND_STARK, "7654321"},
    {"other.sub.a", PS_KIND_STARK, "99"},
};

const char *front_private_key(const char *name);

const char *front_private_key(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof key_rows / sizeof key_rows[0]; i++)
        if (strcmp(key_rows[i].name, name) == 0)
            return key_rows[i].private_hex;
    fail_msg("the token has no key %s", name);
    return NULL;
}

static void load_config(void)
{
    char file[] = "/tmp/parasign-methods-XXXXXX";
    struct ps_error err = {.message = ""};
    int fd = mkstemp(file);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, sizeof yaml - 1), sizeof yaml - 1);
    assert_int_equal(close(fd), 0);
    if (ps_config_load(file, &front.config, &err) != PS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(unlink(file), 0);
}

static void load_keys(void)
{
    size_t i;

    front.keyring = ps_keyring_new();
    assert_non_null(front.keyring);
    ps_keyring_events.keys_begin(front.keyring);
    for (i = 0; i < sizeof key_rows / sizeof key_rows[0]; i++) {
        struct ps_token_key key = {.kind = key_rows[i].kind, .custody = PS_CUSTODY_TOKEN};

        (void)snprintf(key.name, sizeof key.name, "%s", key_rows[i].name);
        stark_signer_public(key_rows[i].private_hex, key.public_key65);
        key.sensitive = key.never_extractable = key.local = true;
        key.created_on = 20261121;
        ps_keyring_events.key_seen(front.keyring, &key);
    }
    ps_keyring_events.keys_end(front.keyring);
}

int front_setup(void **state)
{
    struct ps_error err;

    (void)state;
    memset(&front, 0, sizeof front);
    load_config();
    load_keys();
    front.status.state = PS_STATE_READY;
    front.fd = front.fd_given = -1;
    front.records = json_array();
    return ps_accounts_new(front.config, front.keyring, &front.accounts, &err) == PS_OK ? 0 : -1;
}

int front_teardown(void **state)
{
    (void)state;
    json_decref(front.answer);
    json_decref(front.records);
    ps_accounts_free(front.accounts);
    ps_keyring_free(front.keyring);
    ps_config_free(front.config);
    return 0;
}

/* ---- what methods reach ---- */

void ps_call_answer(struct ps_call *call, json_t *result)
{
    (void)call;
    front.answers++;
    assert_non_null(result);
    front.answer = result;
}

void ps_call_refuse(struct ps_call *call, const struct ps_error *error, const json_t *extra)
{
    (void)call;
    (void)extra;
    front.answers++;
    assert_int_not_equal(error->code, PS_OK);
    front.refusal = *error;
}

int ps_call_take_fd(struct ps_call *call)
{
    int fd = call->fd;

    call->fd = -1;
    return fd;
}

const struct ps_config *ps_front_config(const struct ps_front *f)
{
    (void)f;
    return front.config;
}

struct ps_token_client *ps_front_token(struct ps_front *f)
{
    (void)f;
    return &the_token;
}

struct ps_audit *ps_front_audit(struct ps_front *f)
{
    (void)f;
    return &the_audit;
}

struct ps_keyring *ps_front_keyring(struct ps_front *f)
{
    (void)f;
    return front.keyring;
}

struct ps_accounts *ps_front_accounts(struct ps_front *f)
{
    (void)f;
    return front.accounts;
}

void ps_front_figures(const struct ps_front *f, struct ps_front_figures *out)
{
    (void)f;
    *out = (struct ps_front_figures){.uptime_s = 7, .clients = 3, .token_restarts = 2};
}

/* ---- the log ---- */

static ps_audit_durable_cb *durable_cb[4];
static void *durable_arg[4];
static size_t durable_count;

enum ps_code ps_audit_append(struct ps_audit *audit, json_t *fields, uint64_t *seq,
                             struct ps_error *err)
{
    (void)audit;
    if (front.log_cannot_append)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "the disk is full; nothing is signed");
    assert_int_equal(json_array_append_new(front.records, json_deep_copy(fields)), 0);
    *seq = json_array_size(front.records);
    return PS_OK;
}

static void tell_durable(ps_audit_durable_cb *cb, void *arg)
{
    struct ps_error err;

    if (front.log_cannot_flush)
        cb(arg, ps_fail(&err, PS_AUDIT_UNAVAILABLE, "the disk is gone; nothing is signed"), &err);
    else
        cb(arg, PS_OK, NULL);
}

void ps_audit_when_durable(struct ps_audit *audit, uint64_t seq, ps_audit_durable_cb *cb, void *arg)
{
    (void)audit;
    (void)seq;
    if (front.log_flushes_at_once) {
        tell_durable(cb, arg);
        return;
    }
    assert_true(durable_count < 4);
    durable_cb[durable_count] = cb;
    durable_arg[durable_count++] = arg;
}

void ps_audit_figures(const struct ps_audit *audit, struct ps_audit_figures *out)
{
    (void)audit;
    memset(out, 0, sizeof *out);
    out->seq = json_array_size(front.records);
    (void)snprintf(out->path, sizeof out->path, "/var/log/audit.ndjson");
    out->healthy = !front.log_cannot_append;
}

/* ---- calling ---- */

static json_t *parse(const char *params)
{
    char *text = strdup(params), *at;
    json_t *json;

    for (at = text; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL)
        fail_msg("not JSON: %s", text);
    free(text);
    return json;
}

void front_call(uid_t uid, const char *method, const char *params)
{
    json_t *json = parse(params);
    struct ps_peer peer = {.uid = uid, .pid = 4711, .pidfd = -1};
    struct ps_call call = {
        .front = &the_front,
        .method = ps_method_find(method),
        .peer = &peer,
        .params = json,
        .fd = front.fd,
    };

    assert_non_null(call.method);
    json_decref(front.answer);
    front.answer = NULL;
    front.answers = front.asked = front.asked_before_record = front.admin = 0;
    front.fd_given = -1;
    memset(&front.refusal, 0, sizeof front.refusal);
    assert_int_equal(json_array_clear(front.records), 0);
    if (ps_method_check(call.method, json, &front.refusal) != PS_OK)
        front.answers++;
    else
        ps_methods_dispatch(&call);
    while (durable_count > 0 || !front_token_is_idle()) {
        while (durable_count > 0) {
            durable_count--;
            tell_durable(durable_cb[durable_count], durable_arg[durable_count]);
        }
        front_token_run();
    }
    front.fd = -1;
    assert_int_equal(front.answers, 1);
    json_decref(json);
}

void front_expect_refusal(enum ps_code code, const char *place, const char *says)
{
    const char *at =
        front.refusal.code == PS_POLICY_DENIED ? front.refusal.rule : front.refusal.pointer;

    assert_null(front.answer);
    if (front.refusal.code != code || (place != NULL && strcmp(at, place) != 0) ||
        (says != NULL && strstr(front.refusal.message, says) == NULL))
        fail_msg("refused with %s at \"%s\": %s", ps_code_name(front.refusal.code), at,
                 front.refusal.message);
}

void front_expect_records(const char *events)
{
    char seen[256] = "";
    size_t i, used = 0;

    for (i = 0; i < json_array_size(front.records); i++)
        used += (size_t)snprintf(seen + used, sizeof seen - used, "%s%s", i == 0 ? "" : " ",
                                 front_text(json_array_get(front.records, i), "event"));
    assert_string_equal(seen, events);
}

const char *front_text(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    if (text == NULL)
        fail_msg("there is no text %s", member);
    return text;
}

uint64_t front_now_ms(int64_t offset_ms)
{
    struct timespec now;

    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (uint64_t)((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + offset_ms);
}
