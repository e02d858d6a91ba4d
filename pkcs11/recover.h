/*
 * The recovery ladder. Each rung is tried once per failing call, in order, starting at the first
 * that can cure the module's answer (ckr.h); each is counted.
 */
#ifndef PARASIGN_PKCS11_RECOVER_H
#define PARASIGN_PKCS11_RECOVER_H

#include <pkcs11/ckr.h>
#include <pkcs11/token.h>

/* The process ends with this status when only a new process can help. */
#define PS_EXIT_NEW_PROCESS 75

/*
 * Takes one rung. No lock held. worker is the caller's own. seen: token->generation when the call
 * failed; if it has moved since, another thread recovered already and nothing is done.
 * Returns whether the failed call may be tried again; if not, the caller goes on with the next
 * rung. PS_STEP_PROCESS ends the process, unless it never signed: then a new one would not either.
 */
bool ps_recover(struct ps_token *token, struct ps_worker *worker, enum ps_step step, uint64_t seen);

/*
 * Before a call that must not be made twice (a new key): checks the main session and climbs the
 * ladder where needed. Write lock held.
 */
void ps_recover_main(struct ps_token *token);

/* Touches every session, so that none times out. Write lock held. */
void ps_keepalive(struct ps_token *token);

#endif
