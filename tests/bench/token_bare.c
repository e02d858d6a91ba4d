/*
 * What the token alone does: C_SignInit + C_Sign with CKM_ECDSA and a STARK key on a throw-away
 * SoftHSM2 token, past all of our code, each thread with a session of its own.
 *
 * bench_token_bare [--json] [--threads N] [--seconds S] [--module PATH]
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pkcs11/ck.h>
#include <pkcs11/keypair.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 64
#define PIN "4711"

static CK_FUNCTION_LIST *ck;
static CK_SLOT_ID slot;
static CK_OBJECT_HANDLE key;
static atomic_bool stop;
static atomic_ulong signatures;
static char folder[] = "/tmp/ps-bench-XXXXXX";

static void clean_up(void)
{
    const char *argv[] = {"rm", "-rf", folder, NULL};
    pid_t pid;

    if (folder[sizeof folder - 2] != 'X' &&
        posix_spawnp(&pid, "rm", NULL, NULL, ps_ck_in(argv), environ) == 0)
        (void)waitpid(pid, NULL, 0);
}

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "bench_token_bare: %s failed\n", what);
    clean_up();
    exit(1);
}

static void make_token(void)
{
    const char *argv[] = {"softhsm2-util",
                          "--init-token",
                          "--free",
                          "--label",
                          "bench",
                          "--so-pin",
                          PIN,
                          "--pin",
                          PIN,
                          NULL};
    char path[64], tokens[64];
    posix_spawn_file_actions_t actions;
    FILE *file;
    pid_t pid;
    int status;

    must(mkdtemp(folder) != NULL, "mkdtemp");
    (void)snprintf(tokens, sizeof tokens, "%s/tokens", folder);
    (void)snprintf(path, sizeof path, "%s/softhsm2.conf", folder);
    must(mkdir(tokens, 0700) == 0, "mkdir");
    must((file = fopen(path, "we")) != NULL, "fopen");
    (void)fprintf(file, "directories.tokendir = %s\nobjectstore.backend = file\n", tokens);
    must(fclose(file) == 0 && setenv("SOFTHSM2_CONF", path, 1) == 0, "configuration");
    must(posix_spawn_file_actions_init(&actions) == 0 &&
             posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) == 0 &&
             posix_spawnp(&pid, argv[0], &actions, NULL, ps_ck_in(argv), environ) == 0 &&
             waitpid(pid, &status, 0) == pid && status == 0,
         "softhsm2-util");
    (void)posix_spawn_file_actions_destroy(&actions);
}

static void load(const char *module)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    CK_C_GetFunctionList get_list;
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library == NULL ? NULL : dlsym(library, "C_GetFunctionList");
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;

    must(symbol != NULL, module);
    memcpy(&get_list, &symbol, sizeof get_list);
    must(get_list(&ck) == CKR_OK && ck->C_Initialize(&args) == CKR_OK &&
             ck->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK && count > 0,
         "C_Initialize");
    slot = slots[0];
}

static CK_SESSION_HANDLE open_session(void)
{
    CK_SESSION_HANDLE session;

    must(ck->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) ==
             CKR_OK,
         "C_OpenSession");
    return session;
}

static void make_key(CK_SESSION_HANDLE session)
{
    struct ps_pair_wish wish = {.label = "desk.sub.bench", .id = {1}};
    struct ps_pair pair;

    must(ps_curves_setup(NULL) == PS_OK, "OpenSSL");
    wish.curve = ps_curve(PS_CURVE_STARK);
    must(ck->C_Login(session, CKU_USER, ps_ck_in(PIN), strlen(PIN)) == CKR_OK, "C_Login");
    must(ps_pair_generate(ck, session, &wish, &pair) == CKR_OK, "C_GenerateKeyPair");
    key = pair.private_key;
}

static void *sign(void *arg)
{
    CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
    CK_SESSION_HANDLE session = open_session();
    CK_BYTE hash[32] = {0x12, 0x34}, signature[64];
    CK_ULONG length;
    unsigned long done = 0;

    (void)arg;
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        length = sizeof signature;
        must(ck->C_SignInit(session, &mechanism, key) == CKR_OK &&
                 ck->C_Sign(session, hash, sizeof hash, signature, &length) == CKR_OK,
             "C_Sign");
        done++;
    }
    atomic_fetch_add(&signatures, done);
    return NULL;
}

static double now_s(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double per_second(unsigned threads, double seconds)
{
    pthread_t ids[THREADS_MAX];
    double begin = now_s();
    unsigned i;

    atomic_store(&stop, false);
    atomic_store(&signatures, 0);
    for (i = 0; i < threads; i++)
        must(pthread_create(&ids[i], NULL, sign, NULL) == 0, "pthread_create");
    (void)usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, true);
    for (i = 0; i < threads; i++)
        (void)pthread_join(ids[i], NULL);
    return (double)atomic_load(&signatures) / (now_s() - begin);
}

int main(int argc, char **argv)
{
    static const unsigned usual[] = {1, 2, 4};
    const char *module = "/usr/lib/softhsm/libsofthsm2.so";
    unsigned long threads = 0;
    double seconds = 2, rate;
    bool json = false;
    size_t i;
    int at;

    for (at = 1; at < argc; at++) {
        bool more = at + 1 < argc;

        if (strcmp(argv[at], "--json") == 0) {
            json = true;
        } else if (more && strcmp(argv[at], "--threads") == 0) {
            threads = strtoul(argv[++at], NULL, 10);
        } else if (more && strcmp(argv[at], "--seconds") == 0) {
            seconds = strtod(argv[++at], NULL);
        } else if (more && strcmp(argv[at], "--module") == 0) {
            module = argv[++at];
        } else {
            (void)fprintf(stderr, "bench_token_bare [--json] [--threads N] [--seconds S] "
                                  "[--module PATH]\n");
            return 2;
        }
    }
    if (threads > THREADS_MAX || !(seconds > 0 && seconds <= 600))
        return 2;
    make_token();
    load(module);
    make_key(open_session());
    for (i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        unsigned n = threads > 0 ? (unsigned)threads : usual[i];

        rate = per_second(n, seconds);
        if (json)
            (void)printf("{\"threads\": %u, \"per_second\": %.1f, \"us\": %.1f}\n", n, rate,
                         1e6 * n / rate);
        else
            (void)printf("%2u threads: %8.1f signatures/s, %7.1f us each\n", n, rate,
                         1e6 * n / rate);
        if (threads > 0)
            break;
    }
    (void)ck->C_Finalize(NULL);
    clean_up();
    return 0;
}
