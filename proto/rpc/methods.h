/*
 * The method table: the one place where methods, their parameters and their meaning are written.
 * Parameter checking, rpc.discover, the command line's help and the reference page come from it.
 */
#ifndef PARASIGN_PROTO_RPC_METHODS_H
#define PARASIGN_PROTO_RPC_METHODS_H

#include <jansson.h>
#include <parasign/error.h>
#include <stdint.h>

enum ps_param_type {
    PS_PARAM_TEXT,    /* string; min and max count bytes; printable ASCII unless .utf8 */
    PS_PARAM_CHOICE,  /* string, one of choices */
    PS_PARAM_DECIMAL, /* string: digits, at most one point, at most 8 decimals; no sign, no exponent
                       */
    PS_PARAM_UINT,    /* JSON integer from min to max */
    PS_PARAM_UINT_TEXT, /* the same, as an integer or a string of digits without leading zeros */
    PS_PARAM_BOOL,
    PS_PARAM_FELT,    /* string: 0x hex or decimal, below P */
    PS_PARAM_OBJECT,  /* an object with exactly the members of fields */
    PS_PARAM_ARRAY,   /* min to max values, each as fields[0] */
    PS_PARAM_DOCUMENT /* any object; its own code checks it */
};

struct ps_param {
    const char *name; /* NULL ends a list */
    enum ps_param_type type;
    bool required;
    bool utf8;
    bool nullable; /* results only: may be null */
    uint64_t min, max;
    const char *const *choices;    /* NULL-terminated */
    const struct ps_param *fields; /* of an object, or the one element of an array */
    const char *about;             /* one sentence with the unit */
};

struct ps_method {
    const char *name; /* NULL ends the table */
    const char *about;
    const struct ps_param *params; /* ended by a NULL name */
    const struct ps_param *result; /* main members of the result, for the documents */
    const char *fd;                /* what the passed descriptor is ("the PIN"), or NULL: none */
    bool fd_required;
};

/* Ended by an entry without a name. Ordered as in the reference. */
extern const struct ps_method ps_methods[];

/* NULL when there is none of that name. */
const struct ps_method *ps_method_find(const char *name);

/*
 * Checks params (an object, or NULL as {}) against the method: types, bounds, required members, no
 * unknown ones. PS_INVALID_PARAMS with a pointer that starts with /params.
 */
PS_MUST_USE enum ps_code ps_method_check(const struct ps_method *method, const json_t *params,
                                         struct ps_error *err);

/* The OpenRPC document. New reference; NULL when memory is out. */
json_t *ps_methods_openrpc(void);

#endif
