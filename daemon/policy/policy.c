#include <daemon/policy/policy.h>

#include <daemon/config/pattern.h>
#include <stdio.h>

/* The rule's figures are for the operator; the client learns only which rule it was. */
static enum ps_code deny(struct ps_error *err, const char *rule, const char *message)
{
    enum ps_code rc = ps_fail(err, PS_POLICY_DENIED, "%s", message);

    if (err != NULL)
        (void)snprintf(err->rule, sizeof err->rule, "%s", rule);
    return rc;
}

static bool allows_method(const struct ps_config_client *client, const char *method)
{
    size_t i;

    for (i = 0; i < client->methods.count; i++)
        if (ps_pattern_matches_method(client->methods.items[i], method))
            return true;
    return false;
}

static bool allows_key(const struct ps_config_client *client, const char *key)
{
    size_t i;

    for (i = 0; i < client->keys.count; i++)
        if (ps_pattern_matches_key(client->keys.items[i], key))
            return true;
    return false;
}

enum ps_code ps_policy_method(const struct ps_config *config, const struct ps_peer *peer,
                              const char *method, struct ps_error *err)
{
    bool known = false;
    size_t i;

    for (i = 0; i < config->client_count; i++) {
        const struct ps_config_client *client = &config->clients[i];

        if (client->uid != peer->uid)
            continue;
        known = true;
        if (allows_method(client, method))
            return PS_OK;
    }
    if (!known)
        return deny(err, "client",
                    "this user is no client of parasign; the operator lists it under `clients`");
    return deny(err, "method",
                "this client may not call this method; the operator lists it under its `methods`");
}

/* One entry must allow both: rights of several entries of a uid are not mixed. */
enum ps_code ps_policy_key(const struct ps_config *config, const struct ps_peer *peer,
                           const char *method, const char *key, struct ps_error *err)
{
    size_t i;

    for (i = 0; i < config->client_count; i++) {
        const struct ps_config_client *client = &config->clients[i];

        if (client->uid == peer->uid && allows_method(client, method) && allows_key(client, key))
            return PS_OK;
    }
    return deny(err, "key",
                "this client may not use this key here; the operator lists it under its `keys`");
}
