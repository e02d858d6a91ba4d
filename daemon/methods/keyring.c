#include <daemon/methods/keyring.h>

#include <assert.h>
#include <proto/base/key_name.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYRING_MAGIC 0x6b657972u

/* A key that is checked this often gets tables, if there is room: they pay after about five. */
#define CHECKS_BEFORE_TABLES 5
/* 52 KB each. The key that was not checked for the longest time gives its tables up. */
#define TABLES_MAX 64

struct slot {
    struct ps_keyring_entry entry;
    bool seen;                         /* in the list that is coming in */
    struct ps_stark_key_table *tables; /* of entry.stark; owned; NULL until it is worth it */
    uint64_t checks;
    uint64_t last_check; /* number of the check over all keys */
};

/* Slots in order of name; each is allocated by itself and owned here. */
struct ps_keyring {
    unsigned magic;
    struct slot **slots;
    size_t count, capacity;
    bool complete;
    size_t tables;   /* slots that have some */
    uint64_t checks; /* over all keys */
};

static void drop_tables(struct ps_keyring *keyring, struct slot *slot)
{
    if (slot->tables == NULL)
        return;
    ps_stark_key_table_free(slot->tables);
    slot->tables = NULL;
    keyring->tables--;
}

struct ps_keyring *ps_keyring_new(void)
{
    struct ps_keyring *keyring = calloc(1, sizeof *keyring);

    if (keyring != NULL)
        keyring->magic = KEYRING_MAGIC;
    return keyring;
}

void ps_keyring_free(struct ps_keyring *keyring)
{
    size_t i;

    if (keyring == NULL)
        return;
    assert(keyring->magic == KEYRING_MAGIC);
    for (i = 0; i < keyring->count; i++) {
        drop_tables(keyring, keyring->slots[i]);
        free(keyring->slots[i]);
    }
    free(keyring->slots);
    keyring->magic = 0;
    free(keyring);
}

/* The index of name, or where it would have to stand. */
static size_t place_of(const struct ps_keyring *keyring, const char *name, bool *found)
{
    size_t low = 0, high = keyring->count;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, keyring->slots[middle]->entry.key.name);

        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void fill(struct ps_keyring *keyring, struct slot *slot, const struct ps_token_key *key)
{
    struct ps_keyring_entry *entry = &slot->entry;
    struct ps_key_name name;

    /* The same list comes in with every new token process: tables outlive it. */
    if (memcmp(entry->key.public_key65, key->public_key65, sizeof key->public_key65) != 0 ||
        key->refused[0] != '\0')
        drop_tables(keyring, slot);

    memset(entry, 0, sizeof *entry);
    entry->key = *key;
    slot->seen = true;
    if (key->refused[0] == '\0' && (ps_key_name_parse(key->name, &name, NULL) != PS_OK ||
                                    !ps_role_takes_kind(name.role, key->kind)))
        (void)snprintf(entry->key.refused, sizeof entry->key.refused,
                       "a key of this name cannot be of kind %s", ps_kind_name(key->kind));
    else if (key->kind == PS_KIND_STARK && key->refused[0] == '\0' &&
             ps_stark_public_from_bytes(&entry->stark, key->public_key65) != PS_OK)
        (void)snprintf(entry->key.refused, sizeof entry->key.refused,
                       "its public key is not a point of the STARK curve");
}

static bool make_room(struct ps_keyring *keyring)
{
    size_t capacity = keyring->capacity == 0 ? 16 : keyring->capacity * 2;
    struct slot **slots;

    if (keyring->count < keyring->capacity)
        return true;
    if ((slots = realloc(keyring->slots, capacity * sizeof(struct slot *))) == NULL)
        return false;
    keyring->slots = slots;
    keyring->capacity = capacity;
    return true;
}

static void remove_at(struct ps_keyring *keyring, size_t index)
{
    drop_tables(keyring, keyring->slots[index]);
    free(keyring->slots[index]);
    memmove(&keyring->slots[index], &keyring->slots[index + 1],
            (keyring->count - index - 1) * sizeof(struct slot *));
    keyring->count--;
}

static void on_keys_begin(void *arg)
{
    struct ps_keyring *keyring = arg;
    size_t i;

    assert(keyring->magic == KEYRING_MAGIC);
    for (i = 0; i < keyring->count; i++)
        keyring->slots[i]->seen = false;
}

static void on_key_seen(void *arg, const struct ps_token_key *key)
{
    struct ps_keyring *keyring = arg;
    struct slot *slot;
    size_t index;
    bool found;

    assert(keyring->magic == KEYRING_MAGIC);
    index = place_of(keyring, key->name, &found);
    if (found) {
        fill(keyring, keyring->slots[index], key);
        return;
    }
    /* Without memory the key stays unknown: nothing is signed with it, which is the safe side. */
    if (!make_room(keyring) || (slot = calloc(1, sizeof *slot)) == NULL)
        return;
    fill(keyring, slot, key);
    memmove(&keyring->slots[index + 1], &keyring->slots[index],
            (keyring->count - index) * sizeof(struct slot *));
    keyring->slots[index] = slot;
    keyring->count++;
}

static void on_keys_end(void *arg)
{
    struct ps_keyring *keyring = arg;
    size_t i;

    assert(keyring->magic == KEYRING_MAGIC);
    for (i = keyring->count; i-- > 0;)
        if (!keyring->slots[i]->seen)
            remove_at(keyring, i);
    keyring->complete = true;
}

static void on_key_gone(void *arg, const char *name)
{
    struct ps_keyring *keyring = arg;
    size_t index;
    bool found;

    assert(keyring->magic == KEYRING_MAGIC);
    index = place_of(keyring, name, &found);
    if (found)
        remove_at(keyring, index);
}

const struct ps_token_client_events ps_keyring_events = {
    .keys_begin = on_keys_begin,
    .key_seen = on_key_seen,
    .keys_end = on_keys_end,
    .key_gone = on_key_gone,
};

bool ps_keyring_complete(const struct ps_keyring *keyring)
{
    return keyring->complete;
}

const struct ps_keyring_entry *ps_keyring_find(const struct ps_keyring *keyring, const char *name)
{
    bool found;
    size_t index = place_of(keyring, name, &found);

    return found ? &keyring->slots[index]->entry : NULL;
}

size_t ps_keyring_count(const struct ps_keyring *keyring)
{
    return keyring->count;
}

const struct ps_keyring_entry *ps_keyring_at(const struct ps_keyring *keyring, size_t index)
{
    assert(index < keyring->count);
    return &keyring->slots[index]->entry;
}

static struct slot *oldest_with_tables(struct ps_keyring *keyring)
{
    struct slot *oldest = NULL;
    size_t i;

    for (i = 0; i < keyring->count; i++) {
        struct slot *slot = keyring->slots[i];

        if (slot->tables != NULL && (oldest == NULL || slot->last_check < oldest->last_check))
            oldest = slot;
    }
    return oldest;
}

static void make_tables(struct ps_keyring *keyring, struct slot *slot)
{
    if (keyring->tables >= TABLES_MAX)
        drop_tables(keyring, oldest_with_tables(keyring));
    if ((slot->tables = ps_stark_key_table_new(&slot->entry.stark)) != NULL)
        keyring->tables++;
}

enum ps_stark_verdict ps_keyring_verify_var(struct ps_keyring *keyring,
                                            const struct ps_keyring_entry *key,
                                            const uint8_t hash32[32], const uint8_t r32[32],
                                            const uint8_t s32[32])
{
    struct slot *slot;
    size_t index;
    bool found;

    index = place_of(keyring, key->key.name, &found);
    /* The token may have another key of that name by now: that one has not signed this. */
    if (!found || memcmp(keyring->slots[index]->entry.key.public_key65, key->key.public_key65,
                         sizeof key->key.public_key65) != 0)
        return ps_stark_verify_var(&key->stark, hash32, r32, s32);
    slot = keyring->slots[index];
    slot->last_check = ++keyring->checks;
    if (slot->tables == NULL && ++slot->checks % CHECKS_BEFORE_TABLES == 0 &&
        slot->entry.key.refused[0] == '\0')
        make_tables(keyring, slot);
    if (slot->tables != NULL)
        return ps_stark_verify_table_var(slot->tables, hash32, r32, s32);
    return ps_stark_verify_var(&key->stark, hash32, r32, s32);
}
