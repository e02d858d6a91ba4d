/*
 * The operations that change the token or its login. Each answer passes through here on its way to
 * the method, because the front's own picture (keys, status, how to log in next time) follows it.
 */
#include <daemon/front/token_client.h>

#include <assert.h>
#include <daemon/front/token_state.h>
#include <stdlib.h>
#include <string.h>

/* The method's callback while ours stands before it. */
struct ps_token_admin {
    struct ps_token_admin *next; /* of client->logged_in */
    struct ps_token_client *client;
    void *arg;
    union {
        ps_token_key_cb *key;
        ps_token_status_cb *status;
        ps_token_done_cb *done;
    } cb;
    bool typed; /* LOGIN with a descriptor */
    char name[PS_KEY_NAME_MAX + 1];
};

static struct ps_token_admin *new_admin(struct ps_token_client *client, void *arg)
{
    struct ps_token_admin *admin = calloc(1, sizeof *admin);

    if (admin == NULL)
        abort(); /* as in ps_token_client_request() */
    admin->client = client;
    admin->arg = arg;
    return admin;
}

static void on_key(void *arg, enum ps_code code, const struct ps_error *err,
                   const struct ps_token_key *key)
{
    struct ps_token_admin *admin = arg;
    const struct ps_token_client *client = admin->client;

    if (code == PS_OK && client->events != NULL)
        client->events->key_seen(client->events_arg, key);
    admin->cb.key(admin->arg, code, err, key);
    free(admin);
}

static void on_destroyed(void *arg, enum ps_code code, const struct ps_error *err)
{
    struct ps_token_admin *admin = arg;
    const struct ps_token_client *client = admin->client;

    if (code == PS_OK && client->events != NULL)
        client->events->key_gone(client->events_arg, admin->name);
    admin->cb.done(admin->arg, code, err);
    free(admin);
}

/*
 * After a login the keys appear. The answer waits for them, so that a client that unlocks and signs
 * at once is not told that there is no such key.
 */
static void on_login(void *arg, enum ps_code code, const struct ps_error *err,
                     const struct ps_token_status *status)
{
    struct ps_token_admin *admin = arg;
    struct ps_token_client *client = admin->client;

    if (code != PS_OK) {
        admin->cb.status(admin->arg, code, err, status);
        free(admin);
        return;
    }
    /* What a person typed is not kept: a fresh process then waits for a person again. */
    client->login = admin->typed ? PS_LOGIN_NONE : PS_LOGIN_CONFIGURED;
    ps_token_client_take_status(client, status);
    admin->next = client->logged_in;
    client->logged_in = admin;
    ps_token_client_ask_for_keys(client, 0);
}

void ps_token_client_answer_logins(struct ps_token_client *client)
{
    while (client->logged_in != NULL) {
        struct ps_token_admin *admin = client->logged_in;

        client->logged_in = admin->next;
        admin->cb.status(admin->arg, PS_OK, NULL, &client->status);
        free(admin);
    }
}

static void on_logout(void *arg, enum ps_code code, const struct ps_error *err,
                      const struct ps_token_status *status)
{
    struct ps_token_admin *admin = arg;

    if (code == PS_OK)
        ps_token_client_take_status(admin->client, status);
    admin->cb.status(admin->arg, code, err, status);
    free(admin);
}

static void ask_for_key(struct ps_token_client *client, enum ps_token_op op,
                        const struct ps_token_new_key *key, int fd, uint64_t deadline_ns,
                        ps_token_key_cb *cb, void *arg)
{
    struct ps_token_admin *admin = new_admin(client, arg);
    struct ps_token_request *request = ps_token_client_request(client, op, deadline_ns, admin);
    struct ps_wbuf w;

    admin->cb.key = cb;
    request->cb.key = on_key;
    request->fd = fd;
    ps_wbuf_init(&w, request->payload, sizeof request->payload);
    ps_put_token_new_key(&w, key);
    assert(!w.bad);
    request->length = w.length;
    ps_token_client_enqueue(client, request);
}

void ps_token_client_generate(struct ps_token_client *client, const struct ps_token_new_key *key,
                              uint64_t deadline_ns, ps_token_key_cb *cb, void *arg)
{
    ask_for_key(client, PS_TOKEN_GENERATE, key, -1, deadline_ns, cb, arg);
}

void ps_token_client_import(struct ps_token_client *client, const struct ps_token_new_key *key,
                            int fd, uint64_t deadline_ns, ps_token_key_cb *cb, void *arg)
{
    ask_for_key(client, PS_TOKEN_IMPORT, key, fd, deadline_ns, cb, arg);
}

void ps_token_client_destroy(struct ps_token_client *client, const char *name, uint64_t deadline_ns,
                             ps_token_done_cb *cb, void *arg)
{
    struct ps_token_admin *admin = new_admin(client, arg);
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_DESTROY, deadline_ns, admin);
    struct ps_wbuf w;

    assert(strlen(name) < sizeof admin->name);
    memcpy(admin->name, name, strlen(name) + 1);
    admin->cb.done = cb;
    request->cb.done = on_destroyed;
    ps_wbuf_init(&w, request->payload, sizeof request->payload);
    ps_put_text(&w, name);
    assert(!w.bad);
    request->length = w.length;
    ps_token_client_enqueue(client, request);
}

void ps_token_client_login(struct ps_token_client *client, int fd, uint64_t deadline_ns,
                           ps_token_status_cb *cb, void *arg)
{
    struct ps_token_admin *admin = new_admin(client, arg);
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_LOGIN, deadline_ns, admin);

    admin->typed = fd >= 0;
    admin->cb.status = cb;
    request->cb.status = on_login;
    request->fd = fd;
    ps_token_client_enqueue(client, request);
}

void ps_token_client_logout(struct ps_token_client *client, uint64_t deadline_ns,
                            ps_token_status_cb *cb, void *arg)
{
    struct ps_token_admin *admin = new_admin(client, arg);
    struct ps_token_request *request =
        ps_token_client_request(client, PS_TOKEN_LOGOUT, deadline_ns, admin);

    /* From the asking on, not from the answer: a process that dies over it stays locked too. */
    client->login = PS_LOGIN_NONE;
    admin->cb.status = cb;
    request->cb.status = on_logout;
    ps_token_client_enqueue(client, request);
}
