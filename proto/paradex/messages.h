/*
 * The messages of Paradex that are signed with STARK keys, SNIP-12 revision 0: order, modification,
 * login (Request), onboarding (Constant). Hash = H([StarkNet Message, domain, account, struct]).
 *
 * The domain's type text is StarkNetDomain(name:felt,chainId:felt,version:felt), in this order and
 * not the usual one. The account is always the main account, also when a subkey signs.
 */
#ifndef PARASIGN_PROTO_PARADEX_MESSAGES_H
#define PARASIGN_PROTO_PARADEX_MESSAGES_H

#include <parasign/error.h>
#include <proto/stark/felt.h>
#include <proto/stark/pedersen.h>

#define PS_MARKET_MAX 31
#define PS_CHAIN_ID_MAX 31

/* The domain hash of revision 0 for a chain id (a short string). PS_INVALID_PARAMS when it is none.
 */
PS_MUST_USE enum ps_code ps_paradex_domain_hash_var(ps_felt *out, const char *chain_id,
                                                    struct ps_error *err);

/* What all messages of one account on one chain begin with, hashed once. Plain data. */
struct ps_paradex_signer {
    ps_felt domain;
    ps_felt account;
    struct ps_pedersen_chain prefix; /* StarkNet Message, domain, account */
};
void ps_paradex_signer_init_var(struct ps_paradex_signer *out, const ps_felt *domain,
                                const ps_felt *account);

enum ps_side { PS_SIDE_BUY = 1, PS_SIDE_SELL = 2 };
enum ps_order_type {
    PS_ORDER_MARKET,
    PS_ORDER_LIMIT,
    PS_ORDER_STOP_LIMIT,
    PS_ORDER_STOP_MARKET,
    PS_ORDER_TAKE_PROFIT_LIMIT,
    PS_ORDER_TAKE_PROFIT_MARKET,
    PS_ORDER_STOP_LOSS_MARKET,
    PS_ORDER_STOP_LOSS_LIMIT,
    PS_ORDER_TYPE_COUNT
};
/* As the exchange writes them; never NULL. The lists are NULL-terminated, for the method table. */
const char *ps_side_name(enum ps_side side);
const char *ps_order_type_name(enum ps_order_type type);
extern const char *const ps_side_names[];
extern const char *const ps_order_type_names[];
extern const char *const ps_order_instruction_names[]; /* GTC, IOC, POST_ONLY, RPI */
extern const char *const ps_order_stp_names[];
extern const char *const ps_order_flag_names[];
/* false when the text is none of the list. */
bool ps_side_from_name(const char *text, enum ps_side *out);
bool ps_order_type_from_name(const char *text, enum ps_order_type *out);
/* Whether the type has no price of its own (its name has MARKET in it): price 0 is signed. */
bool ps_order_type_is_market(enum ps_order_type type);

/*
 * 1 to 31 printable ASCII characters of [A-Z0-9-_.]; the exchange's market symbols. Not digits
 * alone: the Starknet libraries would sign those as a number.
 */
bool ps_market_ok(const char *market);

/* The signed fields of an order. */
struct ps_order {
    uint64_t timestamp_ms;
    char market[PS_MARKET_MAX + 1];
    enum ps_side side;
    enum ps_order_type type;
    uint64_t size_e8;
    uint64_t price_e8; /* 0 for market types */
};
/*
 * What is true of every order that is signed, whichever way it came in: a market of the exchange,
 * a timestamp of up to 13 digits, a size, and a price exactly where the type has one.
 * PS_INVALID_PARAMS with the pointer /market, /timestamp, /size or /price.
 */
#define PS_ORDER_TIMESTAMP_MS_MAX UINT64_C(9999999999999) /* until the year 2286 */
PS_MUST_USE enum ps_code ps_order_check(const struct ps_order *order, struct ps_error *err);

/* hash32: the message hash, big-endian, below 2^251. */
void ps_order_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                       const struct ps_order *order);
/* order_id: a felt, from the exchange's all-digit (or other short) id. */
void ps_modify_order_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                              const struct ps_order *order, const ps_felt *order_id);
/* Login: POST, path /v1/auth whatever the URL, empty body. Times in Unix seconds. */
void ps_auth_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer,
                      uint64_t timestamp_s, uint64_t expiration_s);
void ps_onboarding_hash_var(uint8_t hash32[32], const struct ps_paradex_signer *signer);

/* `["<decimal r>","<decimal s>"]`, NUL-terminated. */
#define PS_SIGNATURE_TEXT_MAX 176
void ps_signature_text(char out[PS_SIGNATURE_TEXT_MAX], const uint8_t r32[32],
                       const uint8_t s32[32]);

#endif
