/*
 * One operation asked of the token process, from its request to its one callback. Private to the
 * token client.
 */
#ifndef PARASIGN_DAEMON_FRONT_TOKEN_OP_H
#define PARASIGN_DAEMON_FRONT_TOKEN_OP_H

#include <daemon/front/token_client.h>
#include <stdint.h>

/* The largest request: a SIGN with the longest key name. */
#define PS_TOKEN_OP_PAYLOAD_MAX 128

typedef void ps_token_page_cb(void *arg, enum ps_code code, const struct ps_error *err,
                              const struct ps_token_key_page *page);

struct ps_token_request {
    struct ps_token_request *next;
    uint64_t id;
    uint64_t deadline_ns; /* CLOCK_MONOTONIC */
    uint64_t sent_ns;
    void *arg;
    union {
        ps_token_sign_cb *sign;
        ps_token_key_cb *key;
        ps_token_status_cb *status;
        ps_token_probe_cb *probe;
        ps_token_page_cb *page;
        ps_token_done_cb *done;
    } cb;
    enum ps_token_op op; /* says which callback */
    unsigned attempts;   /* how often it was sent */
    bool called_back;    /* its deadline passed in flight; the answer goes nowhere */
    int fd;              /* owned until it is sent; -1 none */
    size_t length;
    uint8_t payload[PS_TOKEN_OP_PAYLOAD_MAX];
};

/* Whether several of the kind may be in flight, and be repeated: SIGN and PING. */
bool ps_token_op_is_many(enum ps_token_op op);

/* First in, first out. */
struct ps_token_queue {
    struct ps_token_request *first, *last;
    size_t count;
};

void ps_token_queue_push(struct ps_token_queue *queue, struct ps_token_request *request);
void ps_token_queue_push_front(struct ps_token_queue *queue, struct ps_token_request *request);
/* NULL when empty. */
struct ps_token_request *ps_token_queue_pop(struct ps_token_queue *queue);
/* Takes out the request with that id; NULL when there is none. */
struct ps_token_request *ps_token_queue_take(struct ps_token_queue *queue, uint64_t id);

/* NULL when memory is out. */
struct ps_token_request *ps_token_request_new(enum ps_token_op op, uint64_t deadline_ns, void *arg);
/* Calls back with the failure, unless that was done before. */
void ps_token_request_fail(struct ps_token_request *request, const struct ps_error *err);
/*
 * Decodes the answer and calls back, unless that was done before. Out: *code, what the token
 * process said. PS_INTERNAL_ERROR when the answer is malformed (then the callback got
 * token_unavailable).
 */
PS_MUST_USE enum ps_code ps_token_request_answer(struct ps_token_request *request,
                                                 const uint8_t *payload, size_t length,
                                                 enum ps_code *code);
/* Closes the descriptor if it was not sent. */
void ps_token_request_free(struct ps_token_request *request);

#endif
