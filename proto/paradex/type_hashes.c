#include <proto/paradex/type_hashes.h>

#include <assert.h>
#include <proto/ethereum/keccak.h>
#include <proto/stark/felt_text.h>
#include <string.h>
#include <threads.h>

#define ORDER_FIELDS "timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt"

static const char *const type_texts[PS_PARADEX_TYPE_COUNT] = {
    [PS_PARADEX_TYPE_DOMAIN] = "StarkNetDomain(name:felt,chainId:felt,version:felt)",
    [PS_PARADEX_TYPE_ORDER] = "Order(" ORDER_FIELDS ")",
    [PS_PARADEX_TYPE_MODIFY_ORDER] = "ModifyOrder(" ORDER_FIELDS ",id:felt)",
    [PS_PARADEX_TYPE_REQUEST] =
        "Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)",
    [PS_PARADEX_TYPE_CONSTANT] = "Constant(action:felt)",
};

static struct ps_paradex_constants constants;
static once_flag computed = ONCE_FLAG_INIT;

static void short_string(ps_felt *out, const char *text)
{
    enum ps_code rc = ps_felt_from_short_string(out, text, strlen(text));

    assert(rc == PS_OK);
    (void)rc;
}

static void compute(void)
{
    unsigned i;

    for (i = 0; i < PS_PARADEX_TYPE_COUNT; i++) {
        ps_starknet_keccak(&constants.types[i], type_texts[i], strlen(type_texts[i]));
        ps_pedersen_chain_init(&constants.begun[i]);
        ps_pedersen_chain_add_var(&constants.begun[i], &constants.types[i]);
    }
    for (i = 0; i < PS_ORDER_TYPE_COUNT; i++)
        short_string(&constants.order_types[i], ps_order_type_name((enum ps_order_type)i));
    short_string(&constants.starknet_message, "StarkNet Message");
    short_string(&constants.paradex, "Paradex");
    short_string(&constants.post, "POST");
    short_string(&constants.auth_path, "/v1/auth");
    short_string(&constants.onboarding, "Onboarding");
    short_string(&constants.stark_key, "STARK Key");
}

const struct ps_paradex_constants *ps_paradex_constants(void)
{
    call_once(&computed, compute);
    return &constants;
}
