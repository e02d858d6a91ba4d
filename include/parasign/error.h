/*
 * The one style of error return in this tree.
 *
 * A function that can fail returns enum ps_code: PS_OK (0) or what went wrong. When the reason
 * matters to a person, its last parameter is a struct ps_error that is filled exactly when the
 * result is not PS_OK; the parameter may be NULL where the header says so. A function that only
 * answers a question returns bool. A condition that only a bug can break is an assert().
 *
 *     enum ps_code rc;
 *     if ((rc = ps_a(x, err)) != PS_OK || (rc = ps_b(x, err)) != PS_OK)
 *         goto out;
 *   out:
 *     free(x);
 *     return rc;
 */
#ifndef PARASIGN_ERROR_H
#define PARASIGN_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PS_MUST_USE __attribute__((warn_unused_result))
#define PS_PRINTF(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))

enum ps_code {
    PS_OK = 0,
#define PS_ERROR(name, text, rpc, retry, meaning) PS_##name,
#include <parasign/error_codes.def>
#undef PS_ERROR
    PS_CODE_COUNT
};

#define PS_ERROR_MESSAGE_MAX 384
#define PS_ERROR_POINTER_MAX 160
#define PS_ERROR_RULE_MAX 48

/* Plain data, owned by whoever declares it; nothing to free. All texts are NUL-terminated UTF-8. */
struct ps_error {
    enum ps_code code;
    char message[PS_ERROR_MESSAGE_MAX]; /* one sentence that says what to do; never a secret */
    char pointer[PS_ERROR_POINTER_MAX]; /* RFC 6901 pointer into the request, or "" */
    char rule[PS_ERROR_RULE_MAX];       /* name of the policy rule that refused, or "" */
};

/*
 * Fills err (if not NULL) with code and the formatted message, clears pointer and rule, and returns
 * code, so that `return ps_fail(err, PS_X, "...")` reads as one statement. A message that does not
 * fit is cut at a character boundary.
 */
enum ps_code ps_fail(struct ps_error *err, enum ps_code code, const char *fmt, ...) PS_PRINTF(3, 4);

/* As ps_fail with PS_INVALID_PARAMS, and with the JSON pointer of the value that is wrong. */
enum ps_code ps_fail_at(struct ps_error *err, const char *pointer, const char *fmt, ...)
    PS_PRINTF(3, 4);

/* Puts prefix before err->pointer: the caller knows where in the request the callee's value stood.
 */
void ps_error_prefix_pointer(struct ps_error *err, const char *prefix);

/* "token_locked" for PS_TOKEN_LOCKED; "ok" for PS_OK; never NULL. */
const char *ps_code_name(enum ps_code code);
/* The code with that stable string, or PS_CODE_COUNT. */
enum ps_code ps_code_from_name(const char *name);
/* The number for error.code of JSON-RPC. */
int ps_code_rpc(enum ps_code code);
/* Whether the same request may succeed later without anybody changing anything. */
bool ps_code_retryable(enum ps_code code);
/* What the code means, from the table; for the reference. */
const char *ps_code_meaning(enum ps_code code);

#ifdef __cplusplus
}
#endif
#endif
