/* Where in the document the check stands. Lives on the stack; costs nothing until something is
 * wrong. */
#ifndef PARASIGN_PROTO_SNIP12_PATH_H
#define PARASIGN_PROTO_SNIP12_PATH_H

#include <parasign/error.h>

/* Plain data; every part is borrowed and outlives the step. */
struct ps_typed_path {
    const struct ps_typed_path *parent; /* NULL at the root of the document */
    const char *name;                   /* of the member, or NULL: an element of an array */
    size_t index;
};

/*
 * PS_INVALID_PARAMS at the place: RFC 6901, cut at the last whole step when it does not fit. The
 * message must quote nothing from the document but names that were checked already.
 */
enum ps_code ps_typed_fail(struct ps_error *err, const struct ps_typed_path *at, const char *fmt,
                           ...) PS_PRINTF(3, 4);

#endif
