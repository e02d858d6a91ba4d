/* The login: with the configured PIN source, or with a PIN that somebody typed. */
#include <pkcs11/ckr.h>
#include <pkcs11/recover.h>
#include <pkcs11/token_state.h>
#include <stdio.h>
#include <unistd.h>

static void set_locked_by(struct ps_token *token, const struct ps_error *error)
{
    ps_token_set_state(token, PS_STATE_LOCKED, "%s", error->message);
}

/* What the token itself says about its PIN, asked anew: the flags change with every try. */
static enum ps_code check_pin_flags(struct ps_token *token, struct ps_error *err)
{
    CK_TOKEN_INFO info;
    CK_RV rv = token->module.ck->C_GetTokenInfo(token->slot.id, &info);

    if (rv != CKR_OK)
        return ps_ckr_fail(err, rv, "the token does not say how many PIN tries are left");
    if ((info.flags & CKF_USER_PIN_INITIALIZED) == 0)
        return ps_ckr_fail(err, CKR_USER_PIN_NOT_INITIALIZED, "no login");
    if ((info.flags & CKF_USER_PIN_LOCKED) != 0)
        return ps_ckr_fail(err, CKR_PIN_LOCKED, "no PIN is tried");
    if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the token says that one wrong PIN more locks it for good, so none is "
                       "tried; log in once with the token's own tool, which sets the count back, "
                       "then unlock");
    return PS_OK;
}

/* The login itself; out of every login that there was. */
static CK_RV log_in(struct ps_token *token, const struct ps_pin *pin)
{
    ps_ck *ck = token->module.ck;
    CK_RV rv;

    /* While somebody is logged in, modules answer a wrong PIN with success or "already". */
    (void)ck->C_Logout(token->main_session);
    ps_token_forget_login(token);
    rv =
        ck->C_Login(token->main_session, CKU_USER, (CK_UTF8CHAR *)pin->text, (CK_ULONG)pin->length);
    return rv;
}

/* The configured PIN, as far as it may be tried. Ends the process when only a new one can read it.
 */
static enum ps_code read_configured(const struct ps_token *token, struct ps_pin *pin,
                                    struct ps_error *err)
{
    enum ps_code rc = ps_pin_read_source(&token->pin_source, pin, err);

    if (rc == PS_TOKEN_UNAVAILABLE) {
        (void)fprintf(stderr, "parasign-token: %s\n", err->message);
        _exit(PS_EXIT_NEW_PROCESS);
    }
    return rc;
}

void ps_token_login_configured(struct ps_token *token)
{
    struct ps_pin pin = {NULL, 0};
    struct ps_error error;
    CK_RV rv;

    token->login_wanted = true;
    if (token->state == PS_STATE_ABSENT)
        return;
    if (token->pin_source.path[0] == '\0') {
        ps_token_set_state(token, PS_STATE_LOCKED,
                           "no PIN source is configured; run `parasign unlock`, or add "
                           "pin-source=file:/path to token.uri");
        return;
    }
    if (ps_marker_check(&token->marker, token->serial, &token->pin_source, &error) != PS_OK ||
        check_pin_flags(token, &error) != PS_OK || read_configured(token, &pin, &error) != PS_OK) {
        set_locked_by(token, &error);
        return;
    }
    rv = log_in(token, &pin);
    ps_pin_wipe(&pin);
    if (ps_ckr_refuses_pin(rv)) {
        ps_marker_set(&token->marker, token->serial, &token->pin_source);
        ps_token_set_state(
            token, PS_STATE_LOCKED,
            "the token refused the PIN of %.160s (%s) and it is not tried again; correct "
            "that file or run `parasign unlock`",
            token->pin_source.path, ps_ckr_name(rv));
        return;
    }
    if (rv != CKR_OK) {
        (void)ps_ckr_fail(&error, rv, "the login failed");
        set_locked_by(token, &error);
        return;
    }
    token->login_typed = false;
    ps_marker_clear(&token->marker);
    (void)ps_token_become_ready(token, &error);
}

enum ps_code ps_token_login_typed(struct ps_token *token, const struct ps_pin *pin,
                                  struct ps_error *err)
{
    enum ps_code rc;
    CK_RV rv;

    if (token->state == PS_STATE_ABSENT)
        return ps_token_ready(token, err);
    if ((rc = check_pin_flags(token, err)) != PS_OK)
        return rc;
    rv = log_in(token, pin);
    if (rv != CKR_OK) {
        rc = ps_ckr_fail(err, rv, "the token stays locked");
        ps_token_set_state(token, PS_STATE_LOCKED, "%s", err->message);
        return rc;
    }
    /* The marker stays: it speaks of the configured source, which is as wrong as before. */
    token->login_typed = true;
    return ps_token_become_ready(token, err);
}

void ps_token_logout(struct ps_token *token)
{
    token->login_wanted = false;
    if (token->state == PS_STATE_ABSENT)
        return;
    (void)token->module.ck->C_Logout(token->main_session);
    ps_token_forget_login(token);
    token->login_typed = false;
    ps_token_set_state(token, PS_STATE_LOCKED, "locked by an operator; run `parasign unlock`");
}
