/* The methods of the socket API, bound to the table in proto/rpc/methods.h. */
#ifndef PARASIGN_DAEMON_METHODS_METHODS_H
#define PARASIGN_DAEMON_METHODS_METHODS_H

#include <daemon/front/call.h>

/*
 * Starts the work of a call whose parameters were checked against the table: policy, then the
 * method. Answers or refuses it, now or later (call.h).
 */
void ps_methods_dispatch(struct ps_call *call);

/* Whether every method of the table has a body; asserted at start. */
bool ps_methods_complete(void);

#endif
