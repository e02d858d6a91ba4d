#include <daemon/config/config_entries.h>

#include <assert.h>
#include <daemon/config/config_walk.h>
#include <proto/paradex/environment.h>
#include <proto/paradex/messages.h>
#include <proto/rpc/quote.h>
#include <proto/stark/felt_text.h>
#include <stdlib.h>
#include <string.h>

static const yaml_node_t *entry_node(struct ps_source *source, const yaml_node_t *list,
                                     size_t index)
{
    return ps_source_node(source, list->data.sequence.items.start[index]);
}

/* Where to point: at a key's value in an entry, or at the entry when it is not written. */
static const yaml_mark_t *mark_of(struct ps_source *source, const yaml_node_t *entry,
                                  const char *key)
{
    const yaml_node_t *value = ps_source_member(source, entry, key);

    return value != NULL ? &value->start_mark : &entry->start_mark;
}

static enum ps_code out_of_memory(struct ps_error *err)
{
    return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
}

static enum ps_code read_environments(struct ps_config_reading *reading, struct ps_source *source,
                                      const yaml_node_t *list, size_t count, struct ps_error *err)
{
    enum ps_code rc = PS_OK;
    size_t i;

    if ((reading->environments = calloc(count, sizeof *reading->environments)) == NULL)
        return out_of_memory(err);
    for (i = 0; i < count && rc == PS_OK; i++, reading->environment_count++) {
        const yaml_node_t *node = entry_node(source, list, i);

        reading->environments[i].line = (unsigned)node->start_mark.line + 1;
        rc = ps_config_walk(source, node, PS_CONFIG_ENVIRONMENT, &reading->environments[i], NULL,
                            NULL, err);
    }
    return rc;
}

static enum ps_code read_accounts(struct ps_config *config, struct ps_source *source,
                                  const yaml_node_t *list, size_t count, struct ps_error *err)
{
    enum ps_code rc = PS_OK;
    size_t i;

    if ((config->accounts = calloc(count, sizeof *config->accounts)) == NULL)
        return out_of_memory(err);
    for (i = 0; i < count && rc == PS_OK; i++, config->account_count++) {
        const yaml_node_t *node = entry_node(source, list, i);

        config->accounts[i].line = (unsigned)node->start_mark.line + 1;
        rc = ps_config_walk(source, node, PS_CONFIG_ACCOUNT, &config->accounts[i], NULL, NULL, err);
        config->accounts[i].has_address = !ps_felt_is_zero(&config->accounts[i].address);
    }
    return rc;
}

static enum ps_code read_clients(struct ps_config *config, struct ps_source *source,
                                 const yaml_node_t *list, size_t count, struct ps_error *err)
{
    enum ps_code rc = PS_OK;
    size_t i;

    if ((config->clients = calloc(count, sizeof *config->clients)) == NULL)
        return out_of_memory(err);
    for (i = 0; i < count && rc == PS_OK; i++, config->client_count++) {
        const yaml_node_t *node = entry_node(source, list, i);

        config->clients[i].line = (unsigned)node->start_mark.line + 1;
        rc = ps_config_walk(source, node, PS_CONFIG_CLIENT, &config->clients[i], NULL, NULL, err);
    }
    return rc;
}

enum ps_code ps_config_read_entries(void *arg, const struct ps_config_key *key,
                                    struct ps_source *source, const yaml_node_t *node,
                                    struct ps_error *err)
{
    struct ps_config_reading *reading = arg;
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);

    if (count == 0)
        return PS_OK;
    switch (key->entries) {
    case PS_CONFIG_ENVIRONMENT:
        return read_environments(reading, source, node, count, err);
    case PS_CONFIG_ACCOUNT:
        return read_accounts(reading->config, source, node, count, err);
    case PS_CONFIG_CLIENT:
        return read_clients(reading->config, source, node, count, err);
    case PS_CONFIG_ROOT:
        break;
    }
    assert(false && "a list of whole files");
    return PS_INTERNAL_ERROR;
}

static enum ps_code check_environment(struct ps_config_reading *reading, size_t index,
                                      struct ps_source *source, const yaml_node_t *entry,
                                      struct ps_error *err)
{
    const struct ps_config_environment *env = &reading->environments[index];
    struct ps_error why;
    ps_felt domain;
    size_t i;

    if (ps_environment_find(env->name) != NULL)
        return ps_source_fail(err, source, mark_of(source, entry, "name"),
                              "the environment %s is built in; give yours another name", env->name);
    for (i = 0; i < index; i++)
        if (strcmp(reading->environments[i].name, env->name) == 0)
            return ps_source_fail(err, source, mark_of(source, entry, "name"),
                                  "the environment %s is there already, on line %u", env->name,
                                  reading->environments[i].line);
    if (ps_paradex_domain_hash_var(&domain, env->chain_id, &why) != PS_OK)
        return ps_source_fail(err, source, mark_of(source, entry, "chain_id"), "chain_id: %s",
                              why.message);
    return PS_OK;
}

static bool built_in_felt(const char *hex, ps_felt *out)
{
    return ps_felt_from_hex(out, hex, strlen(hex)) == PS_OK;
}

static enum ps_code give_environment(const struct ps_config_reading *reading,
                                     struct ps_config_account *account, struct ps_source *source,
                                     const yaml_node_t *entry, struct ps_error *err)
{
    const struct ps_environment *built_in = ps_environment_find(account->environment);
    const struct ps_config_environment *own = NULL;
    const char *chain_id;
    size_t i;

    for (i = 0; i < reading->environment_count; i++)
        if (strcmp(reading->environments[i].name, account->environment) == 0)
            own = &reading->environments[i];
    if (own != NULL) {
        account->proxy_class_hash = own->proxy_class_hash;
        account->account_class_hash = own->account_class_hash;
        account->evm_class_hash = own->evm_class_hash;
        chain_id = own->chain_id;
    } else if (built_in != NULL) {
        bool ok = built_in_felt(built_in->proxy_class_hash, &account->proxy_class_hash) &&
                  built_in_felt(built_in->account_class_hash, &account->account_class_hash) &&
                  built_in_felt(built_in->evm_class_hash, &account->evm_class_hash);

        assert(ok);
        (void)ok;
        chain_id = built_in->chain_id;
    } else {
        return ps_source_fail(err, source, mark_of(source, entry, "environment"),
                              "there is no environment %s; write prod, testnet or one of "
                              "`environments`",
                              account->environment);
    }
    if (account->chain_id[0] == '\0')
        (void)snprintf(account->chain_id, sizeof account->chain_id, "%s", chain_id);
    return PS_OK;
}

static enum ps_code check_default_key(const struct ps_config_account *account,
                                      struct ps_source *source, const yaml_node_t *entry,
                                      struct ps_error *err)
{
    const yaml_mark_t *mark = mark_of(source, entry, "default_key");
    struct ps_key_name name;
    enum ps_code rc;

    if (account->default_key[0] == '\0')
        return PS_OK;
    rc = ps_key_name_parse(account->default_key, &name, NULL);
    assert(rc == PS_OK);
    (void)rc;
    if (name.role == PS_ROLE_MAIN)
        return ps_source_fail(err, source, mark,
                              "default_key: a main key is never the default, because it can "
                              "withdraw; make a subkey and write %s.sub.NAME",
                              account->name);
    if (strcmp(name.account, account->name) != 0)
        return ps_source_fail(err, source, mark,
                              "default_key: %s is not a key of account %s; write %s.sub.NAME",
                              account->default_key, account->name, account->name);
    if (name.role != PS_ROLE_SUBKEY)
        return ps_source_fail(err, source, mark,
                              "default_key: %s is not a subkey and cannot sign orders; write "
                              "%s.sub.NAME",
                              account->default_key, account->name);
    return PS_OK;
}

static enum ps_code check_account(struct ps_config_reading *reading, size_t index,
                                  struct ps_source *source, const yaml_node_t *entry,
                                  struct ps_error *err)
{
    struct ps_config_account *account = &reading->config->accounts[index];
    char key[PS_NAME_PART_MAX + 8];
    struct ps_key_name name;
    struct ps_error why;
    ps_felt domain;
    enum ps_code rc;
    size_t i;

    (void)snprintf(key, sizeof key, "%s.main", account->name);
    if (ps_key_name_parse(key, &name, NULL) != PS_OK || name.role != PS_ROLE_MAIN)
        return ps_source_fail(err, source, mark_of(source, entry, "name"),
                              "%s is a word of key names and cannot be an account; write another "
                              "name",
                              account->name);
    for (i = 0; i < index; i++)
        if (strcmp(reading->config->accounts[i].name, account->name) == 0)
            return ps_source_fail(err, source, mark_of(source, entry, "name"),
                                  "the account %s is there already, on line %u", account->name,
                                  reading->config->accounts[i].line);
    if ((rc = give_environment(reading, account, source, entry, err)) != PS_OK)
        return rc;
    if (ps_paradex_domain_hash_var(&domain, account->chain_id, &why) != PS_OK)
        return ps_source_fail(err, source, mark_of(source, entry, "chain_id"), "chain_id: %s",
                              why.message);
    return check_default_key(account, source, entry, err);
}

static enum ps_code check_client(const struct ps_config *config, size_t index,
                                 struct ps_source *source, const yaml_node_t *entry,
                                 struct ps_error *err)
{
    const struct ps_config_client *client = &config->clients[index];
    size_t i;

    for (i = 0; i < index; i++)
        if (strcmp(config->clients[i].name, client->name) == 0)
            return ps_source_fail(err, source, mark_of(source, entry, "name"),
                                  "the client %s is there already, on line %u; one uid may have "
                                  "several entries, each with a name of its own",
                                  client->name, config->clients[i].line);
    return PS_OK;
}

enum ps_code ps_config_finish_entries(struct ps_config_reading *reading, struct ps_source *source,
                                      const yaml_node_t *root, struct ps_error *err)
{
    const yaml_node_t *environments = ps_source_member(source, root, "environments");
    const yaml_node_t *accounts = ps_source_member(source, root, "accounts");
    const yaml_node_t *clients = ps_source_member(source, root, "clients");
    enum ps_code rc = PS_OK;
    size_t i;

    for (i = 0; i < reading->environment_count && rc == PS_OK; i++)
        rc = check_environment(reading, i, source, entry_node(source, environments, i), err);
    for (i = 0; i < reading->config->account_count && rc == PS_OK; i++)
        rc = check_account(reading, i, source, entry_node(source, accounts, i), err);
    for (i = 0; i < reading->config->client_count && rc == PS_OK; i++)
        rc = check_client(reading->config, i, source, entry_node(source, clients, i), err);
    return rc;
}

void ps_config_reading_free(struct ps_config_reading *reading)
{
    free(reading->environments);
    reading->environments = NULL;
    reading->environment_count = 0;
}
