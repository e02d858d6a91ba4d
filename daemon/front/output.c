/* What goes out to a client: queued, sent at the end of a turn of the loop, bounded. */
#include <daemon/front/server_state.h>

#include <assert.h>
#include <daemon/front/clock.h>
#include <daemon/front/log.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <proto/rpc/json.h>
#include <proto/rpc/request.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Above this no more lines are read from the client. */
#define OUT_HIGH ((size_t)256 * 1024)
/* Above this it is dropped: answers of calls that were in flight when reading stopped. */
#define OUT_MAX ((size_t)32 * 1024 * 1024)
/* A buffer that grew larger is given back once it is empty. */
#define OUT_KEEP ((size_t)64 * 1024)

bool ps_connection_is_clogged(const struct ps_connection *connection)
{
    return connection->out_length - connection->out_sent > OUT_HIGH;
}

static bool make_room(struct ps_connection *connection, size_t length)
{
    size_t capacity = connection->out_capacity == 0 ? 4096 : connection->out_capacity;
    char *out;

    if (length > OUT_MAX - connection->out_length)
        return false;
    while (capacity < connection->out_length + length)
        capacity *= 2;
    if (capacity == connection->out_capacity)
        return true;
    if ((out = realloc(connection->out, capacity)) == NULL)
        return false;
    connection->out = out;
    connection->out_capacity = capacity;
    return true;
}

void ps_connection_send(struct ps_connection *connection, json_t *json)
{
    size_t length = 0;
    char *text;

    assert(connection->magic == PS_CONNECTION_MAGIC);
    if (connection->closed) {
        json_decref(json);
        return;
    }
    text = json == NULL ? NULL : ps_json_dump_line(json, &length);
    json_decref(json);
    if (text == NULL || !make_room(connection, length)) {
        ps_log(PS_LOG_WARNING, "a client of uid %u is dropped: %s", (unsigned)connection->peer.uid,
               text == NULL ? "memory is out" : "it does not read its answers");
        free(text);
        ps_connection_close(connection);
        return;
    }
    memcpy(connection->out + connection->out_length, text, length);
    connection->out_length += length;
    OPENSSL_cleanse(text, length);
    free(text);
    ps_server_mark_dirty(connection);
}

void ps_connection_refuse(struct ps_connection *connection, json_t *id,
                          const struct ps_error *error)
{
    ps_connection_send(connection, ps_rpc_refusal(id, error, NULL));
}

static void on_all_sent(struct ps_connection *connection)
{
    if (connection->out_capacity > 0)
        OPENSSL_cleanse(connection->out, connection->out_length);
    connection->out_length = connection->out_sent = 0;
    if (connection->out_capacity > OUT_KEEP) {
        free(connection->out);
        connection->out = NULL;
        connection->out_capacity = 0;
    }
}

void ps_connection_flush(struct ps_connection *connection)
{
    while (connection->out_sent < connection->out_length) {
        ssize_t n =
            send(connection->fd, connection->out + connection->out_sent,
                 connection->out_length - connection->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n > 0) {
            connection->out_sent += (size_t)n;
            connection->blocked_ns = 0;
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (connection->blocked_ns == 0)
                connection->blocked_ns = ps_clock_ns();
            break;
        }
        ps_connection_close(connection); /* the client is gone */
        return;
    }
    if (connection->out_sent == connection->out_length)
        on_all_sent(connection);
    ps_connection_watch(connection);
    ps_connection_close_if_done(connection);
    ps_server_check_drained(connection->server);
}
