/* Text for people. Whatever came from elsewhere is written so that it cannot steer a terminal. */
#ifndef PARASIGN_DAEMON_CLI_TEXT_H
#define PARASIGN_DAEMON_CLI_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* text with every control character as '?'. Returns how many characters were written. */
size_t ps_cli_text(FILE *out, const char *text);

/* A member as text: strings as they are, numbers and truth values written out, else "". Valid until
 * the fourth call after this one. */
const char *ps_cli_member(const json_t *object, const char *name);

/* Characters that the label of a row takes, without the space after it. */
#define PS_CLI_LABEL_WIDTH 17

/* "label      value" on stdout; nothing when value is empty. */
void ps_cli_row(const char *label, const char *value);
/* The label and the space, for a value that is put together in pieces. */
void ps_cli_label(const char *label);
/* The member `name` of object as such a row. */
void ps_cli_row_member(const char *label, const json_t *object, const char *name);

/*
 * An array of objects as a table with a head. columns: member names, ended by NULL; heads likewise.
 * A name "a.b" reaches into a nested object.
 */
#define PS_CLI_COLUMNS_MAX 8
void ps_cli_table(const json_t *rows, const char *const *columns, const char *const *heads);

#endif
