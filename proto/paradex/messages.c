#include <proto/paradex/messages.h>

#include <assert.h>
#include <proto/paradex/type_hashes.h>
#include <proto/stark/felt_text.h>
#include <string.h>

enum ps_code ps_paradex_domain_hash_var(ps_felt *out, const char *chain_id, struct ps_error *err)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    struct ps_pedersen_chain chain = c->begun[PS_PARADEX_TYPE_DOMAIN];
    size_t length = strlen(chain_id);
    ps_felt id;

    if (length < 1 || length > PS_CHAIN_ID_MAX ||
        ps_felt_from_short_string(&id, chain_id, length) != PS_OK)
        return ps_fail(err, PS_INVALID_PARAMS, "a chain id is 1 to %d ASCII characters",
                       PS_CHAIN_ID_MAX);
    ps_pedersen_chain_add_var(&chain, &c->paradex);
    ps_pedersen_chain_add_var(&chain, &id);
    ps_pedersen_chain_add_var(&chain, &ps_felt_one); /* version 1 */
    ps_pedersen_chain_end_var(out, &chain);
    return PS_OK;
}

void ps_paradex_signer_init_var(struct ps_paradex_signer *out, const ps_felt *domain,
                                const ps_felt *account)
{
    out->domain = *domain;
    out->account = *account;
    ps_pedersen_chain_init(&out->prefix);
    ps_pedersen_chain_add_var(&out->prefix, &ps_paradex_constants()->starknet_message);
    ps_pedersen_chain_add_var(&out->prefix, domain);
    ps_pedersen_chain_add_var(&out->prefix, account);
}

static void add_u64(struct ps_pedersen_chain *chain, uint64_t value)
{
    ps_felt felt;

    ps_felt_from_u64(&felt, value);
    ps_pedersen_chain_add_var(chain, &felt);
}

static void message_hash(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                         const struct ps_pedersen_chain *message)
{
    struct ps_pedersen_chain chain = signer->prefix;
    ps_felt felt;

    ps_pedersen_chain_end_var(&felt, message);
    ps_pedersen_chain_add_var(&chain, &felt);
    ps_pedersen_chain_end_var(&felt, &chain);
    ps_felt_to_be32(hash32, &felt);
}

static void add_order(struct ps_pedersen_chain *chain, const struct ps_order *order)
{
    ps_felt market;
    enum ps_code rc;

    assert(ps_market_ok(order->market));
    assert(order->type < PS_ORDER_TYPE_COUNT);
    assert(order->price_e8 == 0 || !ps_order_type_is_market(order->type));
    rc = ps_felt_from_short_string(&market, order->market, strlen(order->market));
    assert(rc == PS_OK);
    (void)rc;
    add_u64(chain, order->timestamp_ms);
    ps_pedersen_chain_add_var(chain, &market);
    add_u64(chain, order->side);
    ps_pedersen_chain_add_var(chain, &ps_paradex_constants()->order_types[order->type]);
    add_u64(chain, order->size_e8);
    add_u64(chain, order->price_e8);
}

void ps_order_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                       const struct ps_order *order)
{
    struct ps_pedersen_chain message = ps_paradex_constants()->begun[PS_PARADEX_TYPE_ORDER];

    add_order(&message, order);
    message_hash(hash32, signer, &message);
}

void ps_modify_order_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                              const struct ps_order *order, const ps_felt *order_id)
{
    struct ps_pedersen_chain message = ps_paradex_constants()->begun[PS_PARADEX_TYPE_MODIFY_ORDER];

    add_order(&message, order);
    ps_pedersen_chain_add_var(&message, order_id);
    message_hash(hash32, signer, &message);
}

void ps_auth_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                      uint64_t timestamp_s, uint64_t expiration_s)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    struct ps_pedersen_chain message = c->begun[PS_PARADEX_TYPE_REQUEST];

    ps_pedersen_chain_add_var(&message, &c->post);
    ps_pedersen_chain_add_var(&message, &c->auth_path);
    ps_pedersen_chain_add_var(&message, &ps_felt_zero); /* the empty body */
    add_u64(&message, timestamp_s);
    add_u64(&message, expiration_s);
    message_hash(hash32, signer, &message);
}

void ps_onboarding_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    struct ps_pedersen_chain message = c->begun[PS_PARADEX_TYPE_CONSTANT];

    ps_pedersen_chain_add_var(&message, &c->onboarding);
    message_hash(hash32, signer, &message);
}
