/* The client's end of the socket: whole lines out, whole lines in, each within a deadline. */
#ifndef PARASIGN_PROTO_RPC_CLIENT_SOCKET_H
#define PARASIGN_PROTO_RPC_CLIENT_SOCKET_H

#include <parasign/error.h>
#include <stdint.h>

struct ps_client_socket {
    int fd;          /* owned; -1 when broken or closed */
    char *buffer;    /* owned; what was received and not yet taken */
    size_t capacity; /* of buffer */
    size_t length;   /* received bytes in buffer */
    size_t line;     /* bytes of the line that was given out last, to be dropped next */
    size_t scanned;  /* bytes of buffer known to have no line feed */
    char path[128];  /* for messages */
};

/* CLOCK_MONOTONIC in milliseconds. */
uint64_t ps_client_now_ms(void);

/* path as ps_client_connect() takes it. On failure there is nothing to close. */
PS_MUST_USE enum ps_code ps_client_socket_open(struct ps_client_socket *s, const char *path,
                                               struct ps_error *err);
void ps_client_socket_close(struct ps_client_socket *s);

/*
 * deadline_ms: by ps_client_now_ms(), or UINT64_MAX for none. fd, when not negative, travels with
 * the first byte. A line that went out in part leaves the socket closed.
 */
PS_MUST_USE enum ps_code ps_client_socket_send(struct ps_client_socket *s, const char *line,
                                               size_t length, int fd, uint64_t deadline_ms,
                                               struct ps_error *err);
/* Out: *line: the next line without its line feed, borrowed until the next call. */
PS_MUST_USE enum ps_code ps_client_socket_line(struct ps_client_socket *s, const char **line,
                                               size_t *length, uint64_t deadline_ms,
                                               struct ps_error *err);

#endif
