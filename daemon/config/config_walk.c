#include <daemon/config/config_walk.h>

#include <assert.h>
#include <daemon/config/config_values.h>
#include <proto/rpc/quote.h>
#include <stdlib.h>
#include <string.h>

#define KEY_PATH_MAX 96
/* A name this near to a known one is taken for a slip of the hand. */
#define SLIP_MAX 3

struct walk {
    struct ps_source *source;
    enum ps_config_scope scope;
    void *target;
    ps_config_entries_fn *entries;
    void *arg;
};

static bool is_section(const struct walk *walk, const char *path)
{
    size_t length = strlen(path);
    const struct ps_config_key *key;

    for (key = ps_config_keys; key->path != NULL; key++)
        if (key->scope == walk->scope && strncmp(key->path, path, length) == 0 &&
            key->path[length] == '.')
            return true;
    return false;
}

static const struct ps_config_key *find_key(const struct walk *walk, const char *path)
{
    const struct ps_config_key *key;

    for (key = ps_config_keys; key->path != NULL; key++)
        if (key->scope == walk->scope && strcmp(key->path, path) == 0)
            return key;
    return NULL;
}

/* The name at the level of prefix ("" or "token.") that is nearest to name. */
static enum ps_code unknown_key(const struct walk *walk, const yaml_node_t *node,
                                const char *prefix, const char *name, struct ps_error *err)
{
    char quoted[PS_QUOTE_MAX], best[KEY_PATH_MAX] = "", part[KEY_PATH_MAX];
    size_t length = strlen(prefix);
    unsigned best_distance = SLIP_MAX + 1;
    const struct ps_config_key *key;

    for (key = ps_config_keys; key->path != NULL; key++) {
        unsigned distance;

        if (key->scope != walk->scope || strncmp(key->path, prefix, length) != 0)
            continue;
        (void)snprintf(part, sizeof part, "%.*s", (int)strcspn(key->path + length, "."),
                       key->path + length);
        distance = ps_name_distance(name, part, SLIP_MAX);
        if (distance < best_distance) {
            best_distance = distance;
            memcpy(best, part, sizeof best);
        }
    }
    return ps_source_fail(
        err, walk->source, &node->start_mark, "there is no key %s %s%.*s%s%s%s",
        ps_quote(quoted, name), length > 0 ? "in " : "here", length > 0 ? (int)length - 1 : 0,
        prefix, best[0] != '\0' ? "; did you mean \"" : "", best, best[0] != '\0' ? "\"?" : "");
}

static enum ps_code check_not_repeated(const struct walk *walk, const yaml_node_t *mapping,
                                       const yaml_node_pair_t *pair, const char *name,
                                       struct ps_error *err)
{
    const yaml_node_pair_t *earlier;

    for (earlier = mapping->data.mapping.pairs.start; earlier < pair; earlier++) {
        const yaml_node_t *node = ps_source_node(walk->source, earlier->key);
        const char *text = ps_source_text(node);

        if (text != NULL && strcmp(text, name) == 0)
            return ps_source_fail(
                err, walk->source, &ps_source_node(walk->source, pair->key)->start_mark,
                "%s is written twice; the first is on line %zu", name, node->start_mark.line + 1);
    }
    return PS_OK;
}

static enum ps_code read_list(const struct walk *walk, const struct ps_config_key *key,
                              const yaml_node_t *node, struct ps_error *err)
{
    struct ps_config_list *list =
        (struct ps_config_list *)(void *)((char *)walk->target + key->offset);
    const yaml_node_item_t *item = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - item);

    if (count > PS_CONFIG_LIST_MAX)
        return ps_source_fail(err, walk->source, &node->start_mark,
                              "%s has %zu values; at most %d are taken", key->path, count,
                              PS_CONFIG_LIST_MAX);
    if (count != 0 && (list->items = calloc(count, sizeof *list->items)) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    for (; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *element = ps_source_node(walk->source, *item);
        const char *text = ps_source_text(element);
        struct ps_error why;

        if (text == NULL)
            return ps_source_fail(err, walk->source, &element->start_mark,
                                  "%s is a list of texts; write one here", key->path);
        if (ps_config_element(key, text, &why) != PS_OK)
            return ps_source_fail(err, walk->source, &element->start_mark, "%s: %s", key->path,
                                  why.message);
        if ((list->items[list->count] = strdup(text)) == NULL)
            return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        list->count++;
    }
    return PS_OK;
}

static bool says_nothing(const yaml_node_t *node, const char *text)
{
    return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static enum ps_code read_scalar(const struct walk *walk, const struct ps_config_key *key,
                                const yaml_node_t *node, struct ps_error *err)
{
    const char *text = ps_source_text(node);
    struct ps_error why;

    if (text == NULL)
        return ps_source_fail(err, walk->source, &node->start_mark, "%s has a NUL in it",
                              key->path);
    if (says_nothing(node, text))
        return ps_source_fail(err, walk->source, &node->start_mark,
                              "%s has no value; write one, or leave the key out", key->path);
    if (ps_config_value(key, text, (char *)walk->target + key->offset, &why) != PS_OK)
        return ps_source_fail(err, walk->source, &node->start_mark, "%s: %s", key->path,
                              why.message);
    return PS_OK;
}

static enum ps_code read_value(const struct walk *walk, const struct ps_config_key *key,
                               const yaml_node_t *node, struct ps_error *err)
{
    bool is_list = key->type >= PS_CONFIG_PATHS;

    if (is_list && node->type != YAML_SEQUENCE_NODE)
        return ps_source_fail(err, walk->source, &node->start_mark, "%s must be a list", key->path);
    if (!is_list && node->type != YAML_SCALAR_NODE)
        return ps_source_fail(err, walk->source, &node->start_mark,
                              "%s must be one value, not a list or a mapping", key->path);
    if (key->type == PS_CONFIG_ENTRIES) {
        size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);

        if (count > key->max)
            return ps_source_fail(err, walk->source, &node->start_mark,
                                  "%s has %zu entries; at most %zu are taken", key->path, count,
                                  (size_t)key->max);
        assert(walk->entries != NULL);
        return walk->entries(walk->arg, key, walk->source, node, err);
    }
    return is_list ? read_list(walk, key, node, err) : read_scalar(walk, key, node, err);
}

/* Sections are one level deep in the table, and so is this recursion. */
static enum ps_code read_mapping(const struct walk *walk, const yaml_node_t *mapping,
                                 const char *prefix, struct ps_error *err)
{
    const yaml_node_pair_t *pair;
    enum ps_code rc;

    for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name_node = ps_source_node(walk->source, pair->key);
        const yaml_node_t *value = ps_source_node(walk->source, pair->value);
        const char *name = ps_source_text(name_node);
        const struct ps_config_key *key = NULL;
        char path[KEY_PATH_MAX];
        bool fits;

        if (name == NULL)
            return ps_source_fail(err, walk->source, &name_node->start_mark,
                                  "a key must be a plain word");
        fits = strchr(name, '.') == NULL &&
               snprintf(path, sizeof path, "%s%s", prefix, name) < (int)sizeof path;
        if (!fits || ((key = find_key(walk, path)) == NULL && !is_section(walk, path)))
            return unknown_key(walk, name_node, prefix, name, err);
        if ((rc = check_not_repeated(walk, mapping, pair, name, err)) != PS_OK)
            return rc;
        if (key != NULL) {
            if ((rc = read_value(walk, key, value, err)) != PS_OK)
                return rc;
            continue;
        }
        if (value->type != YAML_MAPPING_NODE)
            return ps_source_fail(err, walk->source, &value->start_mark,
                                  "%s must be a mapping of keys to values", path);
        (void)snprintf(path, sizeof path, "%s%s.", prefix, name);
        if ((rc = read_mapping(walk, value, path, err)) != PS_OK)
            return rc;
    }
    return PS_OK;
}

static bool is_written(struct ps_source *source, const yaml_node_t *mapping, const char *path)
{
    char section[KEY_PATH_MAX];
    const char *dot = strchr(path, '.');
    const yaml_node_t *inner;

    if (dot == NULL)
        return ps_source_member(source, mapping, path) != NULL;
    (void)snprintf(section, sizeof section, "%.*s", (int)(dot - path), path);
    inner = ps_source_member(source, mapping, section);
    return inner != NULL && is_written(source, inner, dot + 1);
}

static void set_defaults(const struct walk *walk)
{
    const struct ps_config_key *key;

    for (key = ps_config_keys; key->path != NULL; key++) {
        enum ps_code rc = PS_OK;

        if (key->scope == walk->scope && key->initial != NULL)
            rc = ps_config_value(key, key->initial, (char *)walk->target + key->offset, NULL);
        assert(rc == PS_OK);
    }
}

static enum ps_code check_required(const struct walk *walk, const yaml_node_t *mapping,
                                   struct ps_error *err)
{
    const struct ps_config_key *key;

    for (key = ps_config_keys; key->path != NULL; key++)
        if (key->scope == walk->scope && key->required &&
            !is_written(walk->source, mapping, key->path))
            return ps_source_fail(err, walk->source, &mapping->start_mark,
                                  "%s is missing; write it: %s", key->path, key->about);
    return PS_OK;
}

enum ps_code ps_config_walk(struct ps_source *source, const yaml_node_t *mapping,
                            enum ps_config_scope scope, void *target, ps_config_entries_fn *entries,
                            void *arg, struct ps_error *err)
{
    struct walk walk = {
        .source = source, .scope = scope, .target = target, .entries = entries, .arg = arg};
    enum ps_code rc;

    if (mapping->type != YAML_MAPPING_NODE)
        return ps_source_fail(err, source, &mapping->start_mark,
                              "here must be a mapping of keys to values");
    set_defaults(&walk);
    if ((rc = read_mapping(&walk, mapping, "", err)) != PS_OK)
        return rc;
    return check_required(&walk, mapping, err);
}
