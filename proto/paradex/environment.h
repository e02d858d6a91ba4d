/* The environments of Paradex that are built in: what pins an account to its chain. */
#ifndef PARASIGN_PROTO_PARADEX_ENVIRONMENT_H
#define PARASIGN_PROTO_PARADEX_ENVIRONMENT_H

#include <proto/stark/felt.h>

struct ps_environment {
    const char *name;     /* "prod", "testnet" */
    const char *chain_id; /* short string */
    const char *api_url;  /* without the version: paths begin with /v1 or /v2 */
    uint64_t l1_chain_id;
    const char *proxy_class_hash, *account_class_hash, *evm_class_hash; /* hex */
};

/* Ended by an entry without a name. */
extern const struct ps_environment ps_environments[];
/* NULL when there is none of that name. */
const struct ps_environment *ps_environment_find(const char *name);

#endif
