/* The front's side of the pair with parasign-upstream (proto/ipc/upstream_proto.h). */
#ifndef PARASIGN_DAEMON_FRONT_UPSTREAM_CLIENT_H
#define PARASIGN_DAEMON_FRONT_UPSTREAM_CLIENT_H

#include <daemon/front/keeper_client.h>

struct ps_upstream_client;

PS_MUST_USE enum ps_code ps_upstream_client_new(uv_loop_t *loop, struct ps_keeper_client *keeper,
                                                struct ps_upstream_client **out,
                                                struct ps_error *err);
void ps_upstream_client_start(struct ps_upstream_client *client);
/* Whether the last question for its health was answered in time. */
bool ps_upstream_client_healthy(const struct ps_upstream_client *client);
uint64_t ps_upstream_client_restarts(const struct ps_upstream_client *client);
/* Closes the pair, so that the process ends. */
void ps_upstream_client_stop(struct ps_upstream_client *client);
bool ps_upstream_client_stopped(const struct ps_upstream_client *client);
/* Memory is freed by the loop. */
void ps_upstream_client_free(struct ps_upstream_client *client);

#endif
