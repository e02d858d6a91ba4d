/*
 * A client that loads parasignd and measures: raw lines on the socket, as little work as possible
 * on its own side. One thread serves all its connections with poll().
 *
 * bench_load --socket PATH [--account NAME] [--method order|ping] [--clients N] [--pipeline M]
 *            [--seconds S]
 *
 * Prints one line of JSON: answers per second and percentiles of the time from writing a request to
 * reading its answer, in microseconds.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 64
#define PIPELINE_MAX 128
#define BUFFER_SIZE (1U << 20)
#define LINE_SIZE 1024
#define LATENCIES_MAX (4U << 20)

struct options {
    const char *socket;
    const char *account;
    bool ping;
    unsigned clients;
    unsigned pipeline;
    double seconds;
};

struct client {
    int fd;
    char *in;
    size_t in_length;
    uint64_t sent_ns[PIPELINE_MAX]; /* when the request with that id was written */
};

struct run {
    const struct options *options;
    struct client clients[CLIENTS_MAX];
    uint64_t sent;
    uint32_t *latencies_us;
    size_t answered;
};

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static bool read_number(const char *text, unsigned max, unsigned *out)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || value == 0 || value > max)
        return false;
    *out = (unsigned)value;
    return true;
}

static bool read_option(struct options *options, const char *name, const char *value)
{
    unsigned seconds;

    if (strcmp(name, "--socket") == 0) {
        options->socket = value;
        return true;
    }
    if (strcmp(name, "--account") == 0) {
        options->account = value;
        return true;
    }
    if (strcmp(name, "--method") == 0) {
        options->ping = strcmp(value, "ping") == 0;
        return options->ping || strcmp(value, "order") == 0;
    }
    if (strcmp(name, "--clients") == 0)
        return read_number(value, CLIENTS_MAX, &options->clients);
    if (strcmp(name, "--pipeline") == 0)
        return read_number(value, PIPELINE_MAX, &options->pipeline);
    if (strcmp(name, "--seconds") == 0 && read_number(value, 3600, &seconds)) {
        options->seconds = seconds;
        return true;
    }
    return false;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){.account = "desk", .clients = 1, .pipeline = 1, .seconds = 3};
    if (argc % 2 == 0)
        return false;
    for (int i = 1; i < argc; i += 2)
        if (!read_option(options, argv[i], argv[i + 1]))
            return false;
    return options->socket != NULL;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Writes the whole request; the daemon reads it sooner or later, as few are in flight. */
static bool write_whole(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* Every order has another price, so that none is like one before. */
static bool send_request(struct run *run, struct client *client, unsigned id)
{
    char line[LINE_SIZE];
    uint64_t number = run->sent++;
    int length;

    if (run->options->ping)
        length = snprintf(
            line, sizeof line,
            "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"token.ping\",\"params\":{}}\n", id);
    else
        length = snprintf(
            line, sizeof line,
            "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"paradex.sign_order\","
            "\"params\":{\"account\":\"%s\",\"order\":{\"market\":\"BTC-USD-PERP\","
            "\"side\":\"%s\",\"type\":\"LIMIT\",\"size\":\"0.%u\",\"price\":\"%" PRIu64 ".5\"}}}\n",
            id, run->options->account, number % 2 == 0 ? "BUY" : "SELL", (unsigned)(number % 9) + 1,
            50000 + number % 10000);
    assert(length > 0);
    if ((size_t)length >= sizeof line)
        return false;
    client->sent_ns[id] = now_ns();
    return write_whole(client->fd, line, (size_t)length);
}

/* Takes one answer into account. False, with a word on standard error, for a refusal. */
static bool take_answer(struct run *run, struct client *client, char *line, uint64_t now)
{
    const char *at = strstr(line, "\"id\":");
    unsigned long id = at == NULL ? ULONG_MAX : strtoul(at + strlen("\"id\":"), NULL, 10);

    if (id >= run->options->pipeline || strstr(line, "\"error\":") != NULL) {
        (void)fprintf(stderr, "bench_load: not an answer with a result: %s\n", line);
        return false;
    }
    if (run->answered < LATENCIES_MAX)
        run->latencies_us[run->answered++] = (uint32_t)((now - client->sent_ns[id]) / 1000);
    return send_request(run, client, (unsigned)id);
}

static bool read_answers(struct run *run, struct client *client)
{
    ssize_t got =
        read(client->fd, client->in + client->in_length, BUFFER_SIZE - 1 - client->in_length);
    uint64_t now = now_ns();
    char *line = client->in;
    char *end;

    if (got <= 0) {
        (void)fprintf(stderr, "bench_load: the daemon closed the connection\n");
        return false;
    }
    client->in_length += (size_t)got;
    client->in[client->in_length] = '\0';
    while ((end = memchr(line, '\n', (size_t)(client->in + client->in_length - line))) != NULL) {
        *end = '\0';
        if (!take_answer(run, client, line, now))
            return false;
        line = end + 1;
    }
    client->in_length -= (size_t)(line - client->in);
    memmove(client->in, line, client->in_length);
    return client->in_length < BUFFER_SIZE - 1;
}

static bool load(struct run *run, uint64_t end_ns)
{
    struct pollfd polled[CLIENTS_MAX];
    unsigned clients = run->options->clients;

    for (unsigned i = 0; i < clients; i++) {
        polled[i] = (struct pollfd){.fd = run->clients[i].fd, .events = POLLIN};
        for (unsigned id = 0; id < run->options->pipeline; id++)
            if (!send_request(run, &run->clients[i], id))
                return false;
    }
    while (now_ns() < end_ns) {
        if (poll(polled, clients, 5000) <= 0) {
            (void)fprintf(stderr, "bench_load: no answer for 5 s\n");
            return false;
        }
        for (unsigned i = 0; i < clients; i++)
            if (polled[i].revents != 0 && !read_answers(run, &run->clients[i]))
                return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void print_result(struct run *run, double seconds)
{
    size_t count = run->answered;

    qsort(run->latencies_us, count, sizeof *run->latencies_us, compare);
    (void)printf(
        "{\"per_second\":%.1f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"answers\":%zu}\n",
        (double)count / seconds, run->latencies_us[count / 2], run->latencies_us[count * 99 / 100],
        run->latencies_us[count - 1], count);
}

int main(int argc, char **argv)
{
    struct options options;
    struct run run = {.options = &options};
    uint64_t begin;
    int exit_code = 1;

    if (!read_options(argc, argv, &options)) {
        (void)fprintf(stderr, "usage: bench_load --socket PATH [--account NAME] "
                              "[--method order|ping] [--clients N] [--pipeline M] [--seconds S]\n");
        return 2;
    }
    for (unsigned i = 0; i < CLIENTS_MAX; i++)
        run.clients[i].fd = -1;
    run.latencies_us = calloc(LATENCIES_MAX, sizeof *run.latencies_us);
    if (run.latencies_us == NULL)
        goto out;
    for (unsigned i = 0; i < options.clients; i++) {
        run.clients[i].fd = connect_to(options.socket);
        run.clients[i].in = malloc(BUFFER_SIZE);
        if (run.clients[i].fd < 0 || run.clients[i].in == NULL) {
            (void)fprintf(stderr, "bench_load: cannot connect to %s\n", options.socket);
            goto out;
        }
    }
    begin = now_ns();
    if (!load(&run, begin + (uint64_t)(options.seconds * 1e9)) || run.answered == 0)
        goto out;
    print_result(&run, (double)(now_ns() - begin) / 1e9);
    exit_code = 0;
out:
    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        if (run.clients[i].fd >= 0)
            (void)close(run.clients[i].fd);
        free(run.clients[i].in);
    }
    free(run.latencies_us);
    return exit_code;
}
