/* The method table as an OpenRPC 1.3.2 document (https://spec.open-rpc.org). */
#include <proto/rpc/methods.h>

#include <string.h>

#define OPENRPC_VERSION "1.3.2"
/* As proto/paradex/amount.h reads it. */
#define DECIMAL_PATTERN "^(0|[1-9][0-9]*)([.][0-9]{1,8})?$"
#define FELT_PATTERN "^(0x[0-9a-fA-F]{1,64}|[0-9]{1,77})$"
#define DIGITS_PATTERN "^(0|[1-9][0-9]{0,17})$"

/* What clients send is closed; what they are answered may gain members. */
enum direction { REQUEST, RESULT };

static json_t *method_document(const struct ps_method *method);
static json_t *components(void);

/*
 * Steals value into object. jansson refuses NULL here, so a failure to make the value shows as a
 * failure to set it; *bad collects them.
 */
static void put(json_t *object, const char *name, json_t *value, int *bad)
{
    *bad |= json_object_set_new(object, name, value);
}

static json_t *whole_or_nothing(json_t *json, int bad)
{
    if (bad != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

json_t *ps_methods_openrpc(void)
{
    const struct ps_method *method;
    json_t *document = json_object();
    json_t *methods = json_array();
    int bad = 0;

    put(document, "openrpc", json_string(OPENRPC_VERSION), &bad);
    put(document, "info",
        json_pack("{s:s, s:s, s:s, s:{s:s}}", "title", "parasign", "version", PS_VERSION,
                  "description",
                  "Signing service for Paradex with keys in a PKCS#11 token. One JSON text per "
                  "line over a Unix socket.",
                  "license", "name", "Apache-2.0"),
        &bad);
    for (method = ps_methods; method->name != NULL; method++)
        bad |= json_array_append_new(methods, method_document(method));
    put(document, "methods", methods, &bad);
    put(document, "components", components(), &bad);
    return whole_or_nothing(document, bad);
}

static json_t *schema_of(const struct ps_param *param, enum direction direction);

static json_t *typed(const char *type)
{
    return json_pack("{s:s}", "type", type);
}

static json_t *string_schema(const char *pattern)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *uint_schema(const struct ps_param *param)
{
    return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)param->min,
                     "maximum", (json_int_t)param->max);
}

static json_t *text_schema(const struct ps_param *param)
{
    return json_pack("{s:s, s:I, s:I}", "type", "string", "minLength", (json_int_t)param->min,
                     "maxLength", (json_int_t)param->max);
}

static json_t *choice_schema(const struct ps_param *param)
{
    json_t *schema = typed("string");
    json_t *list = json_array();
    const char *const *choice;
    int bad = 0;

    for (choice = param->choices; *choice != NULL; choice++)
        bad |= json_array_append_new(list, json_string(*choice));
    put(schema, "enum", list, &bad);
    return whole_or_nothing(schema, bad);
}

static json_t *array_schema(const struct ps_param *param, enum direction direction)
{
    json_t *schema = typed("array");
    int bad = 0;

    put(schema, "minItems", json_integer((json_int_t)param->min), &bad);
    put(schema, "maxItems", json_integer((json_int_t)param->max), &bad);
    if (param->fields != NULL)
        put(schema, "items", schema_of(param->fields, direction), &bad);
    return whole_or_nothing(schema, bad);
}

static json_t *object_schema(const struct ps_param *fields, enum direction direction)
{
    json_t *schema = typed("object");
    json_t *properties = json_object();
    json_t *required = json_array();
    int bad = 0;

    for (; fields->name != NULL; fields++) {
        put(properties, fields->name, schema_of(fields, direction), &bad);
        if (fields->required)
            bad |= json_array_append_new(required, json_string(fields->name));
    }
    put(schema, "properties", properties, &bad);
    if (direction == REQUEST)
        put(schema, "additionalProperties", json_false(), &bad);
    if (json_array_size(required) > 0)
        put(schema, "required", json_incref(required), &bad);
    json_decref(required);
    return whole_or_nothing(schema, bad);
}

static json_t *bare_schema(const struct ps_param *param, enum direction direction)
{
    switch (param->type) {
    case PS_PARAM_TEXT:
        return text_schema(param);
    case PS_PARAM_CHOICE:
        return choice_schema(param);
    case PS_PARAM_DECIMAL:
        return string_schema(DECIMAL_PATTERN);
    case PS_PARAM_UINT:
        return uint_schema(param);
    case PS_PARAM_UINT_TEXT:
        return json_pack("{s:[o, o]}", "oneOf", uint_schema(param), string_schema(DIGITS_PATTERN));
    case PS_PARAM_BOOL:
        return typed("boolean");
    case PS_PARAM_FELT:
        return string_schema(FELT_PATTERN);
    case PS_PARAM_OBJECT:
        return object_schema(param->fields, direction);
    case PS_PARAM_ARRAY:
        return array_schema(param, direction);
    case PS_PARAM_DOCUMENT:
        return typed("object");
    }
    return NULL;
}

static json_t *schema_of(const struct ps_param *param, enum direction direction)
{
    json_t *schema = bare_schema(param, direction);
    int bad = 0;

    if (param->nullable)
        put(schema, "type", json_pack("[O, s]", json_object_get(schema, "type"), "null"), &bad);
    put(schema, "description", json_string(param->about), &bad);
    return whole_or_nothing(schema, bad);
}

static json_t *params_document(const struct ps_param *params)
{
    json_t *list = json_array();
    int bad = list == NULL;

    for (; params != NULL && params->name != NULL; params++)
        bad |= json_array_append_new(
            list, json_pack("{s:s, s:s, s:b, s:o}", "name", params->name, "summary", params->about,
                            "required", params->required, "schema", schema_of(params, REQUEST)));
    return whole_or_nothing(list, bad);
}

/* Every method can be refused with any of them, but for the one that only clients make. */
static bool sent_by_daemon(enum ps_code code)
{
    return code != PS_OK && code != PS_DAEMON_UNREACHABLE;
}

static json_t *error_references(void)
{
    json_t *list = json_array();
    unsigned code;
    int bad = list == NULL;

    for (code = 0; code < PS_CODE_COUNT; code++)
        if (sent_by_daemon((enum ps_code)code))
            bad |= json_array_append_new(
                list, json_pack("{s:s+}", "$ref", "#/components/errors/", ps_code_name(code)));
    return whole_or_nothing(list, bad);
}

static json_t *method_document(const struct ps_method *method)
{
    json_t *document = json_object();
    int bad = 0;

    put(document, "name", json_string(method->name), &bad);
    put(document, "summary", json_string(method->about), &bad);
    put(document, "paramStructure", json_string("by-name"), &bad);
    put(document, "params", params_document(method->params), &bad);
    put(document, "result",
        json_pack("{s:s, s:o}", "name", "result", "schema", object_schema(method->result, RESULT)),
        &bad);
    put(document, "errors", error_references(), &bad);
    if (method->fd != NULL)
        put(document, "x-file-descriptor",
            json_pack("{s:s, s:b, s:s}", "carries", method->fd, "required", method->fd_required,
                      "how", "a pipe or memfd, passed with the first byte of the line"),
            &bad);
    return whole_or_nothing(document, bad);
}

static json_t *error_document(enum ps_code code)
{
    return json_pack("{s:i, s:s, s:{s:s, s:b}}", "code", ps_code_rpc(code), "message",
                     ps_code_meaning(code), "data", "code", ps_code_name(code), "retryable",
                     ps_code_retryable(code));
}

static json_t *components(void)
{
    json_t *errors = json_object();
    json_t *document = json_object();
    unsigned code;
    int bad = 0;

    for (code = 0; code < PS_CODE_COUNT; code++)
        if (sent_by_daemon((enum ps_code)code))
            put(errors, ps_code_name(code), error_document(code), &bad);
    put(document, "errors", errors, &bad);
    return whole_or_nothing(document, bad);
}
