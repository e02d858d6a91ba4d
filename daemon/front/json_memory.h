/*
 * jansson in a process that clients talk to: its memory is wiped when it is given back, because
 * requests pass through it, and its hash tables are seeded while /dev/urandom can still be opened;
 * later it would take the clock, and a client could make keys collide.
 */
#ifndef PARASIGN_DAEMON_FRONT_JSON_MEMORY_H
#define PARASIGN_DAEMON_FRONT_JSON_MEMORY_H

/* To be called before jansson is used and before the sandbox is entered. */
void ps_json_prepare(void);

#endif
