#include <proto/rpc/params.h>

const struct ps_param ps_row_one_text[] = {
    PS_ROW_TEXT("element", "one of them"),
    {0},
};

const struct ps_param ps_params_none[] = {{0}};

const struct ps_param ps_result_discover[] = {
    PS_ROW_TEXT("openrpc", "version of the OpenRPC specification"),
    {.name = "info", .type = PS_PARAM_DOCUMENT, .about = "title and version of the service"},
    {.name = "methods", .type = PS_PARAM_ARRAY, .max = 4096, .about = "all methods"},
    {.name = "components", .type = PS_PARAM_DOCUMENT, .about = "the errors that methods refer to"},
    {0},
};

static const char *const token_states[] = {"absent", "locked", "ready", NULL};
static const char *const stark_support[] = {"untested", "native", "unsupported", NULL};

const struct ps_param ps_result_token_state[] = {
    {.name = "state",
     .type = PS_PARAM_CHOICE,
     .choices = token_states,
     .about = "whether the token can sign now"},
    PS_ROW_TEXT("label", "the token's label"),
    PS_ROW_TEXT("serial", "the token's serial number"),
    PS_ROW_TEXT("model", "the token's model"),
    PS_ROW_TEXT("manufacturer", "who made the token"),
    PS_ROW_TEXT("module", "path of the PKCS#11 module"),
    {.name = "stark_curve",
     .type = PS_PARAM_CHOICE,
     .choices = stark_support,
     .about = "whether the token signs on the STARK curve itself"},
    PS_ROW_TEXT("detail", "why the token is not ready, and what to do"),
    PS_ROW_UINT("threads", "signing threads, each with a session of its own"),
    PS_ROW_UINT("keys", "keys on the token that are ours"),
    {.name = "counters",
     .type = PS_PARAM_DOCUMENT,
     .about = "signatures and steps of recovery since the token process started"},
    {0},
};

static const struct ps_param audit_state[] = {
    PS_ROW_UINT("seq", "number of the last record"),
    PS_ROW_TEXT("path", "the log's file"),
    PS_ROW_UINT("last_fsync_ms", "when the log was last brought to disk, Unix milliseconds"),
    PS_ROW_BOOL("healthy", "whether records can be written; nothing is signed without"),
    {0},
};

static const struct ps_param upstream_state[] = {
    PS_ROW_BOOL("healthy", "whether the process answers"),
    {0},
};

static const struct ps_param restarts[] = {
    PS_ROW_UINT("token", "times that the token process was started again"),
    PS_ROW_UINT("upstream", "times that the process with network access was started again"),
    {0},
};

const struct ps_param ps_result_status[] = {
    PS_ROW_TEXT("version", "version of the daemon"),
    PS_ROW_UINT("uptime_s", "seconds since the daemon started"),
    {.name = "token",
     .type = PS_PARAM_OBJECT,
     .fields = ps_result_token_state,
     .about = "the token and its process"},
    PS_ROW_TEXTS("accounts", "names of the configured accounts"),
    {.name = "upstream",
     .type = PS_PARAM_OBJECT,
     .fields = upstream_state,
     .about = "the process with network access"},
    {.name = "audit", .type = PS_PARAM_OBJECT, .fields = audit_state, .about = "the audit log"},
    PS_ROW_UINT("clients", "connections now"),
    PS_ROW_UINT("requests_in_flight", "requests that are being worked on"),
    PS_ROW_UINT("requests_total", "requests since the daemon started"),
    {.name = "restarts",
     .type = PS_PARAM_OBJECT,
     .fields = restarts,
     .about = "how often helpers had to be replaced"},
    {0},
};

static const struct ps_param probe_row[] = {
    PS_ROW_TEXT("what", "what the token was asked to do"),
    PS_ROW_TEXT("result", "yes, no, or differs: it does, but not as announced"),
    PS_ROW_TEXT("detail", "what came of it"),
    {0},
};
static const struct ps_param probe_rows[] = {
    {.name = "row", .type = PS_PARAM_OBJECT, .fields = probe_row, .about = "one trial"},
    {0},
};

const struct ps_param ps_result_probe[] = {
    {.name = "rows",
     .type = PS_PARAM_ARRAY,
     .max = 32,
     .fields = probe_rows,
     .about = "each thing that was tried"},
    {0},
};
