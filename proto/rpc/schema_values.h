/* One value that is neither object nor array, against its row of the table. */
#ifndef PARASIGN_PROTO_RPC_SCHEMA_VALUES_H
#define PARASIGN_PROTO_RPC_SCHEMA_VALUES_H

#include <proto/rpc/schema_path.h>

/* param->type is none of OBJECT and ARRAY. PS_INVALID_PARAMS at path. */
PS_MUST_USE enum ps_code ps_schema_value(const struct ps_param *param, const json_t *value,
                                         const struct ps_schema_path *path, struct ps_error *err);

#endif
