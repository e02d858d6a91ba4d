#include <daemon/config/config_table.h>

#include <inttypes.h>

static void print_form(FILE *stream, const struct ps_config_key *key)
{
    size_t i;

    switch (key->type) {
    case PS_CONFIG_TEXT:
    case PS_CONFIG_URI:
        fprintf(stream, "text, %" PRIu64 " to %" PRIu64 " bytes", key->min, key->max);
        break;
    case PS_CONFIG_PATH:
        fprintf(stream, "absolute path, at most %" PRIu64 " bytes%s", key->max,
                key->min == 0 ? ", or empty" : "");
        break;
    case PS_CONFIG_UINT:
        fprintf(stream, "whole number, %" PRIu64 " to %" PRIu64, key->min, key->max);
        break;
    case PS_CONFIG_SWITCH:
        fprintf(stream, "`on` or `off`");
        break;
    case PS_CONFIG_MODE:
        fprintf(stream, "four octal digits");
        break;
    case PS_CONFIG_CHOICE:
        for (i = 0; key->choices[i] != NULL; i++)
            fprintf(stream, "%s`%s`", i == 0 ? "" : ", ", key->choices[i]);
        break;
    case PS_CONFIG_NAME:
        fprintf(stream, "name, 1 to %d of `a-z0-9_-`", PS_NAME_PART_MAX);
        break;
    case PS_CONFIG_KEY:
        fprintf(stream, "key name");
        break;
    case PS_CONFIG_FELT:
        fprintf(stream, "`0x` hex");
        break;
    case PS_CONFIG_USER:
        fprintf(stream, "number or user name");
        break;
    case PS_CONFIG_PATHS:
        fprintf(stream, "list of absolute paths, at most %d", PS_CONFIG_LIST_MAX);
        break;
    case PS_CONFIG_METHODS:
    case PS_CONFIG_PATTERNS:
        fprintf(stream, "list of patterns, at most %d", PS_CONFIG_LIST_MAX);
        break;
    case PS_CONFIG_ENTRIES:
        fprintf(stream, "list of entries, at most %" PRIu64 "; see below", key->max);
        break;
    }
}

static void print_default(FILE *stream, const struct ps_config_key *key)
{
    if (key->required)
        fprintf(stream, "must be written");
    else if (key->initial == NULL || key->initial[0] == '\0')
        fprintf(stream, "empty");
    else
        fprintf(stream, "`%s`", key->initial);
}

static void print_scope(FILE *stream, enum ps_config_scope scope, const char *title)
{
    const struct ps_config_key *key;

    fprintf(stream, "\n## %s\n\n| key | value | default | meaning |\n|---|---|---|---|\n", title);
    for (key = ps_config_keys; key->path != NULL; key++) {
        if (key->scope != scope)
            continue;
        fprintf(stream, "| `%s` | ", key->path);
        print_form(stream, key);
        fprintf(stream, " | ");
        print_default(stream, key);
        fprintf(stream, " | %s |\n", key->about);
    }
}

void ps_config_reference(FILE *stream)
{
    const struct ps_config_key *key;

    fprintf(stream,
            "# The configuration file\n\n"
            "YAML, one document. A dot in a key stands for a mapping: `token.threads` is the key "
            "`threads` of the\nmapping `token`. Unknown and repeated keys, anchors, aliases, tags "
            "and values that are not exactly of\ntheir type are refused, with file, line and "
            "column. Times carry their unit in their name. The file\nmust not be writable by "
            "everybody.\n");
    print_scope(stream, PS_CONFIG_ROOT, "The file");
    for (key = ps_config_keys; key->path != NULL; key++) {
        char title[64];

        if (key->type != PS_CONFIG_ENTRIES)
            continue;
        (void)snprintf(title, sizeof title, "Each entry of `%s`", key->path);
        print_scope(stream, key->entries, title);
    }
}
