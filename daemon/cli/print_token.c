/* Status and the token, for people. */
#include <daemon/cli/commands.h>
#include <daemon/cli/text.h>
#include <stdio.h>
#include <time.h>

/* result: of system.unlock and system.lock, or the token member of system.status. */
void ps_cli_print_token(const json_t *result)
{
    const json_t *token = json_object_get(result, "token");

    if (token == NULL)
        token = result;
    ps_cli_row_member("token", token, "state");
    ps_cli_row_member("  detail", token, "detail");
    ps_cli_row_member("  label", token, "label");
    ps_cli_row_member("  serial", token, "serial");
    ps_cli_row_member("  model", token, "model");
    ps_cli_row_member("  module", token, "module");
    ps_cli_row_member("  STARK curve", token, "stark_curve");
}

/* Names of accounts, however much else the daemon tells of them. */
static void print_accounts(const json_t *accounts)
{
    const json_t *account;
    size_t i;

    if (json_array_size(accounts) == 0)
        return;
    ps_cli_label("accounts");
    json_array_foreach(accounts, i, account)
    {
        const char *name =
            json_is_string(account) ? json_string_value(account) : ps_cli_member(account, "name");

        (void)fputs(i > 0 ? ", " : "", stdout);
        (void)ps_cli_text(stdout, name);
    }
    (void)putchar('\n');
}

static void print_audit(const json_t *audit)
{
    json_int_t ms = json_integer_value(json_object_get(audit, "last_fsync_ms"));
    time_t seconds = (time_t)(ms / 1000);
    char when[32];
    struct tm utc;

    if (audit == NULL)
        return;
    ps_cli_label("audit");
    (void)printf("record %s in ", ps_cli_member(audit, "seq"));
    (void)ps_cli_text(stdout, ps_cli_member(audit, "path"));
    if (ms > 0 && gmtime_r(&seconds, &utc) != NULL &&
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0)
        (void)printf(", last on disk %s", when);
    (void)putchar('\n');
}

void ps_cli_print_status(const json_t *result)
{
    const json_t *upstream = json_object_get(result, "upstream");

    ps_cli_label("daemon");
    (void)fputs("version ", stdout);
    (void)ps_cli_text(stdout, ps_cli_member(result, "version"));
    (void)printf(", up %s s, %s connected\n", ps_cli_member(result, "uptime_s"),
                 ps_cli_member(result, "clients"));
    ps_cli_print_token(result);
    print_accounts(json_object_get(result, "accounts"));
    print_audit(json_object_get(result, "audit"));
    if (json_is_object(upstream))
        ps_cli_row("upstream",
                   json_is_true(json_object_get(upstream, "healthy")) ? "healthy" : "not healthy");
    else
        ps_cli_row_member("upstream", result, "upstream");
}

void ps_cli_print_probe(const json_t *result)
{
    static const char *const columns[] = {"what", "result", "detail", NULL};
    static const char *const heads[] = {"WHAT", "RESULT", "DETAIL", NULL};

    ps_cli_table(json_object_get(result, "rows"), columns, heads);
}
