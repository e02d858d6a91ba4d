/* A front for one call after the other: real policy, keyring, accounts and methods; its token and
 * its log do as they are told. */
#ifndef PARASIGN_TESTS_UNIT_METHODS_FRONT_H
#define PARASIGN_TESTS_UNIT_METHODS_FRONT_H

#include <daemon/front/call.h>
#include <daemon/methods/accounts.h>
#include <daemon/methods/keyring.h>

/* What the token does with the next signatures. */
enum behaviour { TOKEN_SIGNS, TOKEN_LIES, TOKEN_OUT_OF_RANGE, TOKEN_FAILS };

struct front_double {
    struct ps_config *config;
    struct ps_keyring *keyring;
    struct ps_accounts *accounts;
    struct ps_token_status status;
    struct ps_token_probe probe;
    struct ps_peer peer;

    /* told by the test */
    enum behaviour behaviour;
    unsigned misbehaves; /* so many signatures, then it signs */
    bool log_cannot_append;
    bool log_cannot_flush;
    bool log_flushes_at_once; /* from inside ps_audit_when_durable() */
    int fd;                   /* comes with the next call */

    /* seen */
    json_t *records; /* all that was appended */
    json_t *answer;  /* of the last call, or NULL */
    struct ps_error refusal;
    unsigned answers; /* to the last call: must be 1 in the end */
    unsigned asked;   /* signatures that the token was asked for */
    unsigned asked_before_record;
    unsigned admin; /* generate, import, destroy, login, logout */
    int fd_given;   /* what the token got, or -1 */
};

extern struct front_double front;

/* A cmocka setup and teardown: configuration, keys desk.main, desk.sub.trader, other.sub.a,
 * evmdesk.evm, evmdesk.sub.trader. uid 1 may do everything; 2 is a trader. */
int front_setup(void **state);
int front_teardown(void **state);

/* Checks params against the table, dispatches, and lets everything happen that waits. Afterwards
 * there was exactly one answer. params: JSON text with ' for ". */
void front_call(uid_t uid, const char *method, const char *params);

/* The call was refused so; rule or pointer may be NULL. */
void front_expect_refusal(enum ps_code code, const char *place, const char *says);
/* The records from first on have these events, separated by spaces. */
void front_expect_records(const char *events);
const char *front_text(const json_t *object, const char *member);
/* now + offset, as 13 digits */
uint64_t front_now_ms(int64_t offset_ms);

/* Between front.c and front_token.c. */
void front_token_run(void);
bool front_token_is_idle(void);
struct ps_token_client {
    int unused;
};

#endif
