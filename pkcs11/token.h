/*
 * The token as this process sees it: which one, whether it is there, who is logged in, the sessions
 * and the keys. One per process.
 *
 * lock guards everything but the counters and a worker's own session: signing holds it for reading,
 * whatever changes the login, the sessions or the keys holds it for writing. Functions say which
 * they want held.
 */
#ifndef PARASIGN_PKCS11_TOKEN_H
#define PARASIGN_PKCS11_TOKEN_H

#include <openssl/bn.h>
#include <pkcs11/keylist.h>
#include <pkcs11/marker.h>
#include <pkcs11/module.h>
#include <pkcs11/pin.h>
#include <pkcs11/uri.h>
#include <proto/ipc/token_proto.h>
#include <pthread.h>
#include <stdatomic.h>

#define PS_TOKEN_THREADS_MAX 64
#define PS_TOKEN_MAGIC 0x70a5169eU

struct ps_token_totals {
    atomic_uint_least64_t signatures, range_retries, fresh_sessions, refound, relogins,
        reinitialised, keepalives;
};

/*
 * One per signing thread. session, a CK_SESSION_HANDLE: changed by the thread itself with the read
 * lock or by anybody with the write lock. 0: the token gave no more, the thread uses the main one.
 */
struct ps_worker {
    atomic_ulong session;
    BN_CTX *numbers; /* owned; scratch of this thread for public numbers */
};

struct ps_token {
    unsigned magic;
    struct ps_uri uri;               /* owned */
    struct ps_pin_source pin_source; /* path "" when none is configured */
    struct ps_marker marker;
    struct ps_module module;

    pthread_rwlock_t lock;
    enum ps_token_state state;
    enum ps_stark_support stark;
    char detail[PS_ERROR_MESSAGE_MAX];
    struct ps_slot slot; /* valid unless absent */
    /* Texts of slot.info, blanks cut. They stay what they were when the token goes away. */
    char label[PS_TOKEN_TEXT_MAX], serial[PS_TOKEN_TEXT_MAX], model[PS_TOKEN_TEXT_MAX],
        manufacturer[PS_TOKEN_TEXT_MAX];
    char stark_serial[PS_TOKEN_TEXT_MAX]; /* the token that `stark` was found out on */
    CK_SESSION_HANDLE main_session;       /* 0 when there is none */
    pthread_mutex_t main_session_mutex;   /* for workers without a session of their own */
    struct ps_worker *workers;            /* owned */
    size_t worker_count;
    struct ps_key_list keys; /* owned; empty unless ready */
    bool login_wanted;       /* START or LOGIN asked for the configured source */
    bool login_typed;        /* the login came from a passed PIN, which we do not keep */
    uint64_t generation;     /* counts what invalidates handles: logins, finds, module starts */
    uint64_t scanned_ms;     /* when an absent token was last looked for; CLOCK_MONOTONIC */
    struct ps_token_totals totals;
};

/*
 * uri: RFC 7512. state_dir: for the marker of refused PINs; may be NULL. Touches neither the module
 * nor the token. Out: *out, freed by ps_token_free().
 */
PS_MUST_USE enum ps_code ps_token_new(const char *uri, const char *state_dir, size_t threads,
                                      struct ps_token **out, struct ps_error *err);
/* Logs out, closes the sessions and finalises the module. */
void ps_token_free(struct ps_token *token);

/*
 * Looks for the token unless it was found. Write lock. Sets state, detail and the texts; a token
 * that is found gets its sessions and is locked (or ready, when it wants no login).
 */
void ps_token_find(struct ps_token *token);
/* Whether an absent token should be looked for again: at most once a second. Any lock. */
bool ps_token_should_look(const struct ps_token *token);

/* Logs in with the configured source, where there is one and it may be tried. Write lock. */
void ps_token_login_configured(struct ps_token *token);
/*
 * Logs out, then in with this PIN. Write lock. PS_TOKEN_LOCKED when it was refused or is not tried
 * because the token says that it is the last try.
 */
PS_MUST_USE enum ps_code ps_token_login_typed(struct ps_token *token, const struct ps_pin *pin,
                                              struct ps_error *err);
/* Write lock. Nobody is logged in after this; detail says that an operator locked it. */
void ps_token_logout(struct ps_token *token);

/* Drops sessions, keys and module state and starts them again. Write lock. */
void ps_token_restart_module(struct ps_token *token);

/* Reads the keys again. Write lock, ready. */
PS_MUST_USE enum ps_code ps_token_read_keys(struct ps_token *token, CK_RV *rv,
                                            struct ps_error *err);

/* PS_OK when ready, else the code and the sentence for a client. Any lock. */
PS_MUST_USE enum ps_code ps_token_ready(const struct ps_token *token, struct ps_error *err);

/* Read lock. */
void ps_token_status(const struct ps_token *token, struct ps_token_status *out);

/* Opens a session in the one mode of this process. On failure *session is 0. */
CK_RV ps_token_open_session(const struct ps_token *token, CK_SESSION_HANDLE *session);
/*
 * Replaces a session and counts that. The worker's own with the read lock, the main one with the
 * write lock. On failure *session is 0.
 */
CK_RV ps_token_renew_session(struct ps_token *token, CK_SESSION_HANDLE *session);
/* Whether the session is alive and sees the private objects. */
CK_RV ps_token_session_check(const struct ps_token *token, CK_SESSION_HANDLE session);

#endif
