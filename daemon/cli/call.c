#include <daemon/cli/cli.h>

#include <daemon/cli/text.h>
#include <parasign/client.h>
#include <proto/rpc/request.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* error_json: what the daemon said, or NULL when err did not come from it. */
static int report(const struct ps_cli *cli, const struct ps_error *err, const char *error_json)
{
    if (!cli->json) {
        (void)fputs("parasign: ", stderr);
        ps_cli_text(stderr, err->message);
        (void)fprintf(stderr, " (%s", ps_code_name(err->code));
        if (err->rule[0] != '\0') {
            (void)fputs(", rule ", stderr);
            ps_cli_text(stderr, err->rule);
        }
        if (err->pointer[0] != '\0') {
            (void)fputs(", at ", stderr);
            ps_cli_text(stderr, err->pointer);
        }
        (void)fputs(")\n", stderr);
    } else if (error_json != NULL) {
        (void)fprintf(stderr, "%s\n", error_json);
    } else {
        json_t *object = ps_rpc_error_object(err, NULL);
        char *text = json_dumps(object, JSON_COMPACT);

        (void)fprintf(stderr, "%s\n", text != NULL ? text : "{}");
        free(text);
        json_decref(object);
    }
    return PS_EXIT_FAILED;
}

int ps_cli_fail(const struct ps_cli *cli, const struct ps_error *err)
{
    return report(cli, err, NULL);
}

int ps_cli_usage(const char *command, const char *fmt, ...)
{
    char message[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    (void)fputs("parasign: ", stderr);
    ps_cli_text(stderr, message);
    (void)fprintf(stderr, "; see `parasign help%s%s`\n", command != NULL ? " " : "",
                  command != NULL ? command : "");
    return PS_EXIT_USAGE;
}

static int show(const struct ps_cli *cli, const char *result_json, ps_cli_print *print)
{
    json_t *result;

    if (cli->json) {
        (void)printf("%s\n", result_json);
    } else if (print != NULL) {
        result = json_loads(result_json, JSON_DECODE_ANY, NULL);
        print(result);
        json_decref(result);
    }
    if (fflush(stdout) != 0) {
        (void)fputs("parasign: it was done, but the result could not be written out\n", stderr);
        return PS_EXIT_FAILED;
    }
    return PS_EXIT_DONE;
}

int ps_cli_call(const struct ps_cli *cli, const char *method, json_t *params, int fd,
                ps_cli_print *print)
{
    struct ps_client *client = NULL;
    struct ps_error err;
    char *result_json = NULL;
    char *error_json = NULL;
    char *params_json = json_dumps(params, JSON_COMPACT);
    int status;

    if (params_json == NULL) {
        (void)ps_fail(&err, PS_INTERNAL_ERROR, "memory is out");
        status = ps_cli_fail(cli, &err);
    } else if (ps_client_connect(cli->socket, &client, &err) != PS_OK ||
               ps_client_call(client, method, params_json, fd, &result_json, &error_json, &err) !=
                   PS_OK) {
        status = report(cli, &err, error_json);
    } else {
        status = show(cli, result_json, print);
    }
    ps_client_close(client);
    free(result_json);
    free(error_json);
    free(params_json);
    json_decref(params);
    return status;
}
