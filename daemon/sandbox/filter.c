/*
 * The seccomp filters. Two shapes: an allow-list made of the calls every program needs plus the
 * program's own table, and a deny-list that is the same for all programs.
 */
#include <daemon/sandbox/parts.h>

#include <asm/ioctls.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Memory, threads, clocks, signals to oneself, reading and writing what is open, opening what
 * Landlock grants. */
static const int common_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(close),
    SCMP_SYS(close_range),
    SCMP_SYS(lseek),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(stat),
    SCMP_SYS(fstat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fdatasync),
    SCMP_SYS(fsync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(mlock),
    SCMP_SYS(mlock2),
    SCMP_SYS(munlock),
    SCMP_SYS(msync),
    SCMP_SYS(mincore),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(getcpu),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getgroups),
    SCMP_SYS(umask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(timerfd_gettime),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* What no program of ours has a use for, whatever a module does. */
static const int denied_calls[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(kcmp),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(syslog),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(personality),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
};

/* A call with one condition on one argument. */
struct argument_rule {
    int call;
    struct scmp_arg_cmp condition;
};

/* Adds one rule; a call this machine does not have needs none. 0 or a negative errno. */
static int add(scmp_filter_ctx ctx, uint32_t action, int call, const struct scmp_arg_cmp *condition)
{
    int rc = condition == NULL ? seccomp_rule_add(ctx, action, call, 0)
                               : seccomp_rule_add_array(ctx, action, call, 1, condition);

    return rc == -EDOM ? 0 : rc;
}

static int add_calls(scmp_filter_ctx ctx, uint32_t action, const int *calls, size_t count)
{
    int rc = 0;
    size_t i;

    for (i = 0; i < count && rc == 0; i++)
        rc = add(ctx, action, calls[i], NULL);
    return rc;
}

static int add_rules(scmp_filter_ctx ctx, uint32_t action, const struct argument_rule *rules,
                     size_t count)
{
    int rc = 0;
    size_t i;

    for (i = 0; i < count && rc == 0; i++)
        rc = add(ctx, action, rules[i].call, &rules[i].condition);
    return rc;
}

/* Sockets of the given families; none given, none allowed. */
static int allow_families(scmp_filter_ctx ctx, const int *families, size_t count)
{
    int rc = 0;
    size_t i;

    for (i = 0; i < count && rc == 0; i++) {
        const struct scmp_arg_cmp family = {0, SCMP_CMP_EQ, (scmp_datum_t)families[i], 0};

        rc = add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), &family);
        if (rc == 0)
            rc = add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), &family);
    }
    return rc;
}

static const int internet[] = {AF_INET, AF_INET6, AF_NETLINK};

static const int internet_calls[] = {
    SCMP_SYS(connect),     SCMP_SYS(bind),     SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg)};

static int fill_allow_list(scmp_filter_ctx ctx, const struct ps_sandbox_table *table, bool network)
{
    const scmp_datum_t self = (scmp_datum_t)getpid();
    const struct argument_rule rules[] = {
        /* threads, not processes */
        {SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD}},
        /* abort() and pthread_kill() */
        {SCMP_SYS(tgkill), {0, SCMP_CMP_EQ, self, 0}},
        {SCMP_SYS(kill), {0, SCMP_CMP_EQ, self, 0}},
        {SCMP_SYS(prctl), {0, SCMP_CMP_EQ, PR_SET_NAME, 0}},
        {SCMP_SYS(prctl), {0, SCMP_CMP_EQ, PR_GET_DUMPABLE, 0}},
        {SCMP_SYS(prlimit64), {2, SCMP_CMP_EQ, 0, 0}},  /* reading a limit */
        {SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, TCGETS, 0}}, /* isatty() */
        {SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, FIONBIO, 0}},
        {SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, FIONREAD, 0}},
    };
    int rc;

    if ((rc = add_calls(ctx, SCMP_ACT_ALLOW, common_calls, COUNT(common_calls))) != 0 ||
        (rc = add_calls(ctx, SCMP_ACT_ALLOW, table->calls, table->call_count)) != 0 ||
        (rc = add_rules(ctx, SCMP_ACT_ALLOW, rules, COUNT(rules))) != 0 ||
        (rc = allow_families(ctx, table->families, table->family_count)) != 0)
        return rc;
    if (network &&
        ((rc = allow_families(ctx, internet, COUNT(internet))) != 0 ||
         (rc = add_calls(ctx, SCMP_ACT_ALLOW, internet_calls, COUNT(internet_calls))) != 0))
        return rc;
    return add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), NULL);
}

static bool is_in(const int *values, size_t count, int value)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (values[i] == value)
            return true;
    }
    return false;
}

/* Refuses every address family that is not allowed: those with a number, and all above. */
static int refuse_other_families(scmp_filter_ctx ctx, const struct ps_sandbox_table *table,
                                 bool network)
{
    const struct scmp_arg_cmp above = {0, SCMP_CMP_GE, AF_MAX, 0};
    int rc = add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), &above);
    int family;

    for (family = 0; family < AF_MAX && rc == 0; family++) {
        const struct scmp_arg_cmp exact = {0, SCMP_CMP_EQ, (scmp_datum_t)family, 0};

        if (!is_in(table->families, table->family_count, family) &&
            !(network && is_in(internet, COUNT(internet), family)))
            rc = add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), &exact);
    }
    return rc;
}

static int fill_deny_list(scmp_filter_ctx ctx, const struct ps_sandbox_table *table, bool network)
{
    static const scmp_datum_t namespaces[] = {CLONE_NEWNS,    CLONE_NEWUSER, CLONE_NEWPID,
                                              CLONE_NEWNET,   CLONE_NEWIPC,  CLONE_NEWUTS,
                                              CLONE_NEWCGROUP};
    const scmp_datum_t self = (scmp_datum_t)getpid();
    const struct argument_rule rules[] = {
        {SCMP_SYS(kill), {0, SCMP_CMP_NE, self, 0}},
        {SCMP_SYS(tgkill), {0, SCMP_CMP_NE, self, 0}},
    };
    int rc;
    size_t i;

    if ((rc = add_calls(ctx, SCMP_ACT_ERRNO(EPERM), denied_calls, COUNT(denied_calls))) != 0 ||
        (rc = add_rules(ctx, SCMP_ACT_ERRNO(EPERM), rules, COUNT(rules))) != 0 ||
        (rc = refuse_other_families(ctx, table, network)) != 0)
        return rc;
    for (i = 0; i < COUNT(namespaces); i++) {
        const struct scmp_arg_cmp flag = {0, SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]};

        if ((rc = add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), &flag)) != 0)
            return rc;
    }
    return add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), NULL);
}

enum ps_code ps_sandbox_seccomp(const struct ps_sandbox_table *table,
                                const struct ps_sandbox_profile *profile, struct ps_error *err)
{
    bool strict = profile->filter == PS_SANDBOX_STRICT && !PS_SANITIZED;
    scmp_filter_ctx ctx = seccomp_init(strict ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_ALLOW);
    enum ps_code rc = PS_OK;
    int bad;

    if (ctx == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: seccomp_init failed");
    /* A sorted tree of comparisons instead of a list: these programs count microseconds. */
    if ((bad = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) != 0 ||
        (bad = strict ? fill_allow_list(ctx, table, profile->network)
                      : fill_deny_list(ctx, table, profile->network)) != 0 ||
        (bad = seccomp_load(ctx)) != 0)
        rc = ps_fail(err, PS_INTERNAL_ERROR,
                     "sandbox: seccomp filter of %s: %s; a system without seccomp needs "
                     "`seccomp: off` in the configuration",
                     table->name, strerror(-bad));
    seccomp_release(ctx);
    return rc;
}
