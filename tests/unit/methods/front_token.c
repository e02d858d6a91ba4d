/* The way to the token: each request is kept and called back when the loop would run. */
#include <tests/support/check.h>

#include "front.h"
#include "stark_signer.h"

#include <daemon/front/token_client.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum what { SIGN, KEY, DONE, STATUS, PROBE };

struct request {
    enum what what;
    struct ps_token_sign sign;
    struct ps_token_new_key key;
    union {
        ps_token_sign_cb *sign;
        ps_token_key_cb *key;
        ps_token_done_cb *done;
        ps_token_status_cb *status;
        ps_token_probe_cb *probe;
    } cb;
    void *arg;
};

static struct request queue[32];
static size_t queued;

static struct request *push(enum what what, void *arg)
{
    struct request *request = &queue[queued++];

    assert_true(queued <= sizeof queue / sizeof queue[0]);
    memset(request, 0, sizeof *request);
    request->what = what;
    request->arg = arg;
    return request;
}

bool front_token_is_idle(void)
{
    return queued == 0;
}

/* The private keys of front_setup(). */
const char *front_private_key(const char *name);

static void answer_signature(const struct request *request)
{
    struct ps_token_signature signature = {.custody = PS_CUSTODY_TOKEN};
    bool misbehaves = front.misbehaves > 0;
    struct ps_error err;

    if (misbehaves)
        front.misbehaves--;
    if (misbehaves && front.behaviour == TOKEN_FAILS) {
        (void)ps_fail(&err, PS_TOKEN_UNAVAILABLE, "the token process ended meanwhile; ask again");
        request->cb.sign(request->arg, err.code, &err, NULL);
        return;
    }
    stark_signer_sign(front_private_key(request->sign.name), request->sign.hash32, signature.r32,
                      signature.s32);
    if (misbehaves && front.behaviour == TOKEN_LIES)
        signature.s32[31] ^= 1;
    if (misbehaves && front.behaviour == TOKEN_OUT_OF_RANGE) {
        memset(signature.s32, 0, sizeof signature.s32);
        signature.s32[0] = 0x08; /* 2^251 */
    }
    request->cb.sign(request->arg, PS_OK, NULL, &signature);
}

static void answer_key(const struct request *request)
{
    struct ps_token_key key = {.kind = request->key.kind, .custody = request->key.custody};

    memcpy(key.name, request->key.name, sizeof key.name);
    stark_signer_public("abc", key.public_key65);
    key.sensitive = key.never_extractable = key.local = true;
    key.created_on = 20261121;
    request->cb.key(request->arg, PS_OK, NULL, &key);
}

void front_token_run(void)
{
    while (queued > 0) {
        struct request request = queue[0];

        memmove(queue, queue + 1, --queued * sizeof queue[0]);
        switch (request.what) {
        case SIGN:
            answer_signature(&request);
            break;
        case KEY:
            answer_key(&request);
            break;
        case DONE:
            request.cb.done(request.arg, PS_OK, NULL);
            break;
        case STATUS:
            request.cb.status(request.arg, PS_OK, NULL, &front.status);
            break;
        case PROBE:
            request.cb.probe(request.arg, PS_OK, NULL, &front.probe);
            break;
        }
    }
}

void ps_token_client_sign(struct ps_token_client *client, const struct ps_token_sign *sign,
                          uint64_t deadline_ns, ps_token_sign_cb *cb, void *arg)
{
    struct request *request = push(SIGN, arg);

    (void)client;
    (void)deadline_ns;
    front.asked++;
    if (json_array_size(front.records) == 0)
        front.asked_before_record++;
    request->sign = *sign;
    request->cb.sign = cb;
}

void ps_token_client_generate(struct ps_token_client *client, const struct ps_token_new_key *key,
                              uint64_t deadline_ns, ps_token_key_cb *cb, void *arg)
{
    struct request *request = push(KEY, arg);

    (void)client;
    (void)deadline_ns;
    front.admin++;
    request->key = *key;
    request->cb.key = cb;
}

static void take_fd(int fd)
{
    front.fd_given = fd;
    if (fd >= 0)
        assert_int_equal(close(fd), 0);
}

void ps_token_client_import(struct ps_token_client *client, const struct ps_token_new_key *key,
                            int fd, uint64_t deadline_ns, ps_token_key_cb *cb, void *arg)
{
    take_fd(fd);
    ps_token_client_generate(client, key, deadline_ns, cb, arg);
}

void ps_token_client_destroy(struct ps_token_client *client, const char *name, uint64_t deadline_ns,
                             ps_token_done_cb *cb, void *arg)
{
    (void)client;
    (void)name;
    (void)deadline_ns;
    front.admin++;
    push(DONE, arg)->cb.done = cb;
}

void ps_token_client_login(struct ps_token_client *client, int fd, uint64_t deadline_ns,
                           ps_token_status_cb *cb, void *arg)
{
    (void)client;
    (void)deadline_ns;
    front.admin++;
    take_fd(fd);
    front.status.state = PS_STATE_READY;
    push(STATUS, arg)->cb.status = cb;
}

void ps_token_client_logout(struct ps_token_client *client, uint64_t deadline_ns,
                            ps_token_status_cb *cb, void *arg)
{
    (void)client;
    (void)deadline_ns;
    front.admin++;
    front.status.state = PS_STATE_LOCKED;
    push(STATUS, arg)->cb.status = cb;
}

void ps_token_client_probe(struct ps_token_client *client, uint64_t deadline_ns,
                           ps_token_probe_cb *cb, void *arg)
{
    (void)client;
    (void)deadline_ns;
    push(PROBE, arg)->cb.probe = cb;
}

void ps_token_client_ping(struct ps_token_client *client, uint64_t deadline_ns,
                          ps_token_done_cb *cb, void *arg)
{
    (void)client;
    (void)deadline_ns;
    push(DONE, arg)->cb.done = cb;
}

const struct ps_token_status *ps_token_client_status(const struct ps_token_client *client)
{
    (void)client;
    return &front.status;
}
