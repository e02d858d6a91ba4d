#include <daemon/cli/arguments.h>

#include <assert.h>
#include <daemon/cli/files.h>
#include <proto/rpc/json.h>
#include <stdlib.h>
#include <string.h>

/* The parameters while they are put together. */
struct building {
    const struct ps_cli *cli;
    const struct ps_cli_command *command;
    const struct ps_method *method;
    const struct ps_param *flattened; /* or NULL */
    json_t *params;                   /* owned */
    json_t *inner;                    /* of flattened, or params; borrowed */
    size_t places;                    /* positional words so far */
};

static int take_option(struct building *b, int argc, char **argv, int *at);
static int take_word(struct building *b, const char *word);
static int check_required(const struct building *b);

static const struct ps_param *find_param(const struct ps_param *params, const char *name)
{
    for (; params != NULL && params->name != NULL; params++)
        if (strcmp(params->name, name) == 0)
            return params;
    return NULL;
}

const struct ps_param *ps_cli_flattened(const struct ps_cli_command *command,
                                        const struct ps_method *method)
{
    return command->flatten != NULL ? find_param(method->params, command->flatten) : NULL;
}

bool ps_cli_is_option(const struct ps_cli_command *command, const struct ps_param *param)
{
    const char *const *place;

    if (command->flatten != NULL && strcmp(param->name, command->flatten) == 0)
        return false;
    for (place = command->positional; *place != NULL; place++)
        if (strcmp(param->name, *place) == 0)
            return false;
    return true;
}

int ps_cli_arguments(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                     char **argv, json_t **params)
{
    struct building b = {cli,  command, ps_method_find(command->method), NULL, json_object(),
                         NULL, 0};
    bool only_words = false;
    int status = PS_EXIT_DONE;
    int i;

    assert(b.method != NULL);
    b.flattened = ps_cli_flattened(command, b.method);
    b.inner = b.params;
    if (b.flattened != NULL) {
        (void)json_object_set_new(b.params, b.flattened->name, json_object());
        b.inner = json_object_get(b.params, b.flattened->name);
    }
    for (i = 0; i < argc && status == PS_EXIT_DONE; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && ps_cli_looks_like_option(argv[i]))
            status = take_option(&b, argc, argv, &i);
        else
            status = take_word(&b, argv[i]);
    }
    if (status == PS_EXIT_DONE)
        status = check_required(&b);
    if (status != PS_EXIT_DONE) {
        json_decref(b.params);
        b.params = NULL;
    }
    *params = b.params;
    return status;
}

/* "--recv-window" and "--recv-window=10" are recv_window. */
static void member_name(char out[64], const char *word)
{
    size_t n = 0;

    for (word += strspn(word, "-"); *word != '\0' && *word != '=' && n < 63; word++)
        out[n++] = (char)(*word == '-' ? '_' : *word);
    out[n] = '\0';
}

static const struct ps_param *find_option(const struct building *b, const char *word,
                                          json_t **object)
{
    const struct ps_param *param = NULL;
    char name[64];

    if (strncmp(word, "--", 2) != 0)
        return NULL;
    member_name(name, word);
    *object = b->inner;
    if (b->flattened != NULL)
        param = find_param(b->flattened->fields, name);
    if (param == NULL) {
        *object = b->params;
        param = find_param(b->method->params, name);
        if (param != NULL && !ps_cli_is_option(b->command, param))
            param = NULL;
    }
    return param;
}

static bool all_digits(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18;
}

static int add_list(const struct building *b, json_t *object, const struct ps_param *param,
                    const char *text)
{
    json_t *list = json_object_get(object, param->name);

    if (list == NULL) {
        list = json_array();
        if (json_object_set_new(object, param->name, list) != 0)
            return ps_cli_usage(b->command->name, "memory is out");
    }
    for (;;) {
        size_t length = strcspn(text, ",");

        if (json_array_append_new(list, json_stringn(text, length)) != 0)
            return ps_cli_usage(b->command->name, "the value of %s is not UTF-8", param->name);
        if (text[length] == '\0')
            return PS_EXIT_DONE;
        text += length + 1;
    }
}

static int add_document(const struct building *b, json_t *object, const struct ps_param *param,
                        const char *path)
{
    struct ps_error err;
    json_t *document = NULL;
    char *text = NULL;
    size_t length;
    int status = PS_EXIT_DONE;

    if (ps_cli_read_file(path, &text, &length, &err) != PS_OK ||
        ps_json_parse_line(text, length, &document, &err) != PS_OK)
        status = ps_cli_fail(b->cli, &err);
    else if (json_object_set_new(object, param->name, document) != 0)
        status = ps_cli_usage(b->command->name, "memory is out");
    free(text);
    return status;
}

/* text: NULL for a boolean. */
static int add_value(const struct building *b, json_t *object, const struct ps_param *param,
                     const char *text)
{
    json_t *value;

    if (param->type == PS_PARAM_ARRAY)
        return add_list(b, object, param, text);
    if (json_object_get(object, param->name) != NULL)
        return ps_cli_usage(b->command->name, "%s was given twice", param->name);
    if (param->type == PS_PARAM_DOCUMENT)
        return add_document(b, object, param, text);
    if (param->type == PS_PARAM_BOOL)
        value = json_true();
    else if (param->type == PS_PARAM_UINT && all_digits(text))
        value = json_integer(strtoll(text, NULL, 10));
    else
        value = json_string(text);
    if (json_object_set_new(object, param->name, value) != 0)
        return ps_cli_usage(b->command->name, "the value of %s is not UTF-8", param->name);
    return PS_EXIT_DONE;
}

static int take_option(struct building *b, int argc, char **argv, int *at)
{
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    json_t *object = NULL;
    const struct ps_param *param = find_option(b, word, &object);

    if (param == NULL)
        return ps_cli_usage(b->command->name, "unknown option %s", word);
    if (param->type == PS_PARAM_BOOL) {
        if (equals != NULL)
            return ps_cli_usage(b->command->name, "%.*s takes no value", (int)(equals - word),
                                word);
        return add_value(b, object, param, NULL);
    }
    if (equals != NULL)
        return add_value(b, object, param, equals + 1);
    if (*at + 1 >= argc)
        return ps_cli_usage(b->command->name, "%s needs a value", word);
    return add_value(b, object, param, argv[++*at]);
}

static int take_word(struct building *b, const char *word)
{
    const char *place = b->command->positional[b->places];

    if (place == NULL)
        return ps_cli_usage(b->command->name, "there is no place for \"%s\"", word);
    b->places++;
    return add_value(b, b->params, find_param(b->method->params, place), word);
}

/* "signature_timestamp" as "--signature-timestamp". */
static void option_name(char out[64], const char *name)
{
    size_t n = 2;

    out[0] = out[1] = '-';
    for (; *name != '\0' && n < 63; name++)
        out[n++] = (char)(*name == '_' ? '-' : *name);
    out[n] = '\0';
}

static int refuse_missing(const struct building *b, const struct ps_param *param)
{
    char option[64];

    if (!ps_cli_is_option(b->command, param))
        return ps_cli_usage(b->command->name, "%s: %s is missing", b->command->name, param->name);
    option_name(option, param->name);
    return ps_cli_usage(b->command->name, "%s: %s is missing: %s", b->command->name, option,
                        param->about);
}

static int check_required(const struct building *b)
{
    const struct ps_param *param;

    for (param = b->method->params; param != NULL && param->name != NULL; param++)
        if (param->required && json_object_get(b->params, param->name) == NULL)
            return refuse_missing(b, param);
    for (param = b->flattened != NULL ? b->flattened->fields : NULL;
         param != NULL && param->name != NULL; param++)
        if (param->required && json_object_get(b->inner, param->name) == NULL)
            return refuse_missing(b, param);
    return PS_EXIT_DONE;
}

int ps_cli_run_method(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                      char **argv)
{
    json_t *params;
    int status = ps_cli_arguments(cli, command, argc, argv, &params);

    if (status != PS_EXIT_DONE)
        return status;
    return ps_cli_call(cli, command->method, params, -1, command->print);
}
