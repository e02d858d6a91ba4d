#include <pkcs11/token.h>

#include <assert.h>
#include <errno.h>
#include <pkcs11/ckr.h>
#include <pkcs11/probe.h>
#include <pkcs11/token_state.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_AGAIN_MS 1000

static uint64_t now_ms(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void ps_token_set_state(struct ps_token *token, enum ps_token_state state, const char *fmt, ...)
{
    va_list args;

    token->state = state;
    va_start(args, fmt);
    (void)vsnprintf(token->detail, sizeof token->detail, fmt, args);
    va_end(args);
}

static enum ps_code init_locks(struct ps_token *token, struct ps_error *err)
{
    pthread_rwlockattr_t attributes;

    /* The default lets a stream of signatures keep a new key or a login waiting for ever. */
    if (pthread_rwlockattr_init(&attributes) != 0 ||
        pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) !=
            0 ||
        pthread_rwlock_init(&token->lock, &attributes) != 0 ||
        pthread_mutex_init(&token->main_session_mutex, NULL) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "a lock cannot be made");
    (void)pthread_rwlockattr_destroy(&attributes);
    return PS_OK;
}

static enum ps_code make_numbers(struct ps_token *token, struct ps_error *err)
{
    size_t i;

    for (i = 0; i < token->worker_count; i++)
        if ((token->workers[i].numbers = BN_CTX_new()) == NULL)
            return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    return PS_OK;
}

static void free_workers(struct ps_token *token)
{
    size_t i;

    for (i = 0; i < token->worker_count; i++)
        BN_CTX_free(token->workers[i].numbers);
    free(token->workers);
}

enum ps_code ps_token_new(const char *uri, const char *state_dir, size_t threads,
                          struct ps_token **out, struct ps_error *err)
{
    struct ps_token *token;
    enum ps_code rc;

    assert(threads >= 1 && threads <= PS_TOKEN_THREADS_MAX);
    *out = NULL;
    if ((token = calloc(1, sizeof *token)) == NULL ||
        (token->workers = calloc(threads, sizeof *token->workers)) == NULL) {
        free(token);
        return ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
    }
    token->magic = PS_TOKEN_MAGIC;
    token->worker_count = threads;
    if ((rc = make_numbers(token, err)) != PS_OK ||
        (rc = ps_uri_parse(uri, &token->uri, err)) != PS_OK ||
        (rc = ps_marker_init(&token->marker, state_dir, err)) != PS_OK ||
        (rc = init_locks(token, err)) != PS_OK) {
        ps_uri_free(&token->uri);
        free_workers(token);
        free(token);
        return rc;
    }
    ps_pin_source_find(token->uri.pin_source, &token->pin_source);
    ps_token_set_state(token, PS_STATE_ABSENT, "the token was not looked for yet");
    *out = token;
    return PS_OK;
}

void ps_token_forget_login(struct ps_token *token)
{
    ps_key_list_free(&token->keys);
    token->generation++;
}

/* The module's state is gone or about to go: handles mean nothing any more. */
static void forget_sessions(struct ps_token *token)
{
    size_t i;

    ps_token_forget_login(token);
    token->main_session = 0;
    for (i = 0; i < token->worker_count; i++)
        atomic_store(&token->workers[i].session, 0);
}

void ps_token_free(struct ps_token *token)
{
    if (token == NULL)
        return;
    assert(token->magic == PS_TOKEN_MAGIC);
    if (token->main_session != 0) {
        (void)token->module.ck->C_Logout(token->main_session);
        (void)token->module.ck->C_CloseAllSessions(token->slot.id);
    }
    forget_sessions(token);
    ps_module_finalize(&token->module);
    ps_uri_free(&token->uri);
    (void)pthread_rwlock_destroy(&token->lock);
    (void)pthread_mutex_destroy(&token->main_session_mutex);
    free_workers(token);
    token->magic = 0;
    free(token);
}

/* PKCS#11 texts are padded with blanks and not terminated. What is not printable becomes '?'. */
static void copy_text(char out[PS_TOKEN_TEXT_MAX], const unsigned char *text, size_t length)
{
    size_t i;

    assert(length < PS_TOKEN_TEXT_MAX);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\0'))
        length--;
    for (i = 0; i < length; i++)
        out[i] = (char)(text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i]);
    out[length] = '\0';
}

static void append_label(char *seen, size_t capacity, const struct ps_slot *slot)
{
    char label[PS_TOKEN_TEXT_MAX], serial[PS_TOKEN_TEXT_MAX];
    size_t at = strlen(seen);

    copy_text(label, slot->info.label, sizeof slot->info.label);
    copy_text(serial, slot->info.serialNumber, sizeof slot->info.serialNumber);
    (void)snprintf(seen + at, capacity - at, "%s\"%s\" (serial %s)", at > 0 ? ", " : "", label,
                   serial);
}

/* Exactly one token must be meant. Sets slot, or state and detail. */
static bool choose_slot(struct ps_token *token, const struct ps_slot *slots, size_t count)
{
    char seen[192] = "";
    size_t i, matches = 0, initialised = 0;

    for (i = 0; i < count; i++) {
        if ((slots[i].info.flags & CKF_TOKEN_INITIALIZED) == 0)
            continue;
        initialised++;
        if (ps_uri_matches(&token->uri, slots[i].id, &slots[i].info)) {
            token->slot = slots[i];
            matches++;
        }
    }
    if (matches == 1)
        return true;
    for (i = 0; i < count; i++)
        if ((slots[i].info.flags & CKF_TOKEN_INITIALIZED) != 0 &&
            (matches == 0 || ps_uri_matches(&token->uri, slots[i].id, &slots[i].info)))
            append_label(seen, sizeof seen, &slots[i]);
    if (initialised == 0)
        ps_token_set_state(
            token, PS_STATE_ABSENT,
            "the module shows no initialised token; plug one in, check the module's own "
            "configuration, or make one with `parasign token init`");
    else if (matches == 0)
        ps_token_set_state(token, PS_STATE_ABSENT,
                           "no token fits token.uri; correct it to one that is there: %s", seen);
    else
        ps_token_set_state(
            token, PS_STATE_ABSENT,
            "%zu tokens fit token.uri: %s; add serial=... to it so that one is meant", matches,
            seen);
    return false;
}

CK_RV ps_token_open_session(const struct ps_token *token, CK_SESSION_HANDLE *session)
{
    CK_FLAGS flags = CKF_SERIAL_SESSION;
    CK_RV rv;

    /* One mode for the life of the process: the token says which. */
    if ((token->slot.info.flags & CKF_WRITE_PROTECTED) == 0)
        flags |= CKF_RW_SESSION;
    rv = token->module.ck->C_OpenSession(token->slot.id, flags, NULL, NULL, session);
    if (rv != CKR_OK)
        *session = 0;
    return rv;
}

/*
 * Opens the new one first: closing the last session of a token logs out. Tokens with one session
 * only refuse that, so then the old one goes first.
 */
CK_RV ps_token_renew_session(struct ps_token *token, CK_SESSION_HANDLE *session)
{
    CK_SESSION_HANDLE fresh;
    CK_RV rv = ps_token_open_session(token, &fresh);

    if (*session != 0)
        (void)token->module.ck->C_CloseSession(*session);
    *session = 0;
    if (rv != CKR_OK)
        rv = ps_token_open_session(token, &fresh);
    if (rv == CKR_OK) {
        *session = fresh;
        atomic_fetch_add(&token->totals.fresh_sessions, 1);
    }
    return rv;
}

/* The main session must open, the workers' own are as many as the token gives. */
static CK_RV open_sessions(struct ps_token *token)
{
    CK_RV rv = ps_token_open_session(token, &token->main_session);
    CK_SESSION_HANDLE session;
    size_t i;

    for (i = 0; rv == CKR_OK && i < token->worker_count; i++) {
        if (ps_token_open_session(token, &session) != CKR_OK)
            break;
        atomic_store(&token->workers[i].session, session);
    }
    return rv;
}

static bool scan(struct ps_token *token)
{
    struct ps_slot *slots = calloc(PS_SLOTS_MAX, sizeof *slots);
    struct ps_error error;
    size_t count;
    bool found = false;
    CK_RV rv;

    if (slots == NULL) {
        ps_token_set_state(token, PS_STATE_ABSENT, "out of memory");
        return false;
    }
    if (ps_module_open(&token->module, token->uri.module_path, &error) != PS_OK ||
        ps_module_slots(&token->module, slots, &count, &error) != PS_OK) {
        ps_token_set_state(token, PS_STATE_ABSENT, "%s", error.message);
        goto out;
    }
    if (!choose_slot(token, slots, count))
        goto out;
    if ((rv = open_sessions(token)) != CKR_OK) {
        (void)ps_ckr_fail(&error, rv, "the token opens no session");
        ps_token_set_state(token, PS_STATE_ABSENT, "%s", error.message);
        forget_sessions(token);
        goto out;
    }
    copy_text(token->label, token->slot.info.label, sizeof token->slot.info.label);
    copy_text(token->serial, token->slot.info.serialNumber, sizeof token->slot.info.serialNumber);
    copy_text(token->model, token->slot.info.model, sizeof token->slot.info.model);
    copy_text(token->manufacturer, token->slot.info.manufacturerID,
              sizeof token->slot.info.manufacturerID);
    found = true;
out:
    free(slots);
    return found;
}

enum ps_code ps_token_read_keys(struct ps_token *token, CK_RV *rv, struct ps_error *err)
{
    struct ps_key_list fresh;
    enum ps_code rc = ps_key_list_read(token->module.ck, token->main_session, &fresh, rv, err);

    if (rc != PS_OK)
        return rc;
    ps_key_list_free(&token->keys);
    token->keys = fresh;
    token->generation++;
    return PS_OK;
}

enum ps_code ps_token_become_ready(struct ps_token *token, struct ps_error *err)
{
    enum ps_code rc;
    CK_RV rv;

    if (token->stark == PS_STARK_UNTESTED || strcmp(token->stark_serial, token->serial) != 0) {
        token->stark = ps_probe_stark(token->module.ck, token->main_session);
        memcpy(token->stark_serial, token->serial, sizeof token->stark_serial);
        /* A module that failed in the middle may hold the session in that operation. */
        if (token->stark == PS_STARK_UNTESTED)
            (void)ps_token_renew_session(token, &token->main_session);
    }
    if ((rc = ps_token_read_keys(token, &rv, err)) != PS_OK &&
        ps_token_renew_session(token, &token->main_session) == CKR_OK)
        rc = ps_token_read_keys(token, &rv, err);
    if (rc != PS_OK) {
        (void)token->module.ck->C_Logout(token->main_session);
        ps_token_set_state(token, PS_STATE_ABSENT, "the token's keys cannot be read: %.300s",
                           err->message);
        return rc;
    }
    ps_token_set_state(token, PS_STATE_READY, "%s", "");
    return PS_OK;
}

void ps_token_find(struct ps_token *token)
{
    struct ps_error error;

    if (token->state != PS_STATE_ABSENT)
        return;
    token->scanned_ms = now_ms();
    /* Modules notice new tokens at C_Initialize at the latest. */
    forget_sessions(token);
    ps_module_finalize(&token->module);
    if (!scan(token))
        return;
    if ((token->slot.info.flags & CKF_LOGIN_REQUIRED) == 0) {
        (void)ps_token_become_ready(token, &error);
        return;
    }
    ps_token_set_state(token, PS_STATE_LOCKED, "nobody is logged in; run `parasign unlock`");
    if (token->login_wanted)
        ps_token_login_configured(token);
}

bool ps_token_should_look(const struct ps_token *token)
{
    return token->state == PS_STATE_ABSENT && now_ms() - token->scanned_ms >= LOOK_AGAIN_MS;
}

void ps_token_restart_module(struct ps_token *token)
{
    bool typed = token->login_typed && token->state == PS_STATE_READY;

    ps_token_set_state(token, PS_STATE_ABSENT, "the module is being started again");
    if (typed)
        token->login_wanted = false;
    ps_token_find(token);
    token->login_typed = false;
    if (typed && token->state == PS_STATE_LOCKED)
        ps_token_set_state(token, PS_STATE_LOCKED,
                           "the module had to be started again and the PIN was typed by hand; run "
                           "`parasign unlock`");
}

enum ps_code ps_token_ready(const struct ps_token *token, struct ps_error *err)
{
    switch (token->state) {
    case PS_STATE_READY:
        return PS_OK;
    case PS_STATE_LOCKED:
        return ps_fail(err, PS_TOKEN_LOCKED, "%s", token->detail);
    default:
        return ps_fail(err, PS_TOKEN_UNAVAILABLE, "%s", token->detail);
    }
}

void ps_token_status(const struct ps_token *token, struct ps_token_status *out)
{
    const struct ps_token_totals *t = &token->totals;
    size_t i;

    memset(out, 0, sizeof *out);
    out->state = token->state;
    out->stark = token->stark;
    memcpy(out->detail, token->detail, sizeof out->detail);
    memcpy(out->label, token->label, sizeof out->label);
    memcpy(out->serial, token->serial, sizeof out->serial);
    memcpy(out->model, token->model, sizeof out->model);
    memcpy(out->manufacturer, token->manufacturer, sizeof out->manufacturer);
    memcpy(out->module, token->uri.module_path, sizeof out->module);
    for (i = 0; i < token->worker_count; i++)
        out->threads += atomic_load(&token->workers[i].session) != 0 ? 1 : 0;
    if (out->threads == 0 && token->main_session != 0)
        out->threads = 1;
    out->key_count = (uint32_t)token->keys.count;
    out->counters = (struct ps_token_counters){
        .signatures = atomic_load(&t->signatures),
        .range_retries = atomic_load(&t->range_retries),
        .fresh_sessions = atomic_load(&t->fresh_sessions),
        .refound = atomic_load(&t->refound),
        .relogins = atomic_load(&t->relogins),
        .reinitialised = atomic_load(&t->reinitialised),
        .keepalives = atomic_load(&t->keepalives),
        .skipped_objects = token->keys.skipped,
    };
}

CK_RV ps_token_session_check(const struct ps_token *token, CK_SESSION_HANDLE session)
{
    CK_SESSION_INFO info;
    CK_RV rv = token->module.ck->C_GetSessionInfo(session, &info);

    if (rv != CKR_OK)
        return rv;
    if ((token->slot.info.flags & CKF_LOGIN_REQUIRED) != 0 && info.state != CKS_RW_USER_FUNCTIONS &&
        info.state != CKS_RO_USER_FUNCTIONS)
        return CKR_USER_NOT_LOGGED_IN;
    return CKR_OK;
}
