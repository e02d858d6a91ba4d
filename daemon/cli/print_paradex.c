/* Signatures and accounts, for people. */
#include <daemon/cli/commands.h>
#include <daemon/cli/text.h>
#include <stdio.h>

static void print_signer(const json_t *result)
{
    ps_cli_row_member("key", result, "key");
    ps_cli_row_member("public key", result, "public_key");
    ps_cli_row_member("custody", result, "custody");
    ps_cli_row_member("hash", result, "hash");
    ps_cli_row_member("audit record", result, "audit_seq");
}

static void print_json_row(const char *label, const json_t *value)
{
    if (value == NULL)
        return;
    ps_cli_label(label);
    (void)json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    (void)putchar('\n');
}

void ps_cli_print_signature(const json_t *result)
{
    print_signer(result);
    ps_cli_row_member("signature", result, "signature");
}

void ps_cli_print_order(const json_t *result)
{
    ps_cli_print_signature(result);
    ps_cli_row_member("timestamp", result, "signature_timestamp");
    print_json_row("body", json_object_get(result, "body"));
}

void ps_cli_print_auth(const json_t *result)
{
    json_t *headers = json_object_get(result, "headers");
    const char *name;
    json_t *value;

    print_signer(result);
    ps_cli_label("request");
    (void)ps_cli_text(stdout, ps_cli_member(result, "method"));
    (void)putchar(' ');
    (void)ps_cli_text(stdout, ps_cli_member(result, "path"));
    (void)puts("");
    json_object_foreach(headers, name, value)
    {
        (void)value;
        (void)ps_cli_text(stdout, name);
        (void)fputs(": ", stdout);
        (void)ps_cli_text(stdout, ps_cli_member(headers, name));
        (void)putchar('\n');
    }
}

void ps_cli_print_account(const json_t *result)
{
    const json_t *keys = json_object_get(result, "keys");
    const json_t *key;
    size_t i;

    ps_cli_row_member("account", result, "account");
    ps_cli_row_member("kind", result, "kind");
    ps_cli_row_member("address", result, "address");
    ps_cli_row_member("owner", result, "eth_address");
    ps_cli_row_member("public key", result, "public_key");
    ps_cli_row_member("chain", result, "chain_id");
    ps_cli_row_member("environment", result, "environment");
    ps_cli_row_member("default key", result, "default_key");
    json_array_foreach(keys, i, key)
    {
        if (json_is_string(key))
            ps_cli_row(i == 0 ? "keys" : "", json_string_value(key));
    }
}
