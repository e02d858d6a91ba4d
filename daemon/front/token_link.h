/* The token client as the front that owns it sees it: made, started, ended. token_client.h is what
 * the methods see. */
#ifndef PARASIGN_DAEMON_FRONT_TOKEN_LINK_H
#define PARASIGN_DAEMON_FRONT_TOKEN_LINK_H

#include <daemon/config/config.h>
#include <daemon/front/keeper_client.h>
#include <daemon/front/token_client.h>

/* Called once: the keys are known, or it is known that there are none to be had now. */
typedef void ps_token_settled_cb(void *arg);

/* config and keeper are borrowed. */
PS_MUST_USE enum ps_code ps_token_client_new(uv_loop_t *loop, const struct ps_config *config,
                                             struct ps_keeper_client *keeper,
                                             ps_token_settled_cb *on_settled, void *arg,
                                             struct ps_token_client **out, struct ps_error *err);
void ps_token_client_start(struct ps_token_client *client);
/* Whether on_settled was called. */
bool ps_token_client_settled(const struct ps_token_client *client);
uint64_t ps_token_client_restarts(const struct ps_token_client *client);
/* Closes the pair, so that the process logs out and ends; what is open fails: shutting_down. */
void ps_token_client_stop(struct ps_token_client *client);
/* Whether the process has ended after ps_token_client_stop(). */
bool ps_token_client_stopped(const struct ps_token_client *client);
/* Memory is freed by the loop. */
void ps_token_client_free(struct ps_token_client *client);

#endif
