/* jansson's memory: wiped when it is given back, because requests pass through it. */
#ifndef PARASIGN_DAEMON_FRONT_JSON_MEMORY_H
#define PARASIGN_DAEMON_FRONT_JSON_MEMORY_H

/* To be called before jansson is used. */
void ps_json_memory_wipe(void);

#endif
