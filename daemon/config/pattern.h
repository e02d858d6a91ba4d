/*
 * The patterns of `clients`: what may stand in methods and keys, and what they match.
 *
 *   methods   a whole name, `family.*`, or `*`
 *   keys      a whole name, `<account>.*`, `<account>.sub.*`, `<account>.readonly.*`, `para.*`,
 *             `audit.*`, `general.*`, `*`, or `*.main`
 *
 * A main key can withdraw, so no pattern reaches one by the way: only its whole name and `*.main`.
 */
#ifndef PARASIGN_DAEMON_CONFIG_PATTERN_H
#define PARASIGN_DAEMON_CONFIG_PATTERN_H

#include <parasign/error.h>

/* Well formed, and at least one method of the table matches: a slip would refuse in silence. */
PS_MUST_USE enum ps_code ps_pattern_check_method(const char *pattern, struct ps_error *err);
PS_MUST_USE enum ps_code ps_pattern_check_key(const char *pattern, struct ps_error *err);

/* pattern was checked; method and key are well formed names. */
bool ps_pattern_matches_method(const char *pattern, const char *method);
bool ps_pattern_matches_key(const char *pattern, const char *key);

#endif
