#include <daemon/sandbox/sandbox.h>

#include <assert.h>
#include <daemon/sandbox/parts.h>
#include <dirent.h>
#include <string.h>

#if PS_SANITIZED
/* The leak check traces its own process, which a sandboxed process is not allowed to be. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

/* A thread started earlier would stay outside of Landlock. */
static bool has_one_thread(void)
{
    DIR *tasks = opendir("/proc/self/task");
    const struct dirent *entry;
    unsigned count = 0;

    if (tasks == NULL)
        return true; /* no /proc: nothing to look at */
    while ((entry = readdir(tasks)) != NULL) {
        if (entry->d_name[0] != '.')
            count++;
    }
    (void)closedir(tasks);
    return count == 1;
}

enum ps_code ps_sandbox_enter(const struct ps_sandbox_profile *profile, struct ps_error *err)
{
    static const struct ps_sandbox_table *const tables[PS_SANDBOX_PROGRAM_COUNT] = {
        [PS_SANDBOX_FRONT] = &ps_sandbox_front,
        [PS_SANDBOX_TOKEN] = &ps_sandbox_token,
        [PS_SANDBOX_UPSTREAM] = &ps_sandbox_upstream,
    };
    const struct ps_sandbox_table *table;
    enum ps_code rc;

    assert(profile->program < PS_SANDBOX_PROGRAM_COUNT);
    assert(!profile->network || profile->program == PS_SANDBOX_TOKEN);
    assert(PS_SANITIZED || has_one_thread());
    table = tables[profile->program];

    if ((rc = ps_sandbox_process(err)) != PS_OK ||
        (rc = ps_sandbox_close_fds(profile->keep_fds, profile->keep_count, err)) != PS_OK)
        return rc;
    ps_sandbox_lock_memory();
    if (profile->landlock && (rc = ps_sandbox_landlock(table, profile, err)) != PS_OK)
        return rc;
    if (profile->filter != PS_SANDBOX_OFF &&
        (rc = ps_sandbox_seccomp(table, profile, err)) != PS_OK)
        return rc;
    return PS_OK;
}

static const char *const filter_names[] = {
    [PS_SANDBOX_STRICT] = "strict",
    [PS_SANDBOX_DENY] = "deny",
    [PS_SANDBOX_OFF] = "off",
};

bool ps_sandbox_filter_from_name(const char *name, enum ps_sandbox_filter *out)
{
    unsigned i;

    for (i = 0; i < sizeof filter_names / sizeof filter_names[0]; i++) {
        if (strcmp(name, filter_names[i]) == 0) {
            *out = (enum ps_sandbox_filter)i;
            return true;
        }
    }
    return false;
}

const char *ps_sandbox_filter_name(enum ps_sandbox_filter filter)
{
    assert((unsigned)filter < sizeof filter_names / sizeof filter_names[0]);
    return filter_names[filter];
}
