/* The server's structures, shared by server.c, connection.c, output.c, line.c and calls.c. */
#ifndef PARASIGN_DAEMON_FRONT_SERVER_STATE_H
#define PARASIGN_DAEMON_FRONT_SERVER_STATE_H

#include <daemon/front/server.h>

#define PS_SERVER_MAGIC 0x73727672u
#define PS_CONNECTION_MAGIC 0x636f6e6eu
#define PS_CALL_MAGIC 0x63616c6cu

/* Answers of one array of requests, sent together. */
struct ps_batch {
    struct ps_connection *connection; /* NULL once it is closed */
    json_t *answers;
    unsigned open; /* calls not answered yet, and one while the array is being read */
};

/* A call with what the server keeps about it. */
struct ps_call_state {
    struct ps_call call; /* first: methods have a pointer to it */
    unsigned magic;
    struct ps_server *server;
    struct ps_connection *connection;      /* NULL once it is closed */
    struct ps_call_state *prev, *next;     /* of the connection */
    struct ps_call_state *earlier, *later; /* of the server, by deadline */
    struct ps_batch *batch;                /* or NULL */
    struct ps_peer peer;                   /* outlives the connection */
    json_t *params;                        /* owned; call.params is the same */
    json_t *line;                          /* keeps params and id alive */
    json_t *id;                            /* borrowed from line; NULL: a notification */
    bool held;                             /* not given to its method yet */
    bool answered;                         /* by its deadline; the method's answer is dropped */
};

struct ps_connection {
    unsigned magic;
    struct ps_server *server;
    struct ps_connection *prev, *next;
    uv_poll_t poll;
    int fd;
    int watched; /* events asked of the loop */
    struct ps_peer peer;
    bool closed;

    /* input */
    char *in;
    size_t in_length, in_capacity;
    size_t scanned;      /* no line feed before this */
    uint64_t in_offset;  /* of in[0] in the stream */
    uint64_t partial_ns; /* since when an unfinished line is there; 0 none */
    bool eof, paused;
    bool discarding; /* an error ended the conversation: what still comes is dropped */
    uint64_t discard_until_ns;

    /* the descriptor that came along, for a line that starts in [passed_from, passed_to) */
    int passed_fd;   /* -1 none; owned */
    bool passed_bad; /* more than one came, or one that is no pipe and no memfd: it is closed */
    bool passed;     /* something came and no line has taken or refused it yet */
    uint64_t passed_from, passed_to;

    /* output */
    char *out;
    size_t out_length, out_sent, out_capacity;
    uint64_t blocked_ns; /* since when the client takes nothing; 0 it does */
    bool dirty;
    struct ps_connection *next_dirty;

    struct ps_call_state *calls;
    uint32_t in_flight;
    uint32_t batches;
};

struct ps_server {
    unsigned magic;
    uv_loop_t *loop;                /* borrowed */
    struct ps_front *front;         /* borrowed */
    const struct ps_config *config; /* borrowed */
    int listen_fd;                  /* borrowed */
    uv_poll_t listen_poll;
    uv_timer_t deadline_timer, sweep_timer, accept_timer, stop_timer;
    uv_prepare_t prepare;
    uv_check_t check;
    unsigned open_handles;
    struct ps_connection *connections, *dirty;
    uint32_t clients;
    struct ps_call_state *earliest, *latest;
    uint32_t in_flight;
    uint64_t requests;
    bool settled, stopping, listening, accept_paused, resume;
    ps_server_drained_cb *on_drained;
    void *drained_arg;
};

/* connection.c */
void ps_connection_accept(struct ps_server *server, int fd); /* takes fd */
void ps_connection_close(struct ps_connection *connection);
/* The second half of the closing of a connection that was dirty. */
void ps_connection_release(struct ps_connection *connection);
/* Reads on where it had stopped, if it may. */
void ps_connection_resume(struct ps_connection *connection);
/* Half a line that is too old, a client that does not read. */
void ps_connection_sweep(struct ps_connection *connection, uint64_t now_ns);
/* Nothing more is read; closed once the answers are out. */
void ps_connection_discard(struct ps_connection *connection);
/* Closes it when the client has ended its side and everything is answered. */
void ps_connection_close_if_done(struct ps_connection *connection);
/* Sets what the loop watches for. */
void ps_connection_watch(struct ps_connection *connection);

/* output.c */
/* json is stolen, and sent with the end of this turn of the loop. */
void ps_connection_send(struct ps_connection *connection, json_t *json);
void ps_connection_refuse(struct ps_connection *connection, json_t *id,
                          const struct ps_error *error);
/* Sends what is queued. The connection may be closed afterwards. */
void ps_connection_flush(struct ps_connection *connection);
bool ps_connection_is_clogged(const struct ps_connection *connection);

/* line.c */
/* One line that started at offset of the stream. */
void ps_line_serve(struct ps_connection *connection, const char *text, size_t length,
                   uint64_t offset);

/* passed_fd.c */
/* Takes in what came with the bytes [from, to); fds are owned from here on. */
void ps_passed_arrived(struct ps_connection *connection, const int *fds, size_t count,
                       uint64_t from, uint64_t to);
/* Whether a descriptor came for the line at offset that nobody took yet. */
bool ps_passed_is_for(const struct ps_connection *connection, uint64_t offset);
/* The descriptor, owned by the caller, or PS_INVALID_REQUEST when it is not of a kind we take. */
PS_MUST_USE enum ps_code ps_passed_take(struct ps_connection *connection, int *fd,
                                        struct ps_error *err);
/* After a line, its line feed included, that ended before end: whether a descriptor is left that no
 * later line can take. Then it is closed. */
bool ps_passed_is_stray(struct ps_connection *connection, uint64_t end);
void ps_passed_drop(struct ps_connection *connection);

/* calls.c */
/* Makes a call and gives it to its method, now or when the token has settled. */
void ps_call_begin(struct ps_connection *connection, struct ps_batch *batch, json_t *line,
                   json_t *id, const struct ps_method *method, json_t *params, int fd);
/* The connection goes: its calls stay. */
void ps_calls_detach(struct ps_connection *connection);
void ps_calls_release_held(struct ps_server *server);
/* Refuses all that are open. */
void ps_calls_refuse_all(struct ps_server *server, const struct ps_error *error);
void ps_calls_on_deadline(uv_timer_t *timer);
struct ps_batch *ps_batch_new(struct ps_connection *connection);
/* answer is stolen; NULL: a notification. */
void ps_batch_add(struct ps_batch *batch, json_t *answer);
/* One less to wait for; sends and frees it after the last. */
void ps_batch_release(struct ps_batch *batch);

/* server.c */
/* Answers are sent, and paused connections looked at, at the end of this turn of the loop. */
void ps_server_mark_dirty(struct ps_connection *connection);
void ps_server_mark_resume(struct ps_server *server);
void ps_server_check_drained(struct ps_server *server);
bool ps_server_is_full(const struct ps_server *server);

#endif
