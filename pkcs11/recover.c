#include <pkcs11/recover.h>

#include <stdio.h>
#include <unistd.h>

/* The lock that its session asks for held. */
static CK_RV renew_worker(struct ps_token *token, struct ps_worker *worker)
{
    CK_SESSION_HANDLE session = atomic_load(&worker->session);
    CK_RV rv = ps_token_renew_session(token, &session);

    atomic_store(&worker->session, session);
    return rv;
}

static bool fresh_session(struct ps_token *token, struct ps_worker *worker)
{
    CK_RV rv = CKR_USER_NOT_LOGGED_IN;

    if (atomic_load(&worker->session) != 0) {
        (void)pthread_rwlock_rdlock(&token->lock);
        if (token->state == PS_STATE_READY)
            rv = renew_worker(token, worker);
    } else {
        (void)pthread_rwlock_wrlock(&token->lock);
        if (token->state == PS_STATE_READY)
            rv = ps_token_renew_session(token, &token->main_session);
    }
    (void)pthread_rwlock_unlock(&token->lock);
    return rv == CKR_OK;
}

static bool find_again(struct ps_token *token)
{
    struct ps_error error;
    CK_RV rv;

    if (ps_token_session_check(token, token->main_session) != CKR_OK ||
        ps_token_read_keys(token, &rv, &error) != PS_OK)
        return false;
    atomic_fetch_add(&token->totals.refound, 1);
    return true;
}

static bool log_in_again(struct ps_token *token)
{
    CK_RV rv = ps_token_session_check(token, token->main_session);

    /* The main session can be gone as well; a login needs one. */
    if (rv != CKR_OK && rv != CKR_USER_NOT_LOGGED_IN &&
        ps_token_renew_session(token, &token->main_session) != CKR_OK)
        return false;
    if (token->login_typed) {
        if (ps_token_session_check(token, token->main_session) != CKR_USER_NOT_LOGGED_IN)
            return false;
        /* Nobody keeps a PIN that was typed. */
        ps_token_logout(token);
        (void)snprintf(token->detail, sizeof token->detail,
                       "the token forgot the login and the PIN was typed by hand; run `parasign "
                       "unlock`");
        return true;
    }
    ps_token_login_configured(token);
    atomic_fetch_add(&token->totals.relogins, 1);
    return token->state == PS_STATE_READY;
}

static bool start_module_again(struct ps_token *token)
{
    ps_token_restart_module(token);
    atomic_fetch_add(&token->totals.reinitialised, 1);
    return true;
}

static bool end_process(const struct ps_token *token)
{
    if (atomic_load(&token->totals.signatures) == 0)
        return false;
    (void)fprintf(stderr, "parasign-token: the module does not recover; a new process is needed\n");
    _exit(PS_EXIT_NEW_PROCESS);
}

static bool climb_locked(struct ps_token *token, enum ps_step step)
{
    switch (step) {
    case PS_STEP_OBJECTS:
        return find_again(token);
    case PS_STEP_LOGIN:
        return log_in_again(token);
    case PS_STEP_MODULE:
        return start_module_again(token);
    case PS_STEP_PROCESS:
        return end_process(token);
    default:
        return false;
    }
}

bool ps_recover(struct ps_token *token, struct ps_worker *worker, enum ps_step step, uint64_t seen)
{
    bool again = true;

    if (step == PS_STEP_SESSION)
        return fresh_session(token, worker);
    (void)pthread_rwlock_wrlock(&token->lock);
    if (token->generation == seen && token->state == PS_STATE_READY)
        again = climb_locked(token, step);
    (void)pthread_rwlock_unlock(&token->lock);
    return again;
}

void ps_recover_main(struct ps_token *token)
{
    CK_RV rv;
    unsigned step;

    if (token->state != PS_STATE_READY)
        return;
    rv = ps_token_session_check(token, token->main_session);
    if (rv == CKR_OK)
        return;
    step = ps_ckr_step(rv);
    if (step == PS_STEP_SESSION && ps_token_renew_session(token, &token->main_session) == CKR_OK)
        rv = ps_token_session_check(token, token->main_session);
    if (rv != CKR_OK && step <= PS_STEP_LOGIN && log_in_again(token))
        return;
    if (rv != CKR_OK)
        (void)start_module_again(token);
}

void ps_keepalive(struct ps_token *token)
{
    CK_SESSION_HANDLE session;
    CK_SESSION_INFO info;
    size_t i;

    if (token->main_session == 0)
        return;
    atomic_fetch_add(&token->totals.keepalives, 1);
    for (i = 0; i < token->worker_count; i++)
        if ((session = atomic_load(&token->workers[i].session)) != 0 &&
            token->module.ck->C_GetSessionInfo(session, &info) != CKR_OK)
            (void)renew_worker(token, &token->workers[i]);
    ps_recover_main(token);
}
