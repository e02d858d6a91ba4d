/* The steps that need no table: limits of the process, its descriptors, its memory. */
#include <daemon/sandbox/parts.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KEEP_MAX 64

enum ps_code ps_sandbox_process(struct ps_error *err)
{
    const struct rlimit no_core = {0, 0};

    (void)umask(077);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: no_new_privs: %s", strerror(errno));
    if (setrlimit(RLIMIT_CORE, &no_core) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: RLIMIT_CORE: %s", strerror(errno));
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: not dumpable: %s", strerror(errno));
    return PS_OK;
}

static int compare_fds(const void *a, const void *b)
{
    const int *x = a;
    const int *y = b;

    return (*x > *y) - (*x < *y);
}

enum ps_code ps_sandbox_close_fds(const int *keep, size_t count, struct ps_error *err)
{
    int sorted[KEEP_MAX];
    unsigned from = STDERR_FILENO + 1;
    size_t i;

    if (count > KEEP_MAX)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: %zu descriptors to keep, at most %d",
                       count, KEEP_MAX);
    if (count > 0) {
        memcpy(sorted, keep, count * sizeof sorted[0]);
        qsort(sorted, count, sizeof sorted[0], compare_fds);
    }
    for (i = 0; i < count; i++) {
        if (sorted[i] < (int)from)
            continue;
        if ((unsigned)sorted[i] > from && close_range(from, (unsigned)sorted[i] - 1, 0) != 0)
            return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: close_range: %s", strerror(errno));
        from = (unsigned)sorted[i] + 1;
    }
    if (close_range(from, ~0u, 0) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: close_range: %s", strerror(errno));
    return PS_OK;
}

static bool may_lock_without_limit(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    struct rlimit limit;

    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY)
        return true;
    memset(data, 0, sizeof data);
    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    return (data[0].effective & (1u << CAP_IPC_LOCK)) != 0;
}

void ps_sandbox_lock_memory(void)
{
    /*
     * Under a finite limit MCL_FUTURE would make later mappings (a thread's stack, a module) fail,
     * so there only the secure heap is locked. ONFAULT: pages never touched are not made resident.
     */
    if (!PS_SANITIZED && may_lock_without_limit())
        (void)mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}
