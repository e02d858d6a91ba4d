/*
 * SNIP-12 typed data, revisions 0 and 1: a document in JSON, checked, hashed, and open for
 * questions.
 *
 * All types of both revisions: felt, bool, string, selector, merkletree, arrays and structs; with
 * revision 1 shortstring, enum, u128, i128, timestamp, ContractAddress, ClassHash, TokenAmount,
 * NftId, u256. Bounds: PS_TYPED_*. Type and field names: [A-Za-z0-9_ ], 1 to 64 characters, so that
 * no name can imitate the text of another type. Where libraries disagree: proto/README.md, SNIP-12.
 */
#ifndef PARASIGN_PROTO_SNIP12_TYPED_DATA_H
#define PARASIGN_PROTO_SNIP12_TYPED_DATA_H

#include <jansson.h>
#include <parasign/error.h>
#include <proto/stark/felt.h>

#define PS_TYPED_TYPES_MAX 64
#define PS_TYPED_FIELDS_MAX 64
#define PS_TYPED_NAME_MAX 64
#define PS_TYPED_DEPTH_MAX 16
#define PS_TYPED_TEXT_MAX 16384 /* characters of all names and types of `types` */
/*
 * Values in the document; a string counts 1 per 31 bytes. Hashing the largest document of revision
 * 0 takes about 10 ms, for which a daemon of one loop serves nobody else.
 */
#define PS_TYPED_ELEMENTS_MAX 1024

struct ps_typed_data; /* opaque; from ps_typed_data_read(), to ps_typed_data_free() */

/*
 * Checks the document's shape and types. Keeps a reference to doc, which must not change meanwhile.
 * PS_INVALID_PARAMS with a pointer relative to the document ("/message/price").
 */
PS_MUST_USE enum ps_code ps_typed_data_read(json_t *doc, struct ps_typed_data **out,
                                            struct ps_error *err);
void ps_typed_data_free(struct ps_typed_data *td);

/* 0 or 1. */
unsigned ps_typed_data_revision(const struct ps_typed_data *td);
/* Borrowed from the document. */
const char *ps_typed_data_primary_type(const struct ps_typed_data *td);

/* The hash of a type's text. PS_INVALID_PARAMS when there is no such type. */
PS_MUST_USE enum ps_code ps_typed_data_type_hash(const struct ps_typed_data *td, const char *type,
                                                 ps_felt *out, struct ps_error *err);
PS_MUST_USE enum ps_code ps_typed_data_domain_hash_var(const struct ps_typed_data *td, ps_felt *out,
                                                       struct ps_error *err);
/* The message hash for account. */
PS_MUST_USE enum ps_code ps_typed_data_message_hash_var(const struct ps_typed_data *td,
                                                        const ps_felt *account, ps_felt *out,
                                                        struct ps_error *err);

/*
 * The encoded value of a scalar member of the domain or of the message (top level): what goes into
 * the hash, so that "Paradex" and "0x50617261646578" are one. PS_INVALID_PARAMS when absent or not
 * scalar.
 */
PS_MUST_USE enum ps_code ps_typed_data_domain_felt(const struct ps_typed_data *td,
                                                   const char *member, ps_felt *out,
                                                   struct ps_error *err);
PS_MUST_USE enum ps_code ps_typed_data_message_felt(const struct ps_typed_data *td,
                                                    const char *member, ps_felt *out,
                                                    struct ps_error *err);
/*
 * Whether any scalar anywhere in domain or message encodes to value; also a string of revision 1
 * whose text would encode to it as a felt or short string.
 */
bool ps_typed_data_has_felt(const struct ps_typed_data *td, const ps_felt *value);
/* Every such felt of the domain alone; *out is borrowed. Returns how many there are. */
size_t ps_typed_data_domain_felts(const struct ps_typed_data *td, const ps_felt **out);

#endif
