#include <proto/rpc/methods.h>

#include <assert.h>
#include <inttypes.h>
#include <proto/rpc/quote.h>
#include <proto/rpc/schema_values.h>
#include <string.h>

#define FIELDS_MAX 64 /* bits of the set of members seen */

/*
 * The recursion follows the table, not the request: it goes as deep as the deepest row and no
 * further, whatever a client sends.
 */
static enum ps_code check_object(const struct ps_param *fields, const json_t *object,
                                 const struct ps_schema_path *path, struct ps_error *err);

static enum ps_code check_array(const struct ps_param *param, const json_t *value,
                                const struct ps_schema_path *path, struct ps_error *err);

/* The pointer shows where the member should be. */
static enum ps_code refuse_missing(const struct ps_param *field, const struct ps_schema_path *path,
                                   struct ps_error *err)
{
    struct ps_schema_path there = {path, field->name, 0};

    return ps_schema_fail(err, &there, "member \"%s\" is missing: %s", field->name, field->about);
}

enum ps_code ps_method_check(const struct ps_method *method, const json_t *params,
                             struct ps_error *err)
{
    static const struct ps_param none = {0};
    struct ps_schema_path root = {NULL, "params", 0};
    const struct ps_param *field;

    if (params != NULL)
        return check_object(method->params != NULL ? method->params : &none, params, &root, err);
    for (field = method->params; field != NULL && field->name != NULL; field++)
        if (field->required)
            return refuse_missing(field, &root, err);
    return PS_OK;
}

static enum ps_code check_value(const struct ps_param *param, const json_t *value,
                                const struct ps_schema_path *path, struct ps_error *err)
{
    if (param->type == PS_PARAM_OBJECT)
        return check_object(param->fields, value, path, err);
    if (param->type == PS_PARAM_ARRAY)
        return check_array(param, value, path, err);
    return ps_schema_value(param, value, path, err);
}

/* The index of name, or the count of fields. */
static size_t field_index(const struct ps_param *fields, const char *name)
{
    size_t i;

    for (i = 0; fields[i].name != NULL; i++)
        if (strcmp(fields[i].name, name) == 0)
            break;
    return i;
}

static enum ps_code refuse_unknown(const char *name, const struct ps_param *fields,
                                   const struct ps_schema_path *path, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX];
    char hint[PS_SCHEMA_HINT_MAX];

    ps_schema_hint(hint, name, fields);
    return ps_schema_fail(err, path, "there is no member %s%s", ps_quote(quoted, name), hint);
}

static enum ps_code check_object(const struct ps_param *fields, const json_t *object,
                                 const struct ps_schema_path *path, struct ps_error *err)
{
    uint64_t seen = 0;
    const char *name;
    json_t *value;
    size_t i;

    if (!json_is_object(object))
        return ps_schema_fail(err, path, "this must be an object");
    json_object_foreach((json_t *)object, name, value)
    {
        struct ps_schema_path here = {path, name, 0};
        enum ps_code rc;

        i = field_index(fields, name);
        if (fields[i].name == NULL)
            return refuse_unknown(name, fields, &here, err);
        assert(i < FIELDS_MAX);
        seen |= UINT64_C(1) << i;
        if ((rc = check_value(&fields[i], value, &here, err)) != PS_OK)
            return rc;
    }
    for (i = 0; fields[i].name != NULL; i++)
        if (fields[i].required && (seen & (UINT64_C(1) << i)) == 0)
            return refuse_missing(&fields[i], path, err);
    return PS_OK;
}

static enum ps_code check_array(const struct ps_param *param, const json_t *value,
                                const struct ps_schema_path *path, struct ps_error *err)
{
    size_t count = json_array_size(value);
    size_t i;

    if (!json_is_array(value))
        return ps_schema_fail(err, path, "this must be an array");
    if (count < param->min || count > param->max)
        return ps_schema_fail(err, path,
                              "this must have %" PRIu64 " to %" PRIu64 " elements, and has %zu",
                              param->min, param->max, count);
    for (i = 0; i < count; i++) {
        struct ps_schema_path here = {path, NULL, i};
        enum ps_code rc = check_value(param->fields, json_array_get(value, i), &here, err);

        if (rc != PS_OK)
            return rc;
    }
    return PS_OK;
}
