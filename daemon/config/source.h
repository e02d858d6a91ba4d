/*
 * A configuration file as a checked YAML tree: one document, no anchors, aliases or tags, bounded
 * in size and depth. What is left are mappings, lists and scalars with their positions.
 */
#ifndef PARASIGN_DAEMON_CONFIG_SOURCE_H
#define PARASIGN_DAEMON_CONFIG_SOURCE_H

#include <parasign/error.h>
#include <yaml.h>

#define PS_CONFIG_FILE_MAX 1048576u /* bytes */
#define PS_CONFIG_DEPTH_MAX 8u      /* mappings and lists inside each other */

/* Plain data; ps_source_close() ends it. */
struct ps_source {
    const char *file; /* borrowed; as the caller named it */
    yaml_document_t document;
    bool loaded;
};

/*
 * Reads file. It must be a regular file that not everybody may write (who may write it, may sign).
 * On failure there is nothing to close.
 */
PS_MUST_USE enum ps_code ps_source_open(const char *file, struct ps_source *out,
                                        struct ps_error *err);
void ps_source_close(struct ps_source *source);

/* "file:line:column: message", lines and columns from 1. PS_INVALID_PARAMS. */
enum ps_code ps_source_fail(struct ps_error *err, const struct ps_source *source,
                            const yaml_mark_t *mark, const char *fmt, ...) PS_PRINTF(4, 5);

/* NULL for index 0, which no node has. */
yaml_node_t *ps_source_node(struct ps_source *source, int index);
/* The value of key in mapping; NULL when it is not there. */
yaml_node_t *ps_source_member(struct ps_source *source, const yaml_node_t *mapping,
                              const char *key);
/* The text of a scalar; NULL for other nodes and for texts with a NUL inside. */
const char *ps_source_text(const yaml_node_t *node);

#endif
