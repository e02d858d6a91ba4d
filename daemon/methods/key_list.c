/* key.list, key.get: public halves, so the method's rule is enough. */
#include <daemon/methods/bodies.h>

#include <daemon/methods/key_choice.h>
#include <daemon/methods/key_json.h>
#include <daemon/methods/keyring.h>

static json_t *list_keys(const struct ps_keyring *keyring)
{
    json_t *keys = json_array();
    size_t i;

    for (i = 0; i < ps_keyring_count(keyring); i++) {
        if (json_array_append_new(keys, ps_key_json(&ps_keyring_at(keyring, i)->key)) != 0) {
            json_decref(keys);
            return NULL;
        }
    }
    return json_pack("{s:o}", "keys", keys);
}

void ps_body_key_list(struct ps_call *call)
{
    const struct ps_keyring *keyring = ps_front_keyring(call->front);
    struct ps_error err;

    /* An empty list would say that there are no keys. */
    if (!ps_keyring_complete(keyring) && ps_key_token_ready(call, &err) != PS_OK)
        ps_call_refuse(call, &err, NULL);
    else
        ps_call_answer(call, list_keys(keyring));
}

void ps_body_key_get(struct ps_call *call)
{
    const char *name = json_string_value(json_object_get(call->params, "name"));
    const struct ps_keyring_entry *entry = NULL;
    struct ps_error err, why;
    enum ps_code rc;

    if (ps_key_name_parse(name, NULL, &why) != PS_OK)
        rc = ps_fail_at(&err, "/params/name", "%s", why.message);
    else
        rc = ps_key_find(call, name, &entry, &err);
    if (rc != PS_OK || entry == NULL)
        ps_call_refuse(call, &err, NULL);
    else
        ps_call_answer(call, json_pack("{s:o}", "key", ps_key_json(&entry->key)));
}
