/* The grammar of a field's type: a name, "name*", or for variants "(a,b)". Nothing else. */
#ifndef PARASIGN_PROTO_SNIP12_TYPE_REF_H
#define PARASIGN_PROTO_SNIP12_TYPE_REF_H

#include <proto/snip12/type_table.h>

/* Whether a basic type of the revision has that name, which no document may give to its own. */
bool ps_type_basic(unsigned revision, const char *name, size_t length, enum ps_type_base *out);

/* Resolves field->text and field->contains. The table has all names, fields and is_enum. */
PS_MUST_USE enum ps_code ps_type_field_resolve(const struct ps_type_table *table,
                                               struct ps_type_field *field,
                                               const struct ps_typed_path *at,
                                               struct ps_error *err);

#endif
