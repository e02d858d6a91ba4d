#include <proto/paradex/environment.h>

#include <stddef.h>
#include <string.h>

/*
 * Class hashes are content hashes, and these are the ones the exchange's own SDK tests and
 * documentation show. Where the exchange runs other classes, an address derived from them is one it
 * does not know: configure the class hashes or the address itself. They are no part of any message.
 */
#define PROXY_CLASS_HASH "0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9"
#define ACCOUNT_CLASS_HASH "0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e"
#define EVM_CLASS_HASH "0x73414441639dcd11d1846f287650a00c60c416b9d3ba45d31c651672125b2c2"

const struct ps_environment ps_environments[] = {
    {
        .name = "prod",
        .chain_id = "PRIVATE_SN_PARACLEAR_MAINNET",
        .api_url = "https://api.prod.paradex.trade",
        .l1_chain_id = 1,
        .proxy_class_hash = PROXY_CLASS_HASH,
        .account_class_hash = ACCOUNT_CLASS_HASH,
        .evm_class_hash = EVM_CLASS_HASH,
    },
    {
        .name = "testnet",
        .chain_id = "PRIVATE_SN_PARACLEAR_TESTNET",
        .api_url = "https://api.testnet.paradex.trade",
        .l1_chain_id = 11155111,
        .proxy_class_hash = PROXY_CLASS_HASH,
        .account_class_hash = ACCOUNT_CLASS_HASH,
        .evm_class_hash = EVM_CLASS_HASH,
    },
    {.name = NULL},
};

const struct ps_environment *ps_environment_find(const char *name)
{
    const struct ps_environment *e;

    for (e = ps_environments; e->name != NULL; e++) {
        if (strcmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}
