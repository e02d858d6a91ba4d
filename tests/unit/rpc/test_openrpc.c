#include <tests/support/check.h>

#include <proto/rpc/methods.h>
#include <string.h>

static json_t *find_method(const json_t *document, const char *name)
{
    json_t *method;
    size_t i;

    json_array_foreach(json_object_get(document, "methods"), i, method)
    {
        if (strcmp(json_string_value(json_object_get(method, "name")), name) == 0)
            return method;
    }
    return NULL;
}

static json_t *find_param(const json_t *method, const char *name)
{
    json_t *param;
    size_t i;

    json_array_foreach(json_object_get(method, "params"), i, param)
    {
        if (strcmp(json_string_value(json_object_get(param, "name")), name) == 0)
            return param;
    }
    return NULL;
}

static void every_method_and_parameter_is_in_the_document(void **state)
{
    json_t *document = ps_methods_openrpc();
    const struct ps_method *method;
    size_t count = 0;

    (void)state;
    assert_string_equal(json_string_value(json_object_get(document, "openrpc")), "1.3.2");
    for (method = ps_methods; method->name != NULL; method++, count++) {
        json_t *described = find_method(document, method->name);
        const struct ps_param *param;
        size_t params = 0;

        if (described == NULL)
            fail_msg("%s is not in the document", method->name);
        for (param = method->params; param->name != NULL; param++, params++) {
            json_t *p = find_param(described, param->name);

            if (p == NULL)
                fail_msg("%s: %s is not in the document", method->name, param->name);
            assert_int_equal(json_is_true(json_object_get(p, "required")), param->required);
            assert_true(json_is_object(json_object_get(p, "schema")));
        }
        assert_int_equal(json_array_size(json_object_get(described, "params")), params);
        assert_string_equal(json_string_value(json_object_get(described, "paramStructure")),
                            "by-name");
        assert_true(
            json_is_object(json_object_get(json_object_get(described, "result"), "schema")));
        assert_int_equal(json_object_get(described, "x-file-descriptor") != NULL,
                         method->fd != NULL);
    }
    assert_int_equal(json_array_size(json_object_get(document, "methods")), count);
    json_decref(document);
}

static void bounds_and_choices_are_in_the_schemas(void **state)
{
    json_t *document = ps_methods_openrpc();
    json_t *order =
        json_object_get(find_param(find_method(document, "paradex.sign_order"), "order"), "schema");
    json_t *orders = json_object_get(
        find_param(find_method(document, "paradex.sign_orders"), "orders"), "schema");
    json_t *properties = json_object_get(order, "properties");
    json_t *side = json_object_get(properties, "side");

    (void)state;
    assert_true(json_is_false(json_object_get(order, "additionalProperties")));
    assert_int_equal(json_array_size(json_object_get(order, "required")), 4);
    assert_string_equal(json_string_value(json_array_get(json_object_get(side, "enum"), 0)), "BUY");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(properties, "market"), "maxLength")),
        31);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(properties, "recv_window"), "minimum")),
        10);
    assert_int_equal(json_integer_value(json_object_get(orders, "maxItems")), 10);
    assert_true(
        json_equal(json_object_get(json_object_get(orders, "items"), "properties"), properties));
    json_decref(document);
}

static void every_error_of_the_daemon_is_described(void **state)
{
    json_t *document = ps_methods_openrpc();
    json_t *errors = json_object_get(json_object_get(document, "components"), "errors");
    json_t *references = json_object_get(find_method(document, "paradex.sign_order"), "errors");
    json_t *reference;
    unsigned code;
    size_t i;

    (void)state;
    for (code = PS_OK + 1; code < PS_CODE_COUNT; code++) {
        json_t *error = json_object_get(errors, ps_code_name((enum ps_code)code));

        assert_int_equal(error == NULL, code == PS_DAEMON_UNREACHABLE);
        if (error != NULL)
            assert_int_equal(json_integer_value(json_object_get(error, "code")),
                             ps_code_rpc((enum ps_code)code));
    }
    assert_int_equal(json_array_size(references), json_object_size(errors));
    json_array_foreach(references, i, reference)
    {
        const char *ref = json_string_value(json_object_get(reference, "$ref"));

        assert_int_equal(strncmp(ref, "#/components/errors/", 20), 0);
        assert_non_null(json_object_get(errors, ref + 20));
    }
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_and_parameter_is_in_the_document),
        cmocka_unit_test(bounds_and_choices_are_in_the_schemas),
        cmocka_unit_test(every_error_of_the_daemon_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
