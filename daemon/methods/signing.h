/*
 * From hashes to released signatures: audit record, token, check in software, answer.
 *
 * The record and the token's work run side by side; the answer waits for both. A signature that
 * does not verify under the key's public half never leaves: it could give the key away.
 */
#ifndef PARASIGN_DAEMON_METHODS_SIGNING_H
#define PARASIGN_DAEMON_METHODS_SIGNING_H

#include <daemon/front/call.h>
#include <daemon/methods/build.h>
#include <daemon/methods/keyring.h>
#include <proto/paradex/messages.h>

#define PS_SIGNING_MAX 10
/* How often a signature outside of Starknet's ranges is asked for again; one in 2^55 is. */
#define PS_SIGNING_RETRIES 3

/* One signature, checked. */
struct ps_signed {
    const uint8_t *hash32;
    struct ps_token_signature signature;
    char text[PS_SIGNATURE_TEXT_MAX]; /* the exchange's form */
};

/*
 * Adds what the method has of its own to the result, which has key, public_key, custody, audit_seq
 * and hash (or hashes, when the plan says so) already. draft: of the plan.
 */
typedef void ps_signing_finish_fn(struct ps_build *result, json_t *draft,
                                  const struct ps_signed *signatures, size_t count);

struct ps_signing_plan {
    struct ps_call *call;
    const struct ps_keyring_entry *key; /* copied */
    const char *account;                /* its name, for the record */
    size_t count;                       /* 1 to PS_SIGNING_MAX */
    bool is_list;                       /* the answer speaks of hashes, also for one */
    uint8_t hash32[PS_SIGNING_MAX][32]; /* each below 2^251, or the call is refused */
    const char *what;                   /* name of `detail` in the record: "order" */
    json_t *detail;                     /* what is signed, decoded; stolen */
    json_t *draft;                      /* the unfinished answer; stolen; may be NULL */
    ps_signing_finish_fn *finish;
};

/* Answers or refuses plan->call, later or at once. */
void ps_signing_start(const struct ps_signing_plan *plan);

/* signature and signature_hex, as all methods with one signature answer them. */
void ps_signing_put(struct ps_build *result, const struct ps_signed *signature);
/* ["0x..","0x.."]; NULL when memory is out. */
json_t *ps_signing_hex(const struct ps_signed *signature);

#endif
