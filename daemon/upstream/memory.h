/* libcurl's memory: wiped when it is given back, because secrets pass through it. */
#ifndef PARASIGN_DAEMON_UPSTREAM_MEMORY_H
#define PARASIGN_DAEMON_UPSTREAM_MEMORY_H

#include <parasign/error.h>

/* curl_global_init() with wiping memory functions; once, with one thread. */
PS_MUST_USE enum ps_code ps_upstream_curl_init(struct ps_error *err);

#endif
