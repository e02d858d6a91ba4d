/*
 * The socket's server: connections, their lines, the calls in flight. Private to the front.
 *
 * A server owns its connections, a connection its buffers, and the server its calls (call.h). A
 * call outlives its connection: its answer then goes nowhere.
 */
#ifndef PARASIGN_DAEMON_FRONT_SERVER_H
#define PARASIGN_DAEMON_FRONT_SERVER_H

#include <daemon/config/config.h>
#include <daemon/front/call.h>
#include <uv.h>

struct ps_server;
struct ps_connection;

/* Every answer went out, or the connections that wanted it are gone; called once after stopping. */
typedef void ps_server_drained_cb(void *arg);

/* config and front are borrowed; listen_fd stays the caller's. */
PS_MUST_USE enum ps_code ps_server_new(uv_loop_t *loop, struct ps_front *front,
                                       const struct ps_config *config, int listen_fd,
                                       struct ps_server **out, struct ps_error *err);
/* Calls that need the token are held until this. */
void ps_server_token_settled(struct ps_server *server);
/* No new connections; new lines are refused; what is in flight goes on, at most for
 * shutdown_deadline_ms. */
void ps_server_stop(struct ps_server *server, ps_server_drained_cb *on_drained, void *arg);
/* Closes what is left. Memory is freed by the loop. */
void ps_server_free(struct ps_server *server);

uint32_t ps_server_clients(const struct ps_server *server);
uint32_t ps_server_in_flight(const struct ps_server *server);
uint64_t ps_server_requests(const struct ps_server *server);

#endif
