#include "acts.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* 0 for a descriptor, which is closed; else errno. */
static int outcome(int fd)
{
    if (fd < 0)
        return errno;
    (void)close(fd);
    return 0;
}

static int result_of(long value)
{
    return value < 0 ? errno : 0;
}

static int open_in(const char *dir, const char *name, int flags)
{
    char path[192];

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return outcome(open(path, flags | O_CLOEXEC, 0600));
}

int act_read_pin(const struct act_world *world)
{
    return outcome(open(world->pin_file, O_RDONLY | O_CLOEXEC));
}

int act_write_audit(const struct act_world *world)
{
    return open_in(world->audit_dir, "new", O_RDWR | O_CREAT);
}

int act_read_audit(const struct act_world *world)
{
    return open_in(world->audit_dir, "file", O_RDONLY);
}

int act_write_token(const struct act_world *world)
{
    return open_in(world->token_dir, "new", O_RDWR | O_CREAT);
}

int act_read_token(const struct act_world *world)
{
    return open_in(world->token_dir, "file", O_RDONLY);
}

int act_read_granted(const struct act_world *world)
{
    return open_in(world->read_only_dir, "file", O_RDONLY);
}

int act_write_granted(const struct act_world *world)
{
    return open_in(world->read_only_dir, "file", O_WRONLY);
}

int act_tcp_socket(const struct act_world *world)
{
    (void)world;
    return outcome(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/* To a port where nobody listens: refused by the peer counts as allowed. */
int act_tcp_connect(const struct act_world *world)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error;

    (void)world;
    if (fd < 0)
        return errno;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    error = result_of(connect(fd, (const struct sockaddr *)&address, sizeof address));
    (void)close(fd);
    return error == ECONNREFUSED ? 0 : error;
}

int act_unix_socket(const struct act_world *world)
{
    (void)world;
    return outcome(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

int act_unix_datagram(const struct act_world *world)
{
    (void)world;
    return outcome(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

int act_netlink_socket(const struct act_world *world)
{
    (void)world;
    return outcome(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
}

int act_raw_socket(const struct act_world *world)
{
    (void)world;
    return outcome(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

int act_execve(const struct act_world *world)
{
    char path[] = "/bin/true";
    char *argv[] = {path, NULL};

    (void)world;
    return result_of(execv(argv[0], argv));
}

int act_fork(const struct act_world *world)
{
    pid_t pid = fork();

    (void)world;
    if (pid == 0)
        _exit(0);
    if (pid < 0)
        return errno;
    (void)waitpid(pid, NULL, 0);
    return 0;
}

static void *do_nothing(void *arg)
{
    return arg;
}

int act_thread(const struct act_world *world)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, do_nothing, NULL);

    (void)world;
    if (error == 0)
        error = pthread_join(thread, NULL);
    return error;
}

int act_ptrace(const struct act_world *world)
{
    return result_of(ptrace(PTRACE_ATTACH, world->other, NULL, NULL));
}

int act_kill_other(const struct act_world *world)
{
    return result_of(kill(world->other, SIGUSR1));
}

int act_kill_self_check(const struct act_world *world)
{
    (void)world;
    return result_of(kill(getpid(), 0));
}

int act_read_memory(const struct act_world *world)
{
    char byte;
    struct iovec local = {&byte, 1};
    struct iovec remote = {&byte, 1};

    return result_of(process_vm_readv(world->other, &local, 1, &remote, 1, 0));
}

int act_mount(const struct act_world *world)
{
    return result_of(mount("none", world->dir, "tmpfs", 0, NULL));
}

int act_unshare(const struct act_world *world)
{
    (void)world;
    return result_of(unshare(CLONE_NEWUSER));
}

int act_io_uring(const struct act_world *world)
{
    char params[120] = {0};

    (void)world;
    return outcome((int)syscall(SYS_io_uring_setup, 1, params));
}

int act_bpf(const struct act_world *world)
{
    union bpf_attr attr;

    (void)world;
    memset(&attr, 0, sizeof attr);
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = 4;
    attr.max_entries = 1;
    return outcome((int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
}

int act_keyctl(const struct act_world *world)
{
    (void)world;
    return result_of(syscall(SYS_keyctl, 0, -3, 0)); /* KEYCTL_GET_KEYRING_ID */
}

int act_setuid(const struct act_world *world)
{
    (void)world;
    return result_of(syscall(SYS_setuid, getuid()));
}

int act_accept(const struct act_world *world)
{
    int error = outcome(accept4(world->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));

    return error == EAGAIN ? 0 : error;
}

int act_use_closed(const struct act_world *world)
{
    return result_of(fcntl(world->closed, F_GETFD));
}

/* 0: there is no limit, which would be wrong; EFBIG: core files are off. */
int act_core_limit(const struct act_world *world)
{
    struct rlimit limit;

    (void)world;
    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return errno;
    return limit.rlim_cur == 0 && limit.rlim_max == 0 ? EFBIG : 0;
}

/* EACCES: not dumpable. */
int act_dumpable(const struct act_world *world)
{
    (void)world;
    return prctl(PR_GET_DUMPABLE) == 0 ? EACCES : 0;
}

int act_read_library(const struct act_world *world)
{
    (void)world;
    return outcome(open("/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY | O_CLOEXEC));
}

/* A library this program does not have yet, with its dependencies. */
int act_load_library(const struct act_world *world)
{
    void *library = dlopen("libyaml-0.so.2", RTLD_NOW | RTLD_LOCAL);

    (void)world;
    if (library == NULL)
        return EACCES;
    (void)dlclose(library);
    return 0;
}

int act_list_root(const struct act_world *world)
{
    (void)world;
    return outcome(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int act_read_passwd(const struct act_world *world)
{
    (void)world;
    return outcome(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

int act_make_device(const struct act_world *world)
{
    char path[192];

    (void)snprintf(path, sizeof path, "%s/device", world->token_dir);
    return result_of(mknod(path, S_IFCHR | 0600, 0));
}

int act_clone3(const struct act_world *world)
{
    struct clone_args args;
    long pid;

    (void)world;
    memset(&args, 0, sizeof args);
    args.exit_signal = SIGCHLD;
    pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        _exit(0);
    return result_of(pid);
}

int act_personality(const struct act_world *world)
{
    (void)world;
    return result_of(personality(ADDR_NO_RANDOMIZE));
}

int act_chroot(const struct act_world *world)
{
    return result_of(chroot(world->dir));
}

/* A program from memory, not from a file that Landlock could refuse. */
int act_memfd_exec(const struct act_world *world)
{
    char name[] = "x";
    char *argv[] = {name, NULL};
    int fd = (int)syscall(SYS_memfd_create, "x", 0);
    int error;

    (void)world;
    if (fd < 0)
        return errno;
    error = result_of(fexecve(fd, argv, argv + 1));
    (void)close(fd);
    return error;
}

/* 0: new files are readable for others; EPERM: for nobody but us. */
int act_umask(const struct act_world *world)
{
    (void)world;
    return umask(077) == 077 ? EPERM : 0;
}
