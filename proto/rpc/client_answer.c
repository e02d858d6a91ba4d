#include <proto/rpc/client_answer.h>

#include <stdio.h>
#include <string.h>

enum ps_code ps_client_answer_read(const char *line, size_t length, json_int_t id, json_t **result,
                                   json_t **error, bool *mine, struct ps_error *err)
{
    json_t *answer = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    json_t *answered = json_object_get(answer, "id");
    json_t *r = json_object_get(answer, "result");
    json_t *e = json_object_get(answer, "error");
    enum ps_code rc = PS_OK;

    *result = NULL;
    *error = NULL;
    *mine = false;
    if (!json_is_object(answer) || (r == NULL) == (e == NULL) || (e != NULL && !json_is_object(e)))
        rc =
            ps_fail(err, PS_DAEMON_UNREACHABLE,
                    "what came over the socket is no answer of parasignd; check the socket's path");
    else if (json_is_integer(answered))
        *mine = json_integer_value(answered) == id;
    else
        *mine = json_is_null(answered) && e != NULL;
    if (rc == PS_OK && *mine) {
        *result = json_incref(r);
        *error = json_incref(e);
    }
    json_decref(answer);
    return rc;
}

static enum ps_code code_of(const json_t *error, const json_t *data)
{
    const char *name = json_string_value(json_object_get(data, "code"));
    json_int_t rpc = json_integer_value(json_object_get(error, "code"));
    enum ps_code code = name != NULL ? ps_code_from_name(name) : PS_CODE_COUNT;
    unsigned i;

    if (code != PS_CODE_COUNT && code != PS_OK)
        return code;
    /* a newer daemon may have codes of which we know the number only */
    for (i = PS_OK + 1; i < PS_CODE_COUNT; i++)
        if (ps_code_rpc((enum ps_code)i) == rpc)
            return (enum ps_code)i;
    return PS_INTERNAL_ERROR;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

enum ps_code ps_client_answer_error(const json_t *error, struct ps_error *err)
{
    const json_t *data = json_object_get(error, "data");
    enum ps_code code = code_of(error, data);

    (void)ps_fail(err, code, "%s", text_of(error, "message"));
    if (err != NULL) {
        (void)snprintf(err->pointer, sizeof err->pointer, "%s", text_of(data, "pointer"));
        (void)snprintf(err->rule, sizeof err->rule, "%s", text_of(data, "rule"));
    }
    return code;
}
