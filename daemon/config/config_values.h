/* One value of the file, by the type of its row. */
#ifndef PARASIGN_DAEMON_CONFIG_CONFIG_VALUES_H
#define PARASIGN_DAEMON_CONFIG_CONFIG_VALUES_H

#include <daemon/config/config_table.h>

/*
 * Parses text for a row that is not a list and stores it at `at`, which has the type that the row
 * says. Messages name neither file nor key. err may be NULL.
 */
PS_MUST_USE enum ps_code ps_config_value(const struct ps_config_key *key, const char *text,
                                         void *at, struct ps_error *err);

/* Checks one element of a list: a path, a method pattern or a key pattern. */
PS_MUST_USE enum ps_code ps_config_element(const struct ps_config_key *key, const char *text,
                                           struct ps_error *err);

#endif
