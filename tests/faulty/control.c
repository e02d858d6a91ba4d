#include <tests/faulty/control.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULES_MAX 64

static struct rule {
    char function[40];
    unsigned long first, last; /* calls, counted from 1 */
    struct fault fault;
    unsigned long seen;
} rules[RULES_MAX];
static size_t rule_count;
static struct stat last_state;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static enum action action_named(const char *name)
{
    static const struct {
        const char *name;
        enum action action;
    } names[] = {{"rv", ACTION_RV},           {"hang", ACTION_HANG},
                 {"crash", ACTION_CRASH},     {"sleep_ms", ACTION_SLEEP_MS},
                 {"corrupt", ACTION_CORRUPT}, {"zero", ACTION_ZERO},
                 {"weak", ACTION_WEAK},       {"flags", ACTION_FLAGS}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i].name) == 0)
            return names[i].action;
    (void)fprintf(stderr, "ps_faulty: no action %s\n", name);
    abort();
}

static void parse_line(const char *line)
{
    char function[40], which[24], action[16], number[24] = "0";
    struct rule *rule = &rules[rule_count];
    char *end;

    if (sscanf(line, "%39s %23s %15s %23s", function, which, action, number) < 3 ||
        rule_count == RULES_MAX)
        return;
    memset(rule, 0, sizeof *rule);
    memcpy(rule->function, function, sizeof function);
    rule->first = 1;
    rule->last = ~0UL;
    if (strcmp(which, "*") != 0) {
        rule->first = strtoul(which, &end, 10);
        if (*end != '+')
            rule->last = rule->first;
    }
    rule->fault.action = action_named(action);
    rule->fault.number = strtoul(number, NULL, 0);
    rule_count++;
}

static void read_again(const char *path)
{
    char line[160];
    FILE *file = fopen(path, "re");

    rule_count = 0;
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL)
        parse_line(line);
    (void)fclose(file);
}

static void read_if_changed(void)
{
    const char *path = getenv("PS_FAULTY_CONTROL");
    struct stat st;

    if (path == NULL || stat(path, &st) != 0) {
        rule_count = 0;
        memset(&last_state, 0, sizeof last_state);
        return;
    }
    if (st.st_ino == last_state.st_ino && st.st_size == last_state.st_size &&
        st.st_mtim.tv_sec == last_state.st_mtim.tv_sec &&
        st.st_mtim.tv_nsec == last_state.st_mtim.tv_nsec)
        return;
    last_state = st;
    read_again(path);
}

static void log_call(const char *function)
{
    const char *path = getenv("PS_FAULTY_LOG");
    char line[64];
    int fd, length;

    if (path == NULL || (fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) < 0)
        return;
    length = snprintf(line, sizeof line, "%s\n", function);
    if (write(fd, line, (size_t)length) != length)
        abort();
    (void)close(fd);
}

struct fault control_next(const char *function)
{
    struct fault fault = {ACTION_NONE, 0};
    size_t i;

    (void)pthread_mutex_lock(&lock);
    read_if_changed();
    log_call(function);
    for (i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];

        if (strcmp(rule->function, function) != 0)
            continue;
        rule->seen++;
        if (rule->seen >= rule->first && rule->seen <= rule->last && fault.action == ACTION_NONE)
            fault = rule->fault;
    }
    (void)pthread_mutex_unlock(&lock);
    return fault;
}
