/* Brings a mapping of the file into a struct, row by row of the table. */
#ifndef PARASIGN_DAEMON_CONFIG_CONFIG_WALK_H
#define PARASIGN_DAEMON_CONFIG_CONFIG_WALK_H

#include <daemon/config/config_table.h>
#include <daemon/config/source.h>

/* Called for a key of PS_CONFIG_ENTRIES; node is a list within the row's bounds. */
typedef enum ps_code ps_config_entries_fn(void *arg, const struct ps_config_key *key,
                                          struct ps_source *source, const yaml_node_t *node,
                                          struct ps_error *err);

/*
 * Fills target (the struct of scope, zeroed by the caller) from mapping, after the defaults; then
 * looks for required keys that are missing. Lists are allocated also when it fails: the owner of
 * target frees them.
 */
PS_MUST_USE enum ps_code ps_config_walk(struct ps_source *source, const yaml_node_t *mapping,
                                        enum ps_config_scope scope, void *target,
                                        ps_config_entries_fn *entries, void *arg,
                                        struct ps_error *err);

#endif
