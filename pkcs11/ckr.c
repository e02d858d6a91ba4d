#include <pkcs11/ckr.h>

#define DEVICE_GONE "the token is not there; put it back or check the module's connection to it"
#define DEVICE_SICK "the token reported a fault of its own; see the module's log"
#define SESSION_LOST "the session was lost; the call can be repeated"
#define OBJECT_LOST "the object is no longer there under its handle"
#define PIN_REFUSED "the token refused the PIN; correct it, then unlock the token again"
#define NOT_TAKEN "the token does not take these attributes"
#define NO_MECHANISM "the token cannot do this"

#define ROW(rv, step, code, text)                                                                  \
    {                                                                                              \
        rv, #rv, step, code, text                                                                  \
    }

static const struct row {
    CK_RV rv;
    const char *name;
    enum ps_step step;
    enum ps_code code;
    const char *text;
} rows[] = {
    ROW(CKR_OK, PS_STEP_NONE, PS_OK, "done"),
    ROW(CKR_HOST_MEMORY, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE, "the module is out of memory"),
    ROW(CKR_DEVICE_MEMORY, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the token is full; destroy keys that are not needed"),
    ROW(CKR_SLOT_ID_INVALID, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE, DEVICE_GONE),
    ROW(CKR_GENERAL_ERROR, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, DEVICE_SICK),
    ROW(CKR_FUNCTION_FAILED, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, DEVICE_SICK),
    ROW(CKR_DEVICE_ERROR, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, DEVICE_SICK),
    ROW(CKR_DEVICE_REMOVED, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE, DEVICE_GONE),
    ROW(CKR_TOKEN_NOT_PRESENT, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE, DEVICE_GONE),
    ROW(CKR_TOKEN_NOT_RECOGNIZED, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE, DEVICE_GONE),
    ROW(CKR_FUNCTION_CANCELED, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, SESSION_LOST),
    ROW(CKR_CRYPTOKI_NOT_INITIALIZED, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE,
        "the module lost its state"),
    ROW(CKR_CRYPTOKI_ALREADY_INITIALIZED, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the module is initialised already"),
    ROW(CKR_CANT_LOCK, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the module cannot be used by more than one thread"),
    ROW(CKR_FUNCTION_NOT_SUPPORTED, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NO_MECHANISM),
    ROW(CKR_ARGUMENTS_BAD, PS_STEP_NONE, PS_TOKEN_ERROR, "the module refused the arguments"),
    ROW(CKR_SESSION_HANDLE_INVALID, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, SESSION_LOST),
    ROW(CKR_SESSION_CLOSED, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, SESSION_LOST),
    ROW(CKR_SESSION_COUNT, PS_STEP_MODULE, PS_TOKEN_UNAVAILABLE,
        "the token has no free session; close other programs that use it or lower token.threads"),
    ROW(CKR_OPERATION_ACTIVE, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, SESSION_LOST),
    ROW(CKR_OPERATION_NOT_INITIALIZED, PS_STEP_SESSION, PS_TOKEN_UNAVAILABLE, SESSION_LOST),
    ROW(CKR_OBJECT_HANDLE_INVALID, PS_STEP_OBJECTS, PS_TOKEN_UNAVAILABLE, OBJECT_LOST),
    ROW(CKR_KEY_HANDLE_INVALID, PS_STEP_OBJECTS, PS_TOKEN_UNAVAILABLE, OBJECT_LOST),
    ROW(CKR_USER_NOT_LOGGED_IN, PS_STEP_LOGIN, PS_TOKEN_LOCKED,
        "the token forgot the login; unlock it again"),
    ROW(CKR_USER_ALREADY_LOGGED_IN, PS_STEP_NONE, PS_TOKEN_ERROR, "already logged in"),
    ROW(CKR_USER_ANOTHER_ALREADY_LOGGED_IN, PS_STEP_NONE, PS_TOKEN_ERROR,
        "another user is logged in to the token"),
    ROW(CKR_USER_PIN_NOT_INITIALIZED, PS_STEP_NONE, PS_TOKEN_LOCKED,
        "the token has no user PIN yet; set one with the token's own tool"),
    ROW(CKR_USER_TOO_MANY_TYPES, PS_STEP_NONE, PS_TOKEN_ERROR,
        "another user is logged in to the token"),
    ROW(CKR_PIN_INCORRECT, PS_STEP_NONE, PS_TOKEN_LOCKED, PIN_REFUSED),
    ROW(CKR_PIN_INVALID, PS_STEP_NONE, PS_TOKEN_LOCKED, PIN_REFUSED),
    ROW(CKR_PIN_LEN_RANGE, PS_STEP_NONE, PS_TOKEN_LOCKED, PIN_REFUSED),
    ROW(CKR_PIN_EXPIRED, PS_STEP_NONE, PS_TOKEN_LOCKED,
        "the PIN has expired; set a new one with the token's own tool"),
    ROW(CKR_PIN_LOCKED, PS_STEP_NONE, PS_TOKEN_LOCKED,
        "the token has locked its PIN; it must be reset with the SO PIN"),
    ROW(CKR_TOKEN_WRITE_PROTECTED, PS_STEP_NONE, PS_TOKEN_ERROR, "the token is write-protected"),
    ROW(CKR_SESSION_READ_ONLY, PS_STEP_NONE, PS_TOKEN_ERROR, "the token is write-protected"),
    ROW(CKR_ACTION_PROHIBITED, PS_STEP_NONE, PS_TOKEN_ERROR, "the token's policy forbids this"),
    ROW(CKR_ATTRIBUTE_READ_ONLY, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NOT_TAKEN),
    ROW(CKR_ATTRIBUTE_SENSITIVE, PS_STEP_NONE, PS_TOKEN_ERROR, "the token keeps this to itself"),
    ROW(CKR_ATTRIBUTE_TYPE_INVALID, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NOT_TAKEN),
    ROW(CKR_ATTRIBUTE_VALUE_INVALID, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NOT_TAKEN),
    ROW(CKR_TEMPLATE_INCOMPLETE, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NOT_TAKEN),
    ROW(CKR_TEMPLATE_INCONSISTENT, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NOT_TAKEN),
    ROW(CKR_CURVE_NOT_SUPPORTED, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN,
        "the token does not take this curve"),
    ROW(CKR_DOMAIN_PARAMS_INVALID, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN,
        "the token does not take this curve"),
    ROW(CKR_MECHANISM_INVALID, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NO_MECHANISM),
    ROW(CKR_MECHANISM_PARAM_INVALID, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NO_MECHANISM),
    ROW(CKR_KEY_FUNCTION_NOT_PERMITTED, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the token does not let this key do that"),
    ROW(CKR_KEY_TYPE_INCONSISTENT, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the key is of another type than it should be"),
    ROW(CKR_KEY_SIZE_RANGE, PS_STEP_NONE, PS_UNSUPPORTED_BY_TOKEN, NO_MECHANISM),
    ROW(CKR_DATA_INVALID, PS_STEP_NONE, PS_TOKEN_ERROR, "the token refused what was to be signed"),
    ROW(CKR_DATA_LEN_RANGE, PS_STEP_NONE, PS_TOKEN_ERROR,
        "the token refused what was to be signed"),
    ROW(CKR_BUFFER_TOO_SMALL, PS_STEP_NONE, PS_TOKEN_ERROR, "the token answered with too much"),
};

static const struct row *find(CK_RV rv)
{
    static const struct row unknown = {0, "an unknown CK_RV", PS_STEP_SESSION, PS_TOKEN_ERROR,
                                       "the token failed in a way of its own"};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].rv == rv)
            return &rows[i];
    return &unknown;
}

const char *ps_ckr_name(CK_RV rv)
{
    return find(rv)->name;
}

enum ps_step ps_ckr_step(CK_RV rv)
{
    return find(rv)->step;
}

bool ps_ckr_refuses_pin(CK_RV rv)
{
    return rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE ||
           rv == CKR_PIN_EXPIRED || rv == CKR_PIN_LOCKED;
}

bool ps_ckr_refuses_template(CK_RV rv)
{
    return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_VALUE_INVALID ||
           rv == CKR_ATTRIBUTE_READ_ONLY || rv == CKR_TEMPLATE_INCONSISTENT;
}

enum ps_code ps_ckr_fail(struct ps_error *err, CK_RV rv, const char *doing)
{
    const struct row *row = find(rv);

    return ps_fail(err, row->code == PS_OK ? PS_TOKEN_ERROR : row->code, "%s: %s (%s, 0x%lx)",
                   doing, row->text, row->name, rv);
}
