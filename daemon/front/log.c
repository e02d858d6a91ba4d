#include <daemon/front/log.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1000

static const char *name = "parasign";
static bool with_debug;
static bool to_journal;

void ps_log_open(const char *program, bool debug)
{
    name = program;
    with_debug = debug;
    to_journal = getenv("JOURNAL_STREAM") != NULL;
}

static const char *prefix(enum ps_log_level level)
{
    switch (level) {
    case PS_LOG_ERROR:
        return to_journal ? "<3>" : "error: ";
    case PS_LOG_WARNING:
        return to_journal ? "<4>" : "warning: ";
    case PS_LOG_NOTICE:
        return to_journal ? "<5>" : "";
    case PS_LOG_DEBUG:
        break;
    }
    return to_journal ? "<7>" : "debug: ";
}

void ps_log(enum ps_log_level level, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES + 2];
    va_list args;
    size_t length;
    size_t i;
    int n;

    if (level == PS_LOG_DEBUG && !with_debug)
        return;
    if (to_journal)
        n = snprintf(line, LINE_MAX_BYTES, "%s", prefix(level));
    else
        n = snprintf(line, LINE_MAX_BYTES, "%s: %s", name, prefix(level));
    length = (size_t)n;
    va_start(args, fmt);
    n = vsnprintf(line + length, LINE_MAX_BYTES - length, fmt, args);
    va_end(args);
    if (n < 0)
        return;
    length = strlen(line);
    for (i = 0; i < length; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    }
    line[length] = '\n';
    /* One write, so that lines of several processes do not mix; nobody to tell when it fails. */
    if (write(STDERR_FILENO, line, length + 1) < 0)
        return;
}
