/*
 * The daemon's log: one line per event on standard error, with the journal's priority prefix when
 * standard error is the journal. Never a parameter of a request, never a secret.
 */
#ifndef PARASIGN_DAEMON_FRONT_LOG_H
#define PARASIGN_DAEMON_FRONT_LOG_H

#include <parasign/error.h>

enum ps_log_level { PS_LOG_ERROR, PS_LOG_WARNING, PS_LOG_NOTICE, PS_LOG_DEBUG };

/* Names the program in each line; debug: also lines of PS_LOG_DEBUG. To be called once, first. */
void ps_log_open(const char *program, bool debug);
/* Control characters in the text are written as '?'; a line holds at most 1000 bytes. */
void ps_log(enum ps_log_level level, const char *fmt, ...) PS_PRINTF(2, 3);

#endif
