#include <daemon/config/source.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Long paths lose their beginning: the message behind them matters more. */
#define SHOWN_FILE_MAX 120

static const char *shown_file(const char *file)
{
    size_t length = strlen(file);

    return length > SHOWN_FILE_MAX ? file + (length - SHOWN_FILE_MAX) : file;
}

enum ps_code ps_source_fail(struct ps_error *err, const struct ps_source *source,
                            const yaml_mark_t *mark, const char *fmt, ...)
{
    char message[PS_ERROR_MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return ps_fail(err, PS_INVALID_PARAMS, "%s:%zu:%zu: %s", shown_file(source->file),
                   mark->line + 1, mark->column + 1, message);
}

static enum ps_code read_file(const char *file, unsigned char **out, size_t *length,
                              struct ps_error *err)
{
    const char *shown = shown_file(file);
    unsigned char *data = NULL;
    size_t used = 0;
    struct stat st;
    enum ps_code rc = PS_OK;
    int fd;

    /* O_NONBLOCK: a FIFO of that name must not hold up the start. */
    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return ps_fail(err, PS_INVALID_PARAMS, "%s: cannot be opened: %s", shown, strerror(errno));
    if (fstat(fd, &st) != 0) {
        rc = ps_fail(err, PS_INVALID_PARAMS, "%s: cannot be examined: %s", shown, strerror(errno));
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        rc = ps_fail(err, PS_INVALID_PARAMS, "%s: is not a regular file", shown);
        goto out;
    }
    if ((st.st_mode & S_IWOTH) != 0) {
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "%s: everybody may write it, and so give themselves the right to sign; "
                     "chmod o-w it",
                     shown);
        goto out;
    }
    if (st.st_size > (off_t)PS_CONFIG_FILE_MAX) {
        rc = ps_fail(err, PS_INVALID_PARAMS, "%s: is larger than %u bytes", shown,
                     PS_CONFIG_FILE_MAX);
        goto out;
    }
    if ((data = malloc(PS_CONFIG_FILE_MAX + 1)) == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    for (;;) {
        ssize_t got = read(fd, data + used, PS_CONFIG_FILE_MAX + 1 - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            rc = ps_fail(err, PS_INVALID_PARAMS, "%s: cannot be read: %s", shown, strerror(errno));
            goto out;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > PS_CONFIG_FILE_MAX) {
            rc = ps_fail(err, PS_INVALID_PARAMS, "%s: is larger than %u bytes", shown,
                         PS_CONFIG_FILE_MAX);
            goto out;
        }
    }
    *out = data;
    *length = used;
    data = NULL;
out:
    free(data);
    (void)close(fd);
    return rc;
}

static enum ps_code parser_fail(const struct ps_source *source, const yaml_parser_t *parser,
                                struct ps_error *err)
{
    const char *problem = parser->problem != NULL ? parser->problem : "this is not YAML";

    if (parser->error == YAML_MEMORY_ERROR)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    if (parser->error == YAML_READER_ERROR)
        return ps_fail(err, PS_INVALID_PARAMS, "%s: byte %zu: %s; the file must be UTF-8",
                       shown_file(source->file), parser->problem_offset, problem);
    return ps_source_fail(err, source, &parser->problem_mark, "%s%s%s", problem,
                          parser->context != NULL ? ", " : "",
                          parser->context != NULL ? parser->context : "");
}

static const yaml_char_t *event_anchor(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static const yaml_char_t *event_tag(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.tag;
    default:
        return NULL;
    }
}

static enum ps_code check_event(const struct ps_source *source, const yaml_event_t *event,
                                unsigned *depth, unsigned *documents, struct ps_error *err)
{
    const yaml_mark_t *mark = &event->start_mark;

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++*documents > 1)
            return ps_source_fail(err, source, mark,
                                  "a second document begins here; the file must be one document");
        break;
    case YAML_ALIAS_EVENT:
        return ps_source_fail(err, source, mark, "aliases (*name) are not taken; write it out");
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (++*depth > PS_CONFIG_DEPTH_MAX)
            return ps_source_fail(err, source, mark, "nested too deeply");
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        --*depth;
        break;
    default:
        break;
    }
    if (event_anchor(event) != NULL)
        return ps_source_fail(err, source, mark, "anchors (&name) are not taken; leave it out");
    if (event_tag(event) != NULL)
        return ps_source_fail(err, source, mark, "tags (!name) are not taken; leave it out");
    return PS_OK;
}

/* The document of libyaml no longer shows aliases, anchors and how many documents there were. */
static enum ps_code check_events(const struct ps_source *source, const unsigned char *data,
                                 size_t length, struct ps_error *err)
{
    unsigned depth = 0, documents = 0;
    enum ps_code rc = PS_OK;
    yaml_parser_t parser;
    bool ended = false;

    if (!yaml_parser_initialize(&parser))
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, data, length);
    while (rc == PS_OK && !ended) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event)) {
            rc = parser_fail(source, &parser, err);
            goto out;
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        rc = check_event(source, &event, &depth, &documents, err);
        yaml_event_delete(&event);
    }
    if (rc == PS_OK && documents == 0)
        rc = ps_fail(err, PS_INVALID_PARAMS, "%s:1:1: the file is empty", shown_file(source->file));
out:
    yaml_parser_delete(&parser);
    return rc;
}

enum ps_code ps_source_open(const char *file, struct ps_source *out, struct ps_error *err)
{
    unsigned char *data = NULL;
    size_t length = 0;
    yaml_parser_t parser;
    bool parsing = false;
    enum ps_code rc;

    memset(out, 0, sizeof *out);
    out->file = file;
    if ((rc = read_file(file, &data, &length, err)) != PS_OK ||
        (rc = check_events(out, data, length, err)) != PS_OK)
        goto out;
    if (!yaml_parser_initialize(&parser)) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    parsing = true;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, data, length);
    if (!yaml_parser_load(&parser, &out->document)) {
        rc = parser_fail(out, &parser, err);
        goto out;
    }
    out->loaded = true;
out:
    if (parsing)
        yaml_parser_delete(&parser);
    free(data);
    return rc;
}

void ps_source_close(struct ps_source *source)
{
    if (source->loaded)
        yaml_document_delete(&source->document);
    source->loaded = false;
}

yaml_node_t *ps_source_node(struct ps_source *source, int index)
{
    assert(source->loaded);
    return yaml_document_get_node(&source->document, index);
}

const char *ps_source_text(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE ||
        memchr(node->data.scalar.value, '\0', node->data.scalar.length) != NULL)
        return NULL;
    return (const char *)node->data.scalar.value;
}

yaml_node_t *ps_source_member(struct ps_source *source, const yaml_node_t *mapping, const char *key)
{
    const yaml_node_pair_t *pair;

    assert(mapping->type == YAML_MAPPING_NODE);
    for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top; pair++) {
        const char *text = ps_source_text(ps_source_node(source, pair->key));

        if (text != NULL && strcmp(text, key) == 0)
            return ps_source_node(source, pair->value);
    }
    return NULL;
}
