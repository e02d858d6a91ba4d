/* Things a program may try. Each act runs inside a sandbox and says what came of it. */
#ifndef PARASIGN_TESTS_UNIT_SANDBOX_ACTS_H
#define PARASIGN_TESTS_UNIT_SANDBOX_ACTS_H

#include <sys/types.h>

/* What acts may need: made outside, before the sandbox. */
struct act_world {
    char dir[64];            /* holds all below */
    char pin_file[128];      /* a secret file nobody was granted */
    char audit_dir[128];     /* the front's */
    char token_dir[128];     /* the token's */
    char read_only_dir[128]; /* granted for reading */
    pid_t other;             /* a process outside */
    int listening;           /* a listening Unix socket; kept open */
    int closed;              /* a descriptor that was open before and is not in the list */
};

/* 0: it was allowed. Otherwise the errno it failed with. */
typedef int act(const struct act_world *world);

act act_read_pin, act_write_audit, act_read_audit, act_write_token, act_read_token,
    act_read_granted, act_write_granted, act_tcp_socket, act_tcp_connect, act_unix_socket,
    act_unix_datagram, act_netlink_socket, act_raw_socket, act_execve, act_fork, act_thread,
    act_ptrace, act_kill_other, act_kill_self_check, act_read_memory, act_mount, act_unshare,
    act_io_uring, act_bpf, act_keyctl, act_setuid, act_accept, act_use_closed, act_core_limit,
    act_dumpable, act_read_library, act_load_library, act_list_root, act_read_passwd,
    act_make_device, act_clone3, act_personality, act_chroot, act_memfd_exec, act_umask;

#endif
