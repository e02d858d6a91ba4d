/* parasign-upstream: TCP out, name resolution, CA files. No token, no audit log, no client socket.
 */
#include <daemon/sandbox/parts.h>

#include <seccomp.h>
#include <sys/socket.h>

static const int calls[] = {
    SCMP_SYS(connect),     SCMP_SYS(bind),     SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),
};

/* AF_UNIX: nscd and systemd-resolved; AF_NETLINK: libc looks at the interfaces to sort addresses.
 */
static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};

/* libc loads its resolver modules late, and libcurl opens the CA files with the first request. */
static const struct ps_sandbox_path paths[] = {
    {"/lib", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/lib64", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/lib", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/lib64", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/ld.so.cache", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/ssl/certs", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/ssl/openssl.cnf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/share/ca-certificates", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/usr/local/share/ca-certificates", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/resolv.conf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/run/systemd/resolve", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/hosts", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/host.conf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/nsswitch.conf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/gai.conf", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/services", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/etc/localtime", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
    {"/dev/null", PS_SANDBOX_READ | PS_SANDBOX_WRITE},
    {"/dev/urandom", PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL},
};

const struct ps_sandbox_table ps_sandbox_upstream = {
    .name = "parasign-upstream",
    .calls = calls,
    .call_count = sizeof calls / sizeof calls[0],
    .families = families,
    .family_count = sizeof families / sizeof families[0],
    .paths = paths,
    .path_count = sizeof paths / sizeof paths[0],
    .tcp_connect = true,
};
