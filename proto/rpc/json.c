#include <proto/rpc/json.h>

#include <proto/rpc/json_scan.h>
#include <stdlib.h>

/* The parser's own texts quote the input; these do not. */
static enum ps_code explain(const json_error_t *error, struct ps_error *err)
{
    enum ps_code code = PS_PARSE_ERROR;
    const char *what = "this is not valid JSON";

    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    case json_error_invalid_utf8:
        what = "this is not UTF-8";
        break;
    case json_error_premature_end_of_input:
        what = "the JSON text ends too early; a request is one whole JSON text on one line";
        break;
    case json_error_end_of_input_expected:
        what = "something follows the JSON text; write one JSON text per line";
        break;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        what = "a string with \\u0000 in it is refused";
        break;
    case json_error_duplicate_key:
        what = "this member stands twice in its object";
        break;
    case json_error_numeric_overflow:
        what = "this number does not fit 64 bits; write it as a string";
        break;
    case json_error_stack_overflow:
        what = "arrays and objects are nested too deep";
        break;
    default:
        break;
    }
    return ps_fail(err, code, "byte %d: %s", error->position, what);
}

enum ps_code ps_json_parse_line(const char *line, size_t length, json_t **out, struct ps_error *err)
{
    json_error_t error;
    enum ps_code rc;

    *out = NULL;
    if (length > PS_RPC_LINE_MAX)
        return ps_fail(err, PS_PARSE_ERROR, "the line is longer than %d bytes", PS_RPC_LINE_MAX);
    if ((rc = ps_json_scan(line, length, err)) != PS_OK)
        return rc;
    *out = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    return *out != NULL ? PS_OK : explain(&error, err);
}

char *ps_json_dump_line(const json_t *json, size_t *length)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    /* Enough for an answer with a signature, so that it is written once. */
    size_t capacity = 2048;
    size_t written;
    char *line = malloc(capacity);

    if (line == NULL)
        return NULL;
    written = json_dumpb(json, line, capacity - 1, flags);
    if (written > capacity - 1) {
        char *longer = realloc(line, written + 1);

        if (longer == NULL) {
            free(line);
            return NULL;
        }
        line = longer;
        capacity = written + 1;
        if (json_dumpb(json, line, capacity - 1, flags) != written)
            written = 0;
    }
    if (written == 0) { /* not dumpable: jansson's only other reason is memory */
        free(line);
        return NULL;
    }
    line[written] = '\n';
    *length = written + 1;
    return line;
}
