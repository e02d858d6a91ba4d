/* From one line to calls: parsing, batches, the envelope, the method table, the descriptor. */
#include <daemon/front/server_state.h>

#include <proto/rpc/json.h>
#include <proto/rpc/request.h>
#include <unistd.h>

/* Where the answer of one request goes. */
static void answer(struct ps_connection *connection, struct ps_batch *batch, json_t *json)
{
    if (batch != NULL)
        ps_batch_add(batch, json);
    else
        ps_connection_send(connection, json);
}

/* One line of the client, and where it stood in what the client sent. */
struct line {
    struct ps_connection *connection;
    json_t *json;
    uint64_t offset; /* of its first byte */
    uint64_t end;    /* behind its line feed */
};

/* The descriptor for this request, if its method takes one; *fd is -1 when there is none. */
static enum ps_code find_fd(const struct line *line, const struct ps_method *method, bool alone,
                            int *fd, struct ps_error *err)
{
    struct ps_connection *connection = line->connection;

    *fd = -1;
    if (method->fd == NULL) {
        if (!alone || !ps_passed_is_for(connection, line->offset) ||
            !ps_passed_is_stray(connection, line->end))
            return PS_OK;
        return ps_fail(err, PS_INVALID_REQUEST,
                       "%s takes no descriptor, and one came with the line; it was closed",
                       method->name);
    }
    if (ps_passed_is_for(connection, line->offset))
        return ps_passed_take(connection, fd, err);
    if (method->fd_required)
        return ps_fail(err, PS_INVALID_REQUEST, "%s needs %s: pass a pipe or a memfd with the line",
                       method->name, method->fd);
    return PS_OK;
}

static void serve_request(const struct line *line, struct ps_batch *batch, const json_t *json)
{
    struct ps_connection *connection = line->connection;
    struct ps_rpc_request request;
    const struct ps_method *method = NULL;
    struct ps_error err;
    bool is_request = false;
    enum ps_code rc;
    int fd = -1;

    if ((rc = ps_rpc_request_read(json, &request, &err)) != PS_OK)
        goto out;
    is_request = true;
    if (connection->server->stopping) {
        rc = ps_fail(&err, PS_SHUTTING_DOWN, "the daemon is stopping; ask again when it is back");
        goto out;
    }
    if ((method = ps_method_find(request.method)) == NULL) {
        rc = ps_fail(&err, PS_METHOD_NOT_FOUND, "there is no such method; rpc.discover lists them");
        goto out;
    }
    if ((rc = ps_method_check(method, request.params, &err)) != PS_OK ||
        (rc = find_fd(line, method, batch == NULL, &fd, &err)) != PS_OK)
        goto out;
    ps_call_begin(connection, batch, line->json, request.id, method, request.params, fd);
out:
    /* A well-formed request without an id is a notification, and nothing is answered to it. */
    if (rc != PS_OK && (!is_request || request.id != NULL))
        answer(connection, batch, ps_rpc_refusal(request.id, &err, NULL));
}

static void serve_batch(const struct line *line)
{
    struct ps_connection *connection = line->connection;
    struct ps_batch *batch;
    struct ps_error err;
    size_t count = json_array_size(line->json);
    size_t i;

    if (count == 0 || count > PS_RPC_BATCH_MAX) {
        (void)ps_fail(&err, PS_INVALID_REQUEST, "an array holds 1 to %d requests",
                      PS_RPC_BATCH_MAX);
        ps_connection_refuse(connection, NULL, &err);
        return;
    }
    if ((batch = ps_batch_new(connection)) == NULL) {
        (void)ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        ps_connection_refuse(connection, NULL, &err);
        return;
    }
    for (i = 0; i < count; i++)
        serve_request(line, batch, json_array_get(line->json, i));
    ps_batch_release(batch);
    if (!connection->closed && ps_passed_is_stray(connection, line->end)) {
        (void)ps_fail(
            &err, PS_INVALID_REQUEST,
            "a descriptor came with the array that no request of it takes; it was closed");
        ps_connection_refuse(connection, NULL, &err);
    }
}

static bool is_blank(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    }
    return true;
}

void ps_line_serve(struct ps_connection *connection, const char *text, size_t length,
                   uint64_t offset)
{
    struct line line = {connection, NULL, offset, offset + length + 1};
    struct ps_error err;

    if (is_blank(text, length))
        goto out;
    if (ps_json_parse_line(text, length, &line.json, &err) != PS_OK)
        ps_connection_refuse(connection, NULL, &err);
    else if (json_is_array(line.json))
        serve_batch(&line);
    else
        serve_request(&line, NULL, line.json);
    json_decref(line.json);
out:
    /* What the line was refused for, or a batch without a taker, has nothing to do with the next.
     */
    if (!connection->closed)
        (void)ps_passed_is_stray(connection, line.end);
}
