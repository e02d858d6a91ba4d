/*
 * What a typed data document really is. Generic signing must not be a way round the typed methods:
 * a document of the Paradex domain is recognised by the hash of its domain, not by its text, and
 * its message by the hash of its type.
 */
#ifndef PARASIGN_PROTO_PARADEX_CLASSIFY_H
#define PARASIGN_PROTO_PARADEX_CLASSIFY_H

#include <proto/paradex/messages.h>
#include <proto/snip12/typed_data.h>

enum ps_document_class {
    PS_DOCUMENT_FOREIGN,      /* another domain: nothing of Paradex */
    PS_DOCUMENT_ORDER,        /* order is filled */
    PS_DOCUMENT_MODIFY_ORDER, /* order and order_id are filled */
    PS_DOCUMENT_AUTH,         /* timestamp_s and expiration_s are filled */
    PS_DOCUMENT_ONBOARDING
};

struct ps_document {
    enum ps_document_class class;
    struct ps_order order;
    ps_felt order_id;
    uint64_t timestamp_s, expiration_s;
};

/*
 * domain: the pinned Paradex domain hash of the account (revision 0); chain: its chain id as felt.
 *
 * PS_POLICY_DENIED, with rule and message, for documents that are never signed here:
 *   typed_data.stark_key     the value `STARK Key` stands in it, in any spelling (its signature is
 *                            the seed of the main key)
 *   typed_data.domain        the domain says Paradex, but for another chain, version or shape; or
 *                            it lets others act for an account of this chain (outside execution)
 *   typed_data.primary_type  the Paradex domain with a message that has no rule: another type, a
 *                            Request that is no login, a Constant that is no onboarding; all of
 *                            revision 1, and session grants
 * PS_INVALID_PARAMS with a pointer when a Paradex message has values that the typed method would
 * refuse (a side that is neither 1 nor 2, an unknown order type, a size over 2^63, ...).
 */
PS_MUST_USE enum ps_code ps_paradex_classify(const struct ps_typed_data *td, const ps_felt *domain,
                                             const ps_felt *chain, struct ps_document *out,
                                             struct ps_error *err);

#endif
