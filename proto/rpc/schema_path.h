/* Where in the request the check stands. Lives on the stack; costs nothing until something is
 * wrong.
 */
#ifndef PARASIGN_PROTO_RPC_SCHEMA_PATH_H
#define PARASIGN_PROTO_RPC_SCHEMA_PATH_H

#include <proto/rpc/methods.h>

struct ps_schema_path {
    const struct ps_schema_path *parent; /* NULL at the root */
    const char *name;                    /* of the member, or NULL: an element of an array */
    size_t index;
};

/* RFC 6901. A path that does not fit is cut at the last whole step, never inside one. */
void ps_schema_pointer(char out[PS_ERROR_POINTER_MAX], const struct ps_schema_path *path);

/* PS_INVALID_PARAMS at path. */
enum ps_code ps_schema_fail(struct ps_error *err, const struct ps_schema_path *path,
                            const char *fmt, ...) PS_PRINTF(3, 4);

/* " Did you mean \"size\"?" or " Known are: ...", for a member that fields does not have. */
#define PS_SCHEMA_HINT_MAX 200
void ps_schema_hint(char out[PS_SCHEMA_HINT_MAX], const char *name, const struct ps_param *fields);

#endif
