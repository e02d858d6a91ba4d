#include <daemon/front/helper.h>

#include <assert.h>
#include <daemon/front/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER_MAGIC 0x68656c70u
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 5000
/* A killed process that does not go (stuck in the kernel) is waited for this often. */
#define EXIT_WAIT_MS 1000

struct ps_helper {
    unsigned magic;
    struct ps_keeper_client *keeper; /* borrowed */
    enum ps_keeper_helper which;
    const char *name;
    uint32_t start_deadline_ms;
    const struct ps_helper_hooks *hooks;
    void *arg;
    uv_timer_t timer; /* start deadline, backoff, or waiting for an exit, by state */
    enum ps_helper_state state;
    bool has_process; /* between STARTED and EXITED */
    bool is_up;       /* hooks->up was called, hooks->down not yet */
    pid_t pid;
    unsigned failures; /* starts in a row that came to nothing */
    uint64_t starts;
};

static void start_now(struct ps_helper *helper);

static void on_start_deadline(uv_timer_t *timer)
{
    ps_helper_fail(timer->data, "it was not ready before its start deadline");
}

static void on_backoff(uv_timer_t *timer)
{
    struct ps_helper *helper = timer->data;

    if (helper->has_process) {
        ps_log(PS_LOG_WARNING, "%s (pid %d) was killed but has not ended; waiting for it",
               helper->name, (int)helper->pid);
        (void)uv_timer_start(&helper->timer, on_backoff, EXIT_WAIT_MS, 0);
        return;
    }
    start_now(helper);
}

static void start_now(struct ps_helper *helper)
{
    helper->state = PS_HELPER_STARTING;
    helper->starts++;
    (void)uv_timer_start(&helper->timer, on_start_deadline, helper->start_deadline_ms, 0);
    ps_keeper_client_start(helper->keeper, helper->which);
}

static uint64_t backoff_ms(const struct ps_helper *helper)
{
    uint64_t delay = BACKOFF_FIRST_MS;
    unsigned i;

    if (helper->failures == 0)
        return 0;
    for (i = 1; i < helper->failures && delay < BACKOFF_MAX_MS; i++)
        delay *= 2;
    return delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS;
}

/* The next start, now or after the backoff, and never beside a process that still exists. */
static void start_again(struct ps_helper *helper)
{
    uint64_t delay = backoff_ms(helper);

    if (helper->state == PS_HELPER_STOPPING) {
        helper->state = PS_HELPER_STOPPED;
        (void)uv_timer_stop(&helper->timer);
        return;
    }
    helper->failures++;
    helper->state = PS_HELPER_BACKING_OFF;
    if (delay == 0 && !helper->has_process)
        start_now(helper);
    else
        (void)uv_timer_start(&helper->timer, on_backoff, delay == 0 ? EXIT_WAIT_MS : delay, 0);
}

static void take_down(struct ps_helper *helper)
{
    if (!helper->is_up)
        return;
    helper->is_up = false;
    helper->hooks->down(helper->arg);
}

static void on_started(void *arg, int fd, pid_t pid)
{
    struct ps_helper *helper = arg;

    helper->has_process = true;
    helper->pid = pid;
    if (helper->state != PS_HELPER_STARTING) {
        (void)close(fd);
        ps_keeper_client_kill(helper->keeper, helper->which);
        return;
    }
    ps_log(PS_LOG_DEBUG, "%s started as pid %d", helper->name, (int)pid);
    helper->is_up = true;
    helper->hooks->up(helper->arg, fd);
}

static void on_failed(void *arg, int error)
{
    struct ps_helper *helper = arg;

    ps_log(PS_LOG_ERROR, "%s cannot be started: %s", helper->name, strerror(error));
    start_again(helper);
}

static void describe_exit(char *out, size_t capacity, int wait_status)
{
    if (WIFSIGNALED(wait_status))
        (void)snprintf(out, capacity, "by signal %d", WTERMSIG(wait_status));
    else if (WEXITSTATUS(wait_status) == PS_KEEPER_EXIT_NO_EXEC)
        (void)snprintf(out, capacity, "because its program cannot be executed");
    else
        (void)snprintf(out, capacity, "with status %d", WEXITSTATUS(wait_status));
}

static void on_exited(void *arg, int wait_status)
{
    struct ps_helper *helper = arg;
    bool expected = helper->state == PS_HELPER_BACKING_OFF || helper->state == PS_HELPER_STOPPING;
    char how[64];

    describe_exit(how, sizeof how, wait_status);
    ps_log(expected ? PS_LOG_DEBUG : PS_LOG_WARNING, "%s (pid %d) ended %s", helper->name,
           (int)helper->pid, how);
    helper->has_process = false;
    take_down(helper);
    if (helper->state == PS_HELPER_BACKING_OFF && helper->failures == 1)
        start_now(helper); /* the immediate restart waited for this */
    else if (helper->state != PS_HELPER_BACKING_OFF && helper->state != PS_HELPER_STOPPED)
        start_again(helper);
}

static const struct ps_keeper_events keeper_events = {on_started, on_failed, on_exited};

enum ps_code ps_helper_new(uv_loop_t *loop, struct ps_keeper_client *keeper,
                           enum ps_keeper_helper which, const char *name,
                           uint32_t start_deadline_ms, const struct ps_helper_hooks *hooks,
                           void *arg, struct ps_helper **out, struct ps_error *err)
{
    struct ps_helper *helper = calloc(1, sizeof *helper);

    *out = NULL;
    if (helper == NULL || uv_timer_init(loop, &helper->timer) != 0) {
        free(helper);
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    helper->magic = HELPER_MAGIC;
    helper->keeper = keeper;
    helper->which = which;
    helper->name = name;
    helper->start_deadline_ms = start_deadline_ms;
    helper->hooks = hooks;
    helper->arg = arg;
    helper->timer.data = helper;
    ps_keeper_client_listen(keeper, which, &keeper_events, helper);
    *out = helper;
    return PS_OK;
}

void ps_helper_start(struct ps_helper *helper)
{
    assert(helper->magic == HELPER_MAGIC && helper->state == PS_HELPER_STOPPED);
    start_now(helper);
}

void ps_helper_ready(struct ps_helper *helper)
{
    if (helper->state != PS_HELPER_STARTING)
        return;
    (void)uv_timer_stop(&helper->timer);
    helper->state = PS_HELPER_RUNNING;
}

void ps_helper_answered(struct ps_helper *helper)
{
    helper->failures = 0;
}

void ps_helper_fail(struct ps_helper *helper, const char *why)
{
    assert(helper->magic == HELPER_MAGIC);
    if (helper->state != PS_HELPER_STARTING && helper->state != PS_HELPER_RUNNING)
        return;
    if (why != NULL)
        ps_log(PS_LOG_WARNING, "%s (pid %d) is given up: %s", helper->name, (int)helper->pid, why);
    if (helper->has_process)
        ps_keeper_client_kill(helper->keeper, helper->which);
    start_again(helper);
    take_down(helper);
}

void ps_helper_stop(struct ps_helper *helper)
{
    (void)uv_timer_stop(&helper->timer);
    helper->state = helper->has_process ? PS_HELPER_STOPPING : PS_HELPER_STOPPED;
    take_down(helper);
}

enum ps_helper_state ps_helper_state(const struct ps_helper *helper)
{
    return helper->state;
}

uint64_t ps_helper_restarts(const struct ps_helper *helper)
{
    return helper->starts == 0 ? 0 : helper->starts - 1;
}

static void on_closed(uv_handle_t *handle)
{
    struct ps_helper *helper = handle->data;

    helper->magic = 0;
    free(helper);
}

void ps_helper_free(struct ps_helper *helper)
{
    if (helper != NULL)
        uv_close((uv_handle_t *)&helper->timer, on_closed);
}
