/* Between token.c and login.c: the steps from one state to the next. Write lock held. */
#ifndef PARASIGN_PKCS11_TOKEN_STATE_H
#define PARASIGN_PKCS11_TOKEN_STATE_H

#include <pkcs11/token.h>

/* State, and the detail that goes with it: "" for PS_STATE_READY. */
void ps_token_set_state(struct ps_token *token, enum ps_token_state state, const char *fmt, ...)
    PS_PRINTF(3, 4);

/* Drops what only a login shows: the keys and their handles. */
void ps_token_forget_login(struct ps_token *token);

/*
 * After a login: what the token can do, and what is on it. A token that fails here is looked for
 * again from the start. The state says the same as the code.
 */
enum ps_code ps_token_become_ready(struct ps_token *token, struct ps_error *err);

#endif
