#include <daemon/config/config.h>

#include <daemon/config/config_entries.h>
#include <daemon/config/config_walk.h>
#include <stdlib.h>
#include <string.h>

static void list_free(struct ps_config_list *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    list->items = NULL;
    list->count = 0;
}

void ps_config_free(struct ps_config *config)
{
    size_t i;

    if (config == NULL)
        return;
    list_free(&config->token.read_paths);
    list_free(&config->token.write_paths);
    for (i = 0; i < config->client_count; i++) {
        list_free(&config->clients[i].methods);
        list_free(&config->clients[i].keys);
    }
    free(config->clients);
    free(config->accounts);
    free(config);
}

/* What no single value can tell. */
static enum ps_code check_whole(const struct ps_config *config, struct ps_source *source,
                                const yaml_node_t *root, struct ps_error *err)
{
    const yaml_node_t *limits = ps_source_member(source, root, "limits");
    const yaml_mark_t *mark = limits != NULL ? &limits->start_mark : &root->start_mark;

    if (config->limits.auth_expiry_s > config->limits.auth_expiry_max_s)
        return ps_source_fail(err, source, mark,
                              "limits.auth_expiry_s (%u) is above limits.auth_expiry_max_s (%u); "
                              "lower the one or raise the other",
                              config->limits.auth_expiry_s, config->limits.auth_expiry_max_s);
    return PS_OK;
}

enum ps_code ps_config_load(const char *file, struct ps_config **out, struct ps_error *err)
{
    struct ps_config_reading reading = {.config = NULL};
    struct ps_source source = {.loaded = false};
    struct ps_config *config = NULL;
    const yaml_node_t *root;
    enum ps_code rc;

    *out = NULL;
    if (strlen(file) >= sizeof config->file)
        return ps_fail(err, PS_INVALID_PARAMS, "the configuration's path is longer than %d bytes",
                       PS_CONFIG_PATH_MAX - 1);
    if ((rc = ps_source_open(file, &source, err)) != PS_OK)
        goto out;
    if ((config = calloc(1, sizeof *config)) == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    (void)snprintf(config->file, sizeof config->file, "%s", file);
    reading.config = config;
    root = ps_source_node(&source, 1);
    if ((rc = ps_config_walk(&source, root, PS_CONFIG_ROOT, config, ps_config_read_entries,
                             &reading, err)) != PS_OK ||
        (rc = ps_config_finish_entries(&reading, &source, root, err)) != PS_OK ||
        (rc = check_whole(config, &source, root, err)) != PS_OK)
        goto out;
    *out = config;
    config = NULL;
out:
    ps_config_free(config);
    ps_config_reading_free(&reading);
    ps_source_close(&source);
    return rc;
}

const struct ps_config_account *ps_config_account_find(const struct ps_config *config,
                                                       const char *name)
{
    size_t i;

    for (i = 0; i < config->account_count; i++)
        if (strcmp(config->accounts[i].name, name) == 0)
            return &config->accounts[i];
    return NULL;
}
