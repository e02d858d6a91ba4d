#include <daemon/methods/signing.h>

#include <assert.h>
#include <daemon/audit/audit.h>
#include <daemon/methods/record.h>
#include <stdlib.h>
#include <string.h>

#define SIGNING_MAGIC 0x7369676eu

struct signing;

struct item {
    struct signing *signing;
    uint8_t hash32[32];
    struct ps_token_signature signature;
    unsigned retries;
};

/* Owned by the callbacks that are still to come; the last one frees it. */
struct signing {
    unsigned magic;
    struct ps_call *call;
    unsigned waiting; /* callbacks to come, and 1 while it is being started */
    bool failed;
    struct ps_error error; /* the first failure */
    uint64_t seq;
    struct ps_keyring_entry key;
    bool is_list;
    json_t *draft;
    ps_signing_finish_fn *finish;
    size_t count;
    struct item items[];
};

static void fail(struct signing *signing, const struct ps_error *err)
{
    if (!signing->failed)
        signing->error = *err;
    signing->failed = true;
}

void ps_signing_put(struct ps_build *result, const struct ps_signed *signature)
{
    ps_build_text(result, "signature", signature->text);
    ps_build_json(result, "signature_hex", ps_signing_hex(signature));
}

json_t *ps_signing_hex(const struct ps_signed *signature)
{
    json_t *array = json_array();

    if (json_array_append_new(array, ps_json_be32(signature->signature.r32)) != 0 ||
        json_array_append_new(array, ps_json_be32(signature->signature.s32)) != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static void put_hashes(struct ps_build *result, const struct signing *signing)
{
    json_t *hashes;
    size_t i;

    if (!signing->is_list) {
        ps_build_be32(result, "hash", signing->items[0].hash32);
        return;
    }
    hashes = json_array();
    for (i = 0; i < signing->count; i++)
        if (json_array_append_new(hashes, ps_json_be32(signing->items[i].hash32)) != 0)
            result->failed = true;
    ps_build_json(result, "hashes", hashes);
}

static json_t *build_result(struct signing *signing)
{
    struct ps_signed signatures[PS_SIGNING_MAX];
    struct ps_build result;
    size_t i;

    for (i = 0; i < signing->count; i++) {
        signatures[i].hash32 = signing->items[i].hash32;
        signatures[i].signature = signing->items[i].signature;
        ps_signature_text(signatures[i].text, signatures[i].signature.r32,
                          signatures[i].signature.s32);
    }
    ps_build_begin(&result);
    ps_build_text(&result, "key", signing->key.key.name);
    ps_build_be32(&result, "public_key", signing->key.key.public_key65 + 1);
    ps_build_text(&result, "custody", ps_custody_name(signing->key.key.custody));
    ps_build_uint(&result, "audit_seq", signing->seq);
    put_hashes(&result, signing);
    signing->finish(&result, signing->draft, signatures, signing->count);
    return ps_build_end(&result);
}

/* One callback fewer to wait for; after the last one the call is answered and all is freed. */
static void done(struct signing *signing)
{
    struct ps_front *front = signing->call->front;
    json_t *result = NULL;

    assert(signing->magic == SIGNING_MAGIC && signing->waiting > 0);
    if (--signing->waiting > 0)
        return;
    if (!signing->failed && (result = build_result(signing)) == NULL) {
        (void)ps_fail(&signing->error, PS_INTERNAL_ERROR, "memory is out");
        signing->failed = true;
    }
    if (signing->failed) {
        ps_call_refuse(signing->call, &signing->error, NULL);
        ps_record_outcome(front, signing->seq, signing->error.code, &signing->error);
    } else {
        ps_call_answer(signing->call, result);
        ps_record_outcome(front, signing->seq, PS_OK, NULL);
    }
    json_decref(signing->draft);
    signing->magic = 0;
    free(signing);
}

static void ask_token(struct item *item);

static enum ps_code check(struct item *item, const struct ps_token_signature *signature,
                          bool *again, struct ps_error *err)
{
    struct signing *signing = item->signing;

    *again = false;
    switch (ps_keyring_verify_var(ps_front_keyring(signing->call->front), &signing->key,
                                  item->hash32, signature->r32, signature->s32)) {
    case PS_STARK_VALID:
        break;
    case PS_STARK_OUT_OF_RANGE:
        *again = item->retries++ < PS_SIGNING_RETRIES;
        if (*again)
            return PS_OK;
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the token keeps returning signatures outside of Starknet's ranges; none "
                       "was released; run parasign token probe");
    case PS_STARK_INVALID:
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the token returned a wrong signature; it was not released; take this "
                       "token out of use and run parasign token probe");
    }
    if (signature->custody != signing->key.key.custody)
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the signature came from another custody than the key's; it was not "
                       "released");
    return PS_OK;
}

static void on_signed(void *arg, enum ps_code code, const struct ps_error *err,
                      const struct ps_token_signature *signature)
{
    struct item *item = arg;
    struct signing *signing = item->signing;
    struct ps_error why;
    bool again = false;

    assert(signing->magic == SIGNING_MAGIC);
    if (code != PS_OK) {
        fail(signing, err);
    } else if (check(item, signature, &again, &why) != PS_OK) {
        fail(signing, &why);
    } else if (again) {
        ask_token(item);
        return;
    } else {
        item->signature = *signature;
    }
    done(signing);
}

static void on_durable(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct signing *signing = arg;

    assert(signing->magic == SIGNING_MAGIC);
    if (code != PS_OK)
        fail(signing, err);
    done(signing);
}

static void ask_token(struct item *item)
{
    struct signing *signing = item->signing;
    struct ps_token_sign request;

    memcpy(request.name, signing->key.key.name, sizeof request.name);
    request.kind = PS_KIND_STARK;
    memcpy(request.hash32, item->hash32, sizeof request.hash32);
    ps_token_client_sign(ps_front_token(signing->call->front), &request, signing->call->deadline_ns,
                         on_signed, item);
}

static enum ps_code append_intent(const struct ps_signing_plan *plan, uint64_t *seq,
                                  struct ps_error *err)
{
    json_t *hashes = NULL;
    struct ps_build b;
    size_t i;

    ps_record_begin(&b, plan->call);
    ps_build_text(&b, "account", plan->account);
    ps_build_text(&b, "key", plan->key->key.name);
    ps_build_text(&b, "custody", ps_custody_name(plan->key->key.custody));
    if (plan->is_list) {
        hashes = json_array();
        for (i = 0; i < plan->count; i++)
            if (json_array_append_new(hashes, ps_json_be32(plan->hash32[i])) != 0)
                b.failed = true;
        ps_build_json(&b, "hashes", hashes);
    } else {
        ps_build_be32(&b, "hash", plan->hash32[0]);
    }
    ps_build_json(&b, plan->what, json_incref(plan->detail));
    return ps_record_append(plan->call->front, &b, seq, err);
}

static struct signing *make(const struct ps_signing_plan *plan, struct ps_error *err)
{
    struct signing *signing = NULL;
    size_t i;

    assert(plan->count >= 1 && plan->count <= PS_SIGNING_MAX);
    for (i = 0; i < plan->count; i++) {
        if (!ps_stark_hash_in_range(plan->hash32[i])) {
            (void)ps_fail(err, PS_INVALID_PARAMS,
                          "the hash of this message is not below 2^251 and cannot be signed; "
                          "change a value, such as the timestamp");
            return NULL;
        }
    }
    signing = calloc(1, sizeof *signing + plan->count * sizeof signing->items[0]);
    if (signing == NULL || plan->detail == NULL) {
        (void)ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        free(signing);
        return NULL;
    }
    signing->magic = SIGNING_MAGIC;
    signing->call = plan->call;
    signing->key = *plan->key;
    signing->is_list = plan->is_list;
    signing->draft = json_incref(plan->draft);
    signing->finish = plan->finish;
    signing->count = plan->count;
    for (i = 0; i < plan->count; i++) {
        signing->items[i].signing = signing;
        memcpy(signing->items[i].hash32, plan->hash32[i], 32);
    }
    return signing;
}

void ps_signing_start(const struct ps_signing_plan *plan)
{
    struct ps_front *front = plan->call->front;
    struct signing *signing = NULL;
    struct ps_error err;
    uint64_t seq;
    size_t i;

    if ((signing = make(plan, &err)) == NULL || append_intent(plan, &seq, &err) != PS_OK) {
        if (signing != NULL)
            json_decref(signing->draft);
        free(signing);
        ps_call_refuse(plan->call, &err, NULL);
        goto out;
    }
    signing->seq = seq;
    /* Held once more while it starts: the log may call back from inside. */
    signing->waiting = (unsigned)plan->count + 2;
    /*
     * The flush first: it waits for the disk on another core. The kernel takes the write that wakes
     * the token process as a hand-over of this one, so it comes last.
     */
    ps_audit_when_durable(ps_front_audit(front), seq, on_durable, signing);
    for (i = 0; i < signing->count; i++)
        ask_token(&signing->items[i]);
    done(signing);
out:
    json_decref(plan->detail);
    json_decref(plan->draft);
}
