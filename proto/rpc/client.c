#include <parasign/client.h>

#include <assert.h>
#include <jansson.h>
#include <proto/rpc/client_answer.h>
#include <proto/rpc/client_socket.h>
#include <proto/rpc/json.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT_MAGIC 0x70736331u

struct ps_client {
    unsigned magic;
    unsigned timeout_ms; /* 0: none */
    json_int_t last_id;
    struct ps_client_socket socket; /* owned */
};

enum ps_code ps_client_connect(const char *path, struct ps_client **out, struct ps_error *err)
{
    struct ps_client *client = calloc(1, sizeof *client);
    enum ps_code rc;

    *out = NULL;
    if (client == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    if ((rc = ps_client_socket_open(&client->socket, path, err)) != PS_OK) {
        free(client);
        return rc;
    }
    client->magic = CLIENT_MAGIC;
    client->timeout_ms = PS_CLIENT_TIMEOUT_MS;
    *out = client;
    return PS_OK;
}

void ps_client_close(struct ps_client *client)
{
    if (client == NULL)
        return;
    assert(client->magic == CLIENT_MAGIC);
    ps_client_socket_close(&client->socket);
    client->magic = 0;
    free(client);
}

void ps_client_set_timeout_ms(struct ps_client *client, unsigned timeout_ms)
{
    assert(client->magic == CLIENT_MAGIC);
    client->timeout_ms = timeout_ms;
}

/* The request as one line with its line feed, from malloc(). */
static enum ps_code build_line(const char *method, const char *params_json, json_int_t id,
                               char **line, size_t *length, struct ps_error *err)
{
    json_t *params = NULL;
    json_t *request = NULL;
    enum ps_code rc = PS_OK;

    *line = NULL;
    if (params_json != NULL &&
        (rc = ps_json_parse_line(params_json, strlen(params_json), &params, err)) != PS_OK) {
        ps_error_prefix_pointer(err, "/params");
        goto out;
    }
    if (params != NULL && !json_is_object(params)) {
        rc = ps_fail_at(err, "/params", "the parameters must be a JSON object");
        goto out;
    }
    request = json_pack("{s:s, s:I, s:s, s:O*}", "jsonrpc", "2.0", "id", id, "method", method,
                        "params", params);
    if (request == NULL) {
        rc = ps_fail(err, PS_INVALID_REQUEST, "the method's name is not UTF-8, or memory is out");
        goto out;
    }
    *line = ps_json_dump_line(request, length);
    if (*line == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    } else if (*length - 1 > PS_RPC_LINE_MAX) {
        rc = ps_fail_at(err, "/params", "the request would be longer than %d bytes",
                        PS_RPC_LINE_MAX);
        free(*line);
        *line = NULL;
    }
out:
    json_decref(request);
    json_decref(params);
    return rc;
}

/* Answers to calls that were given up before are skipped. */
static enum ps_code await_answer(struct ps_client *client, uint64_t deadline_ms, json_t **result,
                                 json_t **error, struct ps_error *err)
{
    const char *line;
    size_t length;
    bool mine = false;
    enum ps_code rc;

    do {
        if ((rc = ps_client_socket_line(&client->socket, &line, &length, deadline_ms, err)) !=
            PS_OK)
            return rc;
        rc = ps_client_answer_read(line, length, client->last_id, result, error, &mine, err);
        if (rc != PS_OK) {
            ps_client_socket_close(&client->socket);
            return rc;
        }
    } while (!mine);
    return PS_OK;
}

/* From malloc(), as the header promises, whatever allocator jansson was given. */
static char *to_text(const json_t *json)
{
    size_t length;
    char *text = ps_json_dump_line(json, &length);

    if (text != NULL)
        text[length - 1] = '\0';
    return text;
}

enum ps_code ps_client_call(struct ps_client *client, const char *method, const char *params_json,
                            int fd, char **result_json, char **error_json, struct ps_error *err)
{
    uint64_t deadline_ms = UINT64_MAX;
    json_t *result = NULL;
    json_t *error = NULL;
    char *line = NULL;
    size_t length;
    enum ps_code rc;

    assert(client->magic == CLIENT_MAGIC);
    *result_json = NULL;
    if (error_json != NULL)
        *error_json = NULL;
    if (client->timeout_ms != 0)
        deadline_ms = ps_client_now_ms() + client->timeout_ms;
    if ((rc = build_line(method, params_json, ++client->last_id, &line, &length, err)) != PS_OK ||
        (rc = ps_client_socket_send(&client->socket, line, length, fd, deadline_ms, err)) !=
            PS_OK ||
        (rc = await_answer(client, deadline_ms, &result, &error, err)) != PS_OK)
        goto out;
    if (error != NULL) {
        rc = ps_client_answer_error(error, err);
        if (error_json != NULL)
            *error_json = to_text(error);
        goto out;
    }
    *result_json = to_text(result);
    if (*result_json == NULL)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
out:
    free(line);
    json_decref(result);
    json_decref(error);
    return rc;
}
