/* Keys, for people. */
#include <daemon/cli/commands.h>
#include <daemon/cli/text.h>
#include <stdio.h>

void ps_cli_print_key(const json_t *result)
{
    const json_t *key = json_object_get(result, "key");

    if (!json_is_object(key))
        key = result;
    ps_cli_row_member("name", key, "name");
    ps_cli_row_member("kind", key, "kind");
    ps_cli_row_member("role", key, "role");
    ps_cli_row_member("custody", key, "custody");
    ps_cli_row_member("public key", key, "public_key");
    ps_cli_row_member("address", key, "eth_address");
    ps_cli_row_member("created", key, "created_at");
    ps_cli_row_member("refused", key, "refused");
    ps_cli_row_member("sensitive", key, "attributes.sensitive");
    ps_cli_row_member("extractable", key, "attributes.extractable");
    ps_cli_row_member("never extractable", key, "attributes.never_extractable");
    ps_cli_row_member("made in the token", key, "attributes.local");
}

void ps_cli_print_keys(const json_t *result)
{
    static const char *const columns[] = {"name", "kind", "role", "custody", "public_key", NULL};
    static const char *const heads[] = {"NAME", "KIND", "ROLE", "CUSTODY", "PUBLIC KEY", NULL};
    const json_t *keys = json_object_get(result, "keys");
    const json_t *key;
    size_t i;

    if (json_array_size(keys) == 0) {
        (void)puts("no keys; `parasign key generate NAME --kind stark` makes one");
        return;
    }
    ps_cli_table(keys, columns, heads);
    json_array_foreach(keys, i, key)
    {
        const char *refused = ps_cli_member(key, "refused");

        if (refused[0] == '\0')
            continue;
        (void)ps_cli_text(stdout, ps_cli_member(key, "name"));
        (void)fputs(" is not used: ", stdout);
        (void)ps_cli_text(stdout, refused);
        (void)putchar('\n');
    }
}

void ps_cli_print_destroyed(const json_t *result)
{
    (void)result;
    (void)puts("destroyed");
}
