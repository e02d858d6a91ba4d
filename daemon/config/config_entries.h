/* The lists of the file: environments, accounts, clients; and what one entry says of another. */
#ifndef PARASIGN_DAEMON_CONFIG_CONFIG_ENTRIES_H
#define PARASIGN_DAEMON_CONFIG_CONFIG_ENTRIES_H

#include <daemon/config/config_table.h>
#include <daemon/config/source.h>

/* While the file is being read. ps_config_reading_free() ends it; config belongs to the caller. */
struct ps_config_reading {
    struct ps_config *config;
    struct ps_config_environment *environments;
    size_t environment_count;
};

/* As ps_config_entries_fn; arg is a struct ps_config_reading. */
PS_MUST_USE enum ps_code ps_config_read_entries(void *arg, const struct ps_config_key *key,
                                                struct ps_source *source, const yaml_node_t *node,
                                                struct ps_error *err);

/*
 * After the whole file was read, as lists may stand in any order: gives each account its
 * environment's figures, and checks names, default keys and what else spans entries.
 */
PS_MUST_USE enum ps_code ps_config_finish_entries(struct ps_config_reading *reading,
                                                  struct ps_source *source, const yaml_node_t *root,
                                                  struct ps_error *err);

void ps_config_reading_free(struct ps_config_reading *reading);

#endif
