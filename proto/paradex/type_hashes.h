/* Type hashes of the messages of Paradex, computed from their texts once per process. */
#ifndef PARASIGN_PROTO_PARADEX_TYPE_HASHES_H
#define PARASIGN_PROTO_PARADEX_TYPE_HASHES_H

#include <proto/paradex/messages.h>

enum ps_paradex_type {
    PS_PARADEX_TYPE_DOMAIN, /* StarkNetDomain in Paradex's order */
    PS_PARADEX_TYPE_ORDER,
    PS_PARADEX_TYPE_MODIFY_ORDER,
    PS_PARADEX_TYPE_REQUEST, /* login */
    PS_PARADEX_TYPE_CONSTANT,
    PS_PARADEX_TYPE_COUNT
};

/* Below, texts are short strings as felts, and chains have hashed the first element already. */
struct ps_paradex_constants {
    ps_felt types[PS_PARADEX_TYPE_COUNT];
    struct ps_pedersen_chain begun[PS_PARADEX_TYPE_COUNT]; /* with the type hash */
    ps_felt order_types[PS_ORDER_TYPE_COUNT];
    ps_felt starknet_message;
    ps_felt paradex;
    ps_felt post;
    ps_felt auth_path;
    ps_felt onboarding;
    ps_felt stark_key;
};

/* Never NULL; safe from any thread. */
const struct ps_paradex_constants *ps_paradex_constants(void);

#endif
