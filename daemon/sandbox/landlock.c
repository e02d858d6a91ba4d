/*
 * Landlock through the kernel's own interface. The rights asked for are masked by the kernel's ABI;
 * what the headers of the build machine do not know yet is defined here as linux/landlock.h has it.
 */
#include <daemon/sandbox/parts.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACCESS_REFER (1ull << 13)     /* ABI 2 */
#define ACCESS_TRUNCATE (1ull << 14)  /* ABI 3 */
#define ACCESS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_BIND_TCP (1ull << 0)      /* ABI 4 */
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX (1ull << 0) /* ABI 6 */
#define SCOPE_SIGNAL (1ull << 1)

#define ACCESS_ABI1 ((1ull << 13) - 1)
#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_WRITE                                                                               \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |  \
     ACCESS_REFER | ACCESS_TRUNCATE)
/* The rights that a rule on a plain file may carry. */
#define ACCESS_OF_FILE                                                                             \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)

/* struct landlock_ruleset_attr as of ABI 6; older kernels take its beginning. */
struct ruleset_attr {
    uint64_t handled_fs;
    uint64_t handled_net;
    uint64_t scoped;
};

int ps_sandbox_landlock_abi(void)
{
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);

    return abi < 0 ? 0 : (int)abi;
}

static uint64_t known_fs_rights(int abi)
{
    return ACCESS_ABI1 | (abi >= 2 ? ACCESS_REFER : 0) | (abi >= 3 ? ACCESS_TRUNCATE : 0) |
           (abi >= 5 ? ACCESS_IOCTL_DEV : 0);
}

static size_t attr_bytes(int abi)
{
    return (abi >= 6 ? 3 : abi >= 4 ? 2 : 1) * sizeof(uint64_t);
}

static enum ps_code grant(int ruleset, const struct ps_sandbox_path *path, uint64_t known,
                          struct ps_error *err)
{
    struct landlock_path_beneath_attr rule = {.parent_fd = -1};
    struct stat st;
    enum ps_code rc = PS_OK;

    rule.parent_fd = open(path->path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) {
        if ((path->access & PS_SANDBOX_OPTIONAL) != 0 && (errno == ENOENT || errno == ENOTDIR))
            return PS_OK;
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: cannot grant %s: %s", path->path,
                       strerror(errno));
    }
    rule.allowed_access = ACCESS_READ;
    if ((path->access & PS_SANDBOX_WRITE) != 0)
        rule.allowed_access |= ACCESS_WRITE;
    if (fstat(rule.parent_fd, &st) != 0) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "sandbox: fstat %s: %s", path->path, strerror(errno));
        goto out;
    }
    if (!S_ISDIR(st.st_mode))
        rule.allowed_access &= ACCESS_OF_FILE;
    rule.allowed_access &= known;
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "sandbox: Landlock rule for %s: %s", path->path,
                     strerror(errno));
out:
    (void)close(rule.parent_fd);
    return rc;
}

static enum ps_code grant_all(int ruleset, const struct ps_sandbox_path *paths, size_t count,
                              uint64_t known, struct ps_error *err)
{
    enum ps_code rc = PS_OK;
    size_t i;

    for (i = 0; i < count && rc == PS_OK; i++)
        rc = grant(ruleset, &paths[i], known, err);
    return rc;
}

enum ps_code ps_sandbox_landlock(const struct ps_sandbox_table *table,
                                 const struct ps_sandbox_profile *profile, struct ps_error *err)
{
    struct ruleset_attr attr = {0};
    int abi = ps_sandbox_landlock_abi();
    int ruleset = -1;
    enum ps_code rc;

    if (abi == 0)
        return ps_fail(err, PS_INTERNAL_ERROR,
                       "sandbox: this kernel has no Landlock; to run without it write "
                       "`landlock: off` into the configuration");
    attr.handled_fs = known_fs_rights(abi);
    if (abi >= 4)
        attr.handled_net =
            NET_BIND_TCP | (table->tcp_connect || profile->network ? 0 : NET_CONNECT_TCP);
    if (abi >= 6)
        attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, attr_bytes(abi), 0);
    if (ruleset < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "sandbox: Landlock rule set: %s", strerror(errno));
    if ((rc = grant_all(ruleset, table->paths, table->path_count, attr.handled_fs, err)) != PS_OK ||
        (rc = grant_all(ruleset, profile->paths, profile->path_count, attr.handled_fs, err)) !=
            PS_OK)
        goto out;
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "sandbox: Landlock: %s", strerror(errno));
out:
    (void)close(ruleset);
    return rc;
}
