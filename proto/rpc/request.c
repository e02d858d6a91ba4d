#include <proto/rpc/request.h>

#include <proto/rpc/json.h>
#include <proto/rpc/quote.h>
#include <string.h>

static enum ps_code read_id(const json_t *json, struct ps_rpc_request *request,
                            struct ps_error *err)
{
    json_t *id = json_object_get(json, "id");

    if (id == NULL)
        return PS_OK;
    if (json_is_string(id) && json_string_length(id) > PS_RPC_ID_MAX)
        return ps_fail(err, PS_INVALID_REQUEST, "the id is longer than %d bytes", PS_RPC_ID_MAX);
    if (!json_is_string(id) && !json_is_integer(id))
        return ps_fail(err, PS_INVALID_REQUEST,
                       "the id must be a string or an integer; leave it out for a notification");
    request->id = id;
    return PS_OK;
}

static bool member_known(const char *name)
{
    return strcmp(name, "jsonrpc") == 0 || strcmp(name, "id") == 0 || strcmp(name, "method") == 0 ||
           strcmp(name, "params") == 0;
}

enum ps_code ps_rpc_request_read(const json_t *json, struct ps_rpc_request *request,
                                 struct ps_error *err)
{
    const char *version;
    const char *name;
    char quoted[PS_QUOTE_MAX];
    json_t *value;
    enum ps_code rc;

    *request = (struct ps_rpc_request){NULL, NULL, NULL};
    if (!json_is_object(json))
        return ps_fail(err, PS_INVALID_REQUEST,
                       "a request is a JSON object, or an array of at most %d of them",
                       PS_RPC_BATCH_MAX);
    if ((rc = read_id(json, request, err)) != PS_OK)
        return rc;
    version = json_string_value(json_object_get(json, "jsonrpc"));
    if (version == NULL || strcmp(version, "2.0") != 0)
        return ps_fail(err, PS_INVALID_REQUEST, "member \"jsonrpc\" must be \"2.0\"");
    request->method = json_string_value(json_object_get(json, "method"));
    if (request->method == NULL)
        return ps_fail(err, PS_INVALID_REQUEST,
                       "member \"method\" must be the name of a method; rpc.discover lists them");
    request->params = json_object_get(json, "params");
    if (request->params != NULL && !json_is_object(request->params))
        return ps_fail(err, PS_INVALID_REQUEST, "member \"params\" must be an object");
    json_object_foreach((json_t *)json, name, value)
    {
        if (!member_known(name))
            return ps_fail(err, PS_INVALID_REQUEST,
                           "a request has the members jsonrpc, id, method and params, and no "
                           "%s",
                           ps_quote(quoted, name));
    }
    return PS_OK;
}

static json_t *frame(json_t *id)
{
    json_t *answer = json_object();

    if (answer == NULL)
        return NULL;
    if (json_object_set_new_nocheck(answer, "jsonrpc", json_string_nocheck("2.0")) != 0 ||
        json_object_set_nocheck(answer, "id", id != NULL ? id : json_null()) != 0) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

json_t *ps_rpc_answer(json_t *id, json_t *result)
{
    json_t *answer = frame(id);

    if (answer == NULL) {
        json_decref(result);
        return NULL;
    }
    if (json_object_set_new_nocheck(answer, "result", result) != 0) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

/* A text that is cut or comes from a token's module may not be UTF-8, and must not cost the answer.
 */
static json_t *safe_text(const char *text, const char *otherwise)
{
    json_t *json = json_string(text);

    return json != NULL ? json : json_string_nocheck(otherwise);
}

json_t *ps_rpc_error_object(const struct ps_error *error, const json_t *extra)
{
    json_t *data = json_object();
    json_t *object = json_object();
    int bad = 0;

    bad |= json_object_set_new_nocheck(data, "code", json_string(ps_code_name(error->code)));
    bad |= json_object_set_new_nocheck(data, "retryable",
                                       json_boolean(ps_code_retryable(error->code)));
    if (error->pointer[0] != '\0')
        bad |= json_object_set_new_nocheck(data, "pointer", safe_text(error->pointer, "/params"));
    if (error->rule[0] != '\0')
        bad |= json_object_set_new_nocheck(data, "rule", safe_text(error->rule, "unknown"));
    if (extra != NULL)
        bad |= json_object_update(data, (json_t *)extra);
    bad |= json_object_set_new_nocheck(object, "code", json_integer(ps_code_rpc(error->code)));
    bad |= json_object_set_new_nocheck(object, "message",
                                       safe_text(error->message, ps_code_meaning(error->code)));
    bad |= json_object_set_new_nocheck(object, "data", data);
    if (bad != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *ps_rpc_refusal(json_t *id, const struct ps_error *error, const json_t *extra)
{
    json_t *answer = frame(id);

    if (answer == NULL)
        return NULL;
    if (json_object_set_new_nocheck(answer, "error", ps_rpc_error_object(error, extra)) != 0) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}
