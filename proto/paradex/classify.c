#include <proto/paradex/classify.h>

#include <proto/paradex/type_hashes.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <string.h>

#define RULE_STARK_KEY "typed_data.stark_key"
#define RULE_DOMAIN "typed_data.domain"
#define RULE_PRIMARY_TYPE "typed_data.primary_type"

static enum ps_code deny(struct ps_error *err, const char *rule, const char *message)
{
    (void)ps_fail(err, PS_POLICY_DENIED, "%s", message);
    if (err != NULL)
        (void)snprintf(err->rule, sizeof err->rule, "%s", rule);
    return PS_POLICY_DENIED;
}

/* The characters of a short string, length 0 to 32. */
static size_t short_text(const ps_felt *felt, uint8_t be[32], const char **text)
{
    size_t zeros = 0;

    ps_felt_to_be32(be, felt);
    while (zeros < 32 && be[zeros] == 0)
        zeros++;
    *text = (const char *)be + zeros;
    return 32 - zeros;
}

static bool is_short_text(const ps_felt *felt, const char *wanted)
{
    uint8_t be[32];
    const char *text;
    size_t length = short_text(felt, be, &text);

    return length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}

/* "Paradex", and whatever the exchange may put behind it ("Paradex Session"). */
static bool begins_paradex(const ps_felt *felt)
{
    static const char name[] = "Paradex";
    uint8_t be[32];
    const char *text;

    return short_text(felt, be, &text) >= sizeof name - 1 &&
           memcmp(text, name, sizeof name - 1) == 0;
}

/* What the values of a domain say, whatever their members are called. */
struct domain_words {
    bool paradex;
    bool session;
    bool chain;
    bool acts_for_account;
};

static struct domain_words read_domain(const struct ps_typed_data *td, const ps_felt *chain)
{
    struct domain_words words = {.paradex = false};
    const ps_felt *felts;
    size_t count = ps_typed_data_domain_felts(td, &felts);
    size_t i;

    for (i = 0; i < count; i++) {
        words.paradex = words.paradex || begins_paradex(&felts[i]);
        words.session = words.session || is_short_text(&felts[i], "Paradex Session");
        words.chain = words.chain || ps_felt_eq(&felts[i], chain);
        words.acts_for_account = words.acts_for_account ||
                                 is_short_text(&felts[i], "Account.execute_from_outside") ||
                                 is_short_text(&felts[i], "SessionAccount.session");
    }
    return words;
}

/* A document whose domain hash is not the account's own. */
static enum ps_code classify_other_domain(const struct ps_typed_data *td, const ps_felt *chain,
                                          struct ps_error *err)
{
    struct domain_words words = read_domain(td, chain);

    if (words.session)
        return deny(err, RULE_PRIMARY_TYPE,
                    "a session grant gives trading power to another key: it is not signed as "
                    "typed data");
    if (words.paradex && ps_typed_data_revision(td) == 1 && words.chain)
        return deny(err, RULE_PRIMARY_TYPE,
                    "messages of revision 1 of the Paradex domain have methods of their own and "
                    "are not signed as typed data");
    if (words.paradex)
        return deny(err, RULE_DOMAIN,
                    "the domain says Paradex but is not the one of this account: use its chain "
                    "id, version 1 and the fields name, chainId, version in this order");
    if (words.acts_for_account && words.chain)
        return deny(err, RULE_DOMAIN,
                    "a signature of this domain lets others act for the account on its chain: it "
                    "is not signed as typed data");
    return PS_OK;
}

static enum ps_code message_u64(const struct ps_typed_data *td, const char *member, uint64_t max,
                                uint64_t *out, struct ps_error *err)
{
    char pointer[64];
    uint8_t be[32];
    uint64_t value = 0;
    ps_felt felt;
    size_t i;
    enum ps_code rc;

    if ((rc = ps_typed_data_message_felt(td, member, &felt, err)) != PS_OK)
        return rc;
    ps_felt_to_be32(be, &felt);
    for (i = 24; i < 32; i++)
        value = value << 8 | be[i];
    for (i = 0; i < 24; i++) {
        if (be[i] != 0)
            value = UINT64_MAX;
    }
    if (value > max) {
        (void)snprintf(pointer, sizeof pointer, "/message/%s", member);
        return ps_fail_at(err, pointer, "must be an integer of at most %llu",
                          (unsigned long long)max);
    }
    *out = value;
    return PS_OK;
}

static enum ps_code message_market(const struct ps_typed_data *td, struct ps_order *order,
                                   struct ps_error *err)
{
    uint8_t be[32];
    const char *text;
    size_t length;
    ps_felt felt;
    enum ps_code rc;

    if ((rc = ps_typed_data_message_felt(td, "market", &felt, err)) != PS_OK)
        return rc;
    length = short_text(&felt, be, &text);
    if (length > PS_MARKET_MAX || memchr(text, '\0', length) != NULL)
        length = 0; /* an empty market is refused below, with all others that are none */
    memcpy(order->market, text, length);
    order->market[length] = '\0';
    return PS_OK;
}

static enum ps_code message_order_type(const struct ps_typed_data *td, struct ps_order *order,
                                       struct ps_error *err)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    unsigned i;
    ps_felt felt;
    enum ps_code rc;

    if ((rc = ps_typed_data_message_felt(td, "orderType", &felt, err)) != PS_OK)
        return rc;
    for (i = 0; i < PS_ORDER_TYPE_COUNT; i++) {
        if (ps_felt_eq(&felt, &c->order_types[i])) {
            order->type = (enum ps_order_type)i;
            return PS_OK;
        }
    }
    return ps_fail_at(err, "/message/orderType", "must be an order type, as LIMIT or MARKET");
}

static enum ps_code read_order(const struct ps_typed_data *td, struct ps_order *order,
                               struct ps_error *err)
{
    uint64_t side;
    enum ps_code rc;

    if ((rc = message_u64(td, "timestamp", PS_ORDER_TIMESTAMP_MS_MAX, &order->timestamp_ms, err)) !=
            PS_OK ||
        (rc = message_market(td, order, err)) != PS_OK ||
        (rc = message_u64(td, "side", UINT64_MAX - 1, &side, err)) != PS_OK ||
        (rc = message_order_type(td, order, err)) != PS_OK ||
        (rc = message_u64(td, "size", INT64_MAX, &order->size_e8, err)) != PS_OK ||
        (rc = message_u64(td, "price", INT64_MAX, &order->price_e8, err)) != PS_OK)
        return rc;
    if (side != PS_SIDE_BUY && side != PS_SIDE_SELL)
        return ps_fail_at(err, "/message/side", "must be 1 (BUY) or 2 (SELL)");
    order->side = (enum ps_side)side;
    if ((rc = ps_order_check(order, err)) != PS_OK)
        ps_error_prefix_pointer(err, "/message");
    return rc;
}

static enum ps_code read_login(const struct ps_typed_data *td, struct ps_document *out,
                               struct ps_error *err)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    ps_felt method;
    ps_felt path;
    ps_felt body;
    enum ps_code rc;

    if ((rc = ps_typed_data_message_felt(td, "method", &method, err)) != PS_OK ||
        (rc = ps_typed_data_message_felt(td, "path", &path, err)) != PS_OK ||
        (rc = ps_typed_data_message_felt(td, "body", &body, err)) != PS_OK)
        return rc;
    if (!ps_felt_eq(&method, &c->post) || !ps_felt_eq(&path, &c->auth_path) ||
        !ps_felt_is_zero(&body))
        return deny(err, RULE_PRIMARY_TYPE,
                    "a Request is signed for POST of /v1/auth with an empty body only");
    if ((rc = message_u64(td, "timestamp", INT64_MAX, &out->timestamp_s, err)) != PS_OK ||
        (rc = message_u64(td, "expiration", INT64_MAX, &out->expiration_s, err)) != PS_OK)
        return rc;
    if (out->expiration_s <= out->timestamp_s)
        return ps_fail_at(err, "/message/expiration", "must be after the timestamp");
    return PS_OK;
}

static enum ps_code read_constant(const struct ps_typed_data *td, struct ps_error *err)
{
    ps_felt action;
    enum ps_code rc;

    if ((rc = ps_typed_data_message_felt(td, "action", &action, err)) != PS_OK)
        return rc;
    if (!ps_felt_eq(&action, &ps_paradex_constants()->onboarding))
        return deny(err, RULE_PRIMARY_TYPE, "a Constant is signed for the action Onboarding only");
    return PS_OK;
}

static enum ps_code classify_paradex(const struct ps_typed_data *td, struct ps_document *out,
                                     struct ps_error *err)
{
    const struct ps_paradex_constants *c = ps_paradex_constants();
    ps_felt type;
    enum ps_code rc;

    rc = ps_typed_data_type_hash(td, ps_typed_data_primary_type(td), &type, err);
    if (rc != PS_OK)
        return rc;
    if (ps_felt_eq(&type, &c->types[PS_PARADEX_TYPE_ORDER])) {
        out->class = PS_DOCUMENT_ORDER;
        return read_order(td, &out->order, err);
    }
    if (ps_felt_eq(&type, &c->types[PS_PARADEX_TYPE_MODIFY_ORDER])) {
        out->class = PS_DOCUMENT_MODIFY_ORDER;
        rc = ps_typed_data_message_felt(td, "id", &out->order_id, err);
        return rc == PS_OK ? read_order(td, &out->order, err) : rc;
    }
    if (ps_felt_eq(&type, &c->types[PS_PARADEX_TYPE_REQUEST])) {
        out->class = PS_DOCUMENT_AUTH;
        return read_login(td, out, err);
    }
    if (ps_felt_eq(&type, &c->types[PS_PARADEX_TYPE_CONSTANT])) {
        out->class = PS_DOCUMENT_ONBOARDING;
        return read_constant(td, err);
    }
    return deny(err, RULE_PRIMARY_TYPE,
                "the Paradex domain has no rule for a message of this type and these fields");
}

enum ps_code ps_paradex_classify(const struct ps_typed_data *td, const ps_felt *domain,
                                 const ps_felt *chain, struct ps_document *out,
                                 struct ps_error *err)
{
    ps_felt own;
    enum ps_code rc;

    memset(out, 0, sizeof *out);
    out->class = PS_DOCUMENT_FOREIGN;
    if (ps_typed_data_has_felt(td, &ps_paradex_constants()->stark_key))
        return deny(err, RULE_STARK_KEY,
                    "the signature of a STARK Key message is the seed of the main key: it is "
                    "never signed");
    if ((rc = ps_typed_data_domain_hash_var(td, &own, err)) != PS_OK)
        return rc;
    if (ps_typed_data_revision(td) == 0 && ps_felt_eq(&own, domain))
        return classify_paradex(td, out, err);
    return classify_other_domain(td, chain, err);
}
