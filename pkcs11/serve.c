#include <pkcs11/serve.h>

#include <pkcs11/channel.h>
#include <pkcs11/manage.h>
#include <pkcs11/probe.h>
#include <pkcs11/recover.h>
#include <pkcs11/sign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How often an idle process wakes to see whether something is due. */
#define TICK_MAX_S 5U
/* The largest request: a new key or a sign request. */
#define REQUEST_MAX 512

struct service {
    struct ps_token *token;
    struct ps_channel channel;
    pthread_mutex_t read_lock; /* whoever holds it reads; the others work or wait here */
    unsigned keepalive_s;
    time_t idle_since; /* read lock; CLOCK_MONOTONIC */
};

/* One thread's view of the request it is working on. */
struct work {
    struct service *service;
    struct ps_worker *worker;
    struct ps_frame_header header;
    uint8_t request[REQUEST_MAX];
    int fd;          /* owned, or -1 */
    uint8_t *answer; /* owned by the thread; PS_ANSWER_BYTES */
};

static time_t now_s(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec;
}

static enum ps_code malformed(struct ps_error *err)
{
    return ps_fail(err, PS_INTERNAL_ERROR, "the daemon sent a malformed request");
}

static void put_status(struct ps_token *token, struct ps_wbuf *w)
{
    struct ps_token_status status;

    ps_token_status(token, &status);
    ps_put_answer(w, PS_OK, "");
    ps_put_token_status(w, &status);
}

static void put_key(struct ps_wbuf *w, const struct ps_token_key *key)
{
    ps_put_answer(w, PS_OK, "");
    ps_put_token_key(w, key);
}

static void look_if_due(struct ps_token *token)
{
    if (ps_token_should_look(token))
        ps_token_find(token);
}

/*
 * Operations. Each reads its request from r, writes its answer to w when it succeeds, and says what
 * failed otherwise.
 */
typedef enum ps_code op(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                        struct ps_error *err);

static enum ps_code op_start(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                             struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    unsigned login = ps_get_u8(r);

    if (!ps_rbuf_done(r) || login > PS_LOGIN_CONFIGURED)
        return malformed(err);
    (void)pthread_rwlock_wrlock(&token->lock);
    token->login_wanted = login == PS_LOGIN_CONFIGURED;
    if (token->state == PS_STATE_ABSENT)
        ps_token_find(token);
    else if (token->state == PS_STATE_LOCKED && token->login_wanted)
        ps_token_login_configured(token);
    put_status(token, w);
    (void)pthread_rwlock_unlock(&token->lock);
    return PS_OK;
}

static enum ps_code op_status(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                              struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    bool look;

    if (!ps_rbuf_done(r))
        return malformed(err);
    (void)pthread_rwlock_rdlock(&token->lock);
    look = ps_token_should_look(token);
    if (!look)
        put_status(token, w);
    (void)pthread_rwlock_unlock(&token->lock);
    if (look) {
        (void)pthread_rwlock_wrlock(&token->lock);
        look_if_due(token);
        put_status(token, w);
        (void)pthread_rwlock_unlock(&token->lock);
    }
    return PS_OK;
}

static enum ps_code op_keys(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                            struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    struct ps_token_key_page *page;
    size_t first = ps_get_u32(r), i;
    enum ps_code rc;

    if (!ps_rbuf_done(r))
        return malformed(err);
    if ((page = calloc(1, sizeof *page)) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    (void)pthread_rwlock_rdlock(&token->lock);
    if ((rc = ps_token_ready(token, err)) == PS_OK) {
        page->total = (uint32_t)token->keys.count;
        page->first = (uint32_t)first;
        for (i = first; i < token->keys.count && page->count < PS_TOKEN_KEYS_PER_PAGE; i++)
            page->keys[page->count++] = token->keys.entries[i].key;
    }
    (void)pthread_rwlock_unlock(&token->lock);
    if (rc == PS_OK) {
        ps_put_answer(w, PS_OK, "");
        ps_put_token_key_page(w, page);
    }
    free(page);
    return rc;
}

static enum ps_code op_sign(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                            struct ps_error *err)
{
    struct ps_token_sign request;
    struct ps_token_signature signature;
    enum ps_code rc;

    ps_get_token_sign(r, &request);
    if (!ps_rbuf_done(r))
        return malformed(err);
    rc = ps_sign(work->service->token, work->worker, &request, &signature, err);
    if (rc == PS_OK) {
        ps_put_answer(w, PS_OK, "");
        ps_put_token_signature(w, &signature);
    }
    return rc;
}

static enum ps_code op_generate(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                                struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    struct ps_token_new_key wish;
    struct ps_token_key key;
    enum ps_code rc;

    ps_get_token_new_key(r, &wish);
    if (!ps_rbuf_done(r))
        return malformed(err);
    (void)pthread_rwlock_wrlock(&token->lock);
    look_if_due(token);
    rc = ps_manage_generate(token, &wish, &key, err);
    (void)pthread_rwlock_unlock(&token->lock);
    if (rc == PS_OK)
        put_key(w, &key);
    return rc;
}

static enum ps_code op_import(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                              struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    struct ps_token_new_key wish;
    struct ps_token_key key;
    uint8_t *secret;
    enum ps_code rc;

    ps_get_token_new_key(r, &wish);
    if (!ps_rbuf_done(r))
        return malformed(err);
    /* Before the lock: the sender may be slow, and signing should go on meanwhile. */
    if ((rc = ps_secret_receive(work->fd, &secret, err)) != PS_OK)
        return rc;
    (void)pthread_rwlock_wrlock(&token->lock);
    look_if_due(token);
    rc = ps_manage_import(token, &wish, secret, &key, err);
    (void)pthread_rwlock_unlock(&token->lock);
    ps_secret_free(secret);
    if (rc == PS_OK)
        put_key(w, &key);
    return rc;
}

static enum ps_code op_destroy(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                               struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    char name[PS_KEY_NAME_MAX + 1];
    enum ps_code rc;

    ps_get_text(r, name, sizeof name);
    if (!ps_rbuf_done(r))
        return malformed(err);
    (void)pthread_rwlock_wrlock(&token->lock);
    look_if_due(token);
    rc = ps_manage_destroy(token, name, err);
    (void)pthread_rwlock_unlock(&token->lock);
    if (rc == PS_OK)
        ps_put_answer(w, PS_OK, "");
    return rc;
}

/* Without a descriptor: the configured source, and the status says what came of it. */
static enum ps_code op_login(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                             struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    struct ps_pin pin = {NULL, 0};
    enum ps_code rc = PS_OK;

    if (!ps_rbuf_done(r))
        return malformed(err);
    /* Before the lock: the sender may be slow, and signing should go on meanwhile. */
    if (work->fd >= 0 && (rc = ps_pin_read_fd(work->fd, &pin, err)) != PS_OK)
        return rc;
    (void)pthread_rwlock_wrlock(&token->lock);
    ps_token_find(token);
    if (work->fd >= 0)
        rc = ps_token_login_typed(token, &pin, err);
    else if (token->state == PS_STATE_LOCKED)
        ps_token_login_configured(token);
    if (rc == PS_OK)
        put_status(token, w);
    (void)pthread_rwlock_unlock(&token->lock);
    ps_pin_wipe(&pin);
    return rc;
}

static enum ps_code op_logout(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                              struct ps_error *err)
{
    struct ps_token *token = work->service->token;

    if (!ps_rbuf_done(r))
        return malformed(err);
    (void)pthread_rwlock_wrlock(&token->lock);
    ps_token_logout(token);
    put_status(token, w);
    (void)pthread_rwlock_unlock(&token->lock);
    return PS_OK;
}

static enum ps_code op_probe(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                             struct ps_error *err)
{
    struct ps_token *token = work->service->token;
    struct ps_token_probe probe;
    enum ps_code rc;

    if (!ps_rbuf_done(r))
        return malformed(err);
    (void)pthread_rwlock_wrlock(&token->lock);
    look_if_due(token);
    ps_recover_main(token);
    if ((rc = ps_token_ready(token, err)) == PS_OK)
        ps_probe_token(token->module.ck, token->slot.id, token->main_session, &probe);
    (void)pthread_rwlock_unlock(&token->lock);
    if (rc == PS_OK) {
        ps_put_answer(w, PS_OK, "");
        ps_put_token_probe(w, &probe);
    }
    return rc;
}

static enum ps_code op_ping(struct work *work, struct ps_rbuf *r, struct ps_wbuf *w,
                            struct ps_error *err)
{
    (void)work;
    if (!ps_rbuf_done(r))
        return malformed(err);
    ps_put_answer(w, PS_OK, "");
    return PS_OK;
}

static op *const ops[PS_TOKEN_OP_END] = {
    [PS_TOKEN_START] = op_start,       [PS_TOKEN_STATUS] = op_status,
    [PS_TOKEN_KEYS] = op_keys,         [PS_TOKEN_SIGN] = op_sign,
    [PS_TOKEN_GENERATE] = op_generate, [PS_TOKEN_IMPORT] = op_import,
    [PS_TOKEN_DESTROY] = op_destroy,   [PS_TOKEN_LOGIN] = op_login,
    [PS_TOKEN_LOGOUT] = op_logout,     [PS_TOKEN_PROBE] = op_probe,
    [PS_TOKEN_PING] = op_ping,
};

static void answer(struct work *work)
{
    struct ps_error error = {.code = PS_OK};
    struct ps_wbuf w;
    struct ps_rbuf r;
    enum ps_code rc;

    ps_rbuf_init(&r, work->request, work->header.length);
    ps_wbuf_init(&w, work->answer + PS_FRAME_HEADER_BYTES, PS_FRAME_PAYLOAD_MAX);
    if (work->header.type < PS_TOKEN_OP_END && ops[work->header.type] != NULL)
        rc = ops[work->header.type](work, &r, &w, &error);
    else
        rc = ps_fail(&error, PS_INTERNAL_ERROR, "the daemon asked for an unknown operation");
    if (rc == PS_OK && w.bad)
        rc = ps_fail(&error, PS_INTERNAL_ERROR, "the answer does not fit a frame");
    if (rc != PS_OK) {
        ps_wbuf_init(&w, work->answer + PS_FRAME_HEADER_BYTES, PS_FRAME_PAYLOAD_MAX);
        ps_put_answer(&w, rc, error.message);
    }
    if (!ps_channel_answer(&work->service->channel, &work->header, work->answer, w.length))
        _exit(0);
}

/* Read lock held, so nobody else looks at the time. Write lock: nobody uses a session. */
static void idle(struct service *service)
{
    struct ps_token *token = service->token;

    if (service->keepalive_s == 0 || now_s() - service->idle_since < (time_t)service->keepalive_s)
        return;
    (void)pthread_rwlock_wrlock(&token->lock);
    ps_keepalive(token);
    (void)pthread_rwlock_unlock(&token->lock);
    service->idle_since = now_s();
}

/* Reads until there is a request; the process ends here when the daemon is gone. */
static void read_request(struct work *work)
{
    struct service *service = work->service;
    struct ps_frame frame;

    for (;;) {
        switch (ps_channel_read(&service->channel, &frame)) {
        case PS_READ_FRAME:
            break;
        case PS_READ_IDLE:
            idle(service);
            continue;
        case PS_READ_CLOSED:
            _exit(0);
        case PS_READ_BROKEN:
        default:
            (void)fprintf(stderr, "parasign-token: the daemon does not keep to the framing\n");
            _exit(1);
        }
        if (frame.header.length > REQUEST_MAX) {
            (void)fprintf(stderr, "parasign-token: a request is larger than any can be\n");
            _exit(1);
        }
        service->idle_since = now_s();
        work->header = frame.header;
        work->fd = frame.fd;
        memcpy(work->request, frame.payload, frame.header.length);
        return;
    }
}

struct start {
    struct service *service;
    struct ps_worker *worker;
};

static void *run(void *arg)
{
    const struct start *start = arg;
    struct work work = {.service = start->service, .worker = start->worker, .fd = -1};

    if ((work.answer = malloc(PS_ANSWER_BYTES)) == NULL) {
        (void)fprintf(stderr, "parasign-token: out of memory\n");
        _exit(1);
    }
    /* Leader and followers: whoever has read a request works on it himself while the next thread
     * reads, so that a signature never waits for a hand-over between threads. */
    for (;;) {
        (void)pthread_mutex_lock(&work.service->read_lock);
        read_request(&work);
        (void)pthread_mutex_unlock(&work.service->read_lock);
        answer(&work);
        if (work.fd >= 0)
            (void)close(work.fd);
        work.fd = -1;
    }
    return NULL;
}

enum ps_code ps_serve(struct ps_token *token, int fd, unsigned keepalive_s, struct ps_error *err)
{
    static struct service service;
    static struct start starts[PS_TOKEN_THREADS_MAX];
    unsigned tick = keepalive_s > 0 && keepalive_s < TICK_MAX_S ? keepalive_s : TICK_MAX_S;
    enum ps_code rc;
    pthread_t thread;
    size_t i;

    service.token = token;
    service.keepalive_s = keepalive_s;
    service.idle_since = now_s();
    if (pthread_mutex_init(&service.read_lock, NULL) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "a lock cannot be made");
    if ((rc = ps_channel_init(&service.channel, fd, tick, err)) != PS_OK)
        return rc;
    for (i = 0; i < token->worker_count; i++)
        starts[i] = (struct start){&service, &token->workers[i]};
    for (i = 1; i < token->worker_count; i++)
        if (pthread_create(&thread, NULL, run, &starts[i]) != 0 || pthread_detach(thread) != 0)
            return ps_fail(err, PS_INTERNAL_ERROR, "thread %zu cannot be started", i);
    (void)run(&starts[0]);
    return PS_OK;
}
