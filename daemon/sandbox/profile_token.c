/*
 * parasign-token: a module and the libraries it needs, the token's own files, syslog. Fits SoftHSM2
 * and modules built on OpenSSL; for others there is the deny-list.
 */
#include <daemon/sandbox/parts.h>

#include <seccomp.h>
#include <sys/socket.h>

static const int calls[] = {
    SCMP_SYS(connect), /* syslog, pcscd: AF_UNIX only, see families */
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(setsockopt), SCMP_SYS(flock),
    SCMP_SYS(fallocate),   SCMP_SYS(mkdir),       SCMP_SYS(mkdirat),    SCMP_SYS(rmdir),
    SCMP_SYS(rename),      SCMP_SYS(renameat),    SCMP_SYS(renameat2),  SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),    SCMP_SYS(chmod),       SCMP_SYS(fchmod),     SCMP_SYS(fchmodat),
    SCMP_SYS(truncate),    SCMP_SYS(utimensat),   SCMP_SYS(signalfd4),
};

static const int families[] = {AF_UNIX};

static const struct ps_sandbox_path paths[] = {
    {"/lib", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/lib64", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/lib", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/lib64", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/local/lib", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/share/p11-kit", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/ld.so.cache", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/ssl/openssl.cnf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/pkcs11", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/softhsm", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/localtime", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/dev/null", PS_SANDBOX_READ | PS_SANDBOX_WRITE},
    {"/dev/urandom", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/dev/random", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
};

const struct ps_sandbox_table ps_sandbox_token = {
    .name = "parasign-token",
    .calls = calls,
    .call_count = sizeof calls / sizeof calls[0],
    .families = families,
    .family_count = sizeof families / sizeof families[0],
    .paths = paths,
    .path_count = sizeof paths / sizeof paths[0],
};
