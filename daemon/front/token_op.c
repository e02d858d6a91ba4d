#include <daemon/front/token_op.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool ps_token_op_is_many(enum ps_token_op op)
{
    return op == PS_TOKEN_SIGN || op == PS_TOKEN_PING;
}

void ps_token_queue_push(struct ps_token_queue *queue, struct ps_token_request *request)
{
    request->next = NULL;
    *(queue->last == NULL ? &queue->first : &queue->last->next) = request;
    queue->last = request;
    queue->count++;
}

void ps_token_queue_push_front(struct ps_token_queue *queue, struct ps_token_request *request)
{
    request->next = queue->first;
    queue->first = request;
    if (queue->last == NULL)
        queue->last = request;
    queue->count++;
}

struct ps_token_request *ps_token_queue_pop(struct ps_token_queue *queue)
{
    return queue->first == NULL ? NULL : ps_token_queue_take(queue, queue->first->id);
}

struct ps_token_request *ps_token_queue_take(struct ps_token_queue *queue, uint64_t id)
{
    struct ps_token_request *before = NULL;
    struct ps_token_request *request = queue->first;

    while (request != NULL && request->id != id) {
        before = request;
        request = request->next;
    }
    if (request == NULL)
        return NULL;
    *(before == NULL ? &queue->first : &before->next) = request->next;
    if (queue->last == request)
        queue->last = before;
    queue->count--;
    request->next = NULL;
    return request;
}

struct ps_token_request *ps_token_request_new(enum ps_token_op op, uint64_t deadline_ns, void *arg)
{
    struct ps_token_request *request = malloc(sizeof *request);

    if (request == NULL)
        return NULL;
    memset(request, 0, offsetof(struct ps_token_request, payload));
    request->op = op;
    request->deadline_ns = deadline_ns;
    request->arg = arg;
    request->fd = -1;
    return request;
}

/* Reads one value of the answer and calls back with it. */
static void call_back(struct ps_token_request *request, enum ps_code code,
                      const struct ps_error *err, struct ps_rbuf *r)
{
    /* Large values, and one loop thread. */
    static union {
        struct ps_token_signature signature;
        struct ps_token_key key;
        struct ps_token_status status;
        struct ps_token_probe probe;
        struct ps_token_key_page page;
    } value;
    struct ps_error malformed;
    bool has_value = code == PS_OK;

    if (has_value) {
        switch (request->op) {
        case PS_TOKEN_SIGN:
            ps_get_token_signature(r, &value.signature);
            break;
        case PS_TOKEN_GENERATE:
        case PS_TOKEN_IMPORT:
            ps_get_token_key(r, &value.key);
            break;
        case PS_TOKEN_START:
        case PS_TOKEN_STATUS:
        case PS_TOKEN_LOGIN:
        case PS_TOKEN_LOGOUT:
            ps_get_token_status(r, &value.status);
            break;
        case PS_TOKEN_KEYS:
            ps_get_token_key_page(r, &value.page);
            break;
        case PS_TOKEN_PROBE:
            ps_get_token_probe(r, &value.probe);
            break;
        default:
            break;
        }
    }
    if (r != NULL && !ps_rbuf_done(r)) {
        r->bad = true;
        code = ps_fail(&malformed, PS_TOKEN_UNAVAILABLE,
                       "the token process sent a malformed answer and is replaced; ask again");
        err = &malformed;
        has_value = false;
    }
    if (request->called_back)
        return;
    request->called_back = true;
    switch (request->op) {
    case PS_TOKEN_SIGN:
        request->cb.sign(request->arg, code, err, has_value ? &value.signature : NULL);
        break;
    case PS_TOKEN_GENERATE:
    case PS_TOKEN_IMPORT:
        request->cb.key(request->arg, code, err, has_value ? &value.key : NULL);
        break;
    case PS_TOKEN_START:
    case PS_TOKEN_STATUS:
    case PS_TOKEN_LOGIN:
    case PS_TOKEN_LOGOUT:
        request->cb.status(request->arg, code, err, has_value ? &value.status : NULL);
        break;
    case PS_TOKEN_KEYS:
        request->cb.page(request->arg, code, err, has_value ? &value.page : NULL);
        break;
    case PS_TOKEN_PROBE:
        request->cb.probe(request->arg, code, err, has_value ? &value.probe : NULL);
        break;
    default:
        request->cb.done(request->arg, code, err);
        break;
    }
}

void ps_token_request_fail(struct ps_token_request *request, const struct ps_error *err)
{
    call_back(request, err->code, err, NULL);
}

enum ps_code ps_token_request_answer(struct ps_token_request *request, const uint8_t *payload,
                                     size_t length, enum ps_code *code)
{
    struct ps_error err;
    struct ps_rbuf r;

    ps_rbuf_init(&r, payload, length);
    *code = ps_get_answer(&r, &err);
    call_back(request, *code, *code == PS_OK ? NULL : &err, &r);
    return r.bad ? PS_INTERNAL_ERROR : PS_OK;
}

void ps_token_request_free(struct ps_token_request *request)
{
    if (request == NULL)
        return;
    if (request->fd >= 0)
        (void)close(request->fd);
    free(request);
}
