/* The commands of `parasign`, as a table. */
#ifndef PARASIGN_DAEMON_CLI_COMMANDS_H
#define PARASIGN_DAEMON_CLI_COMMANDS_H

#include <daemon/cli/cli.h>
#include <daemon/cli/options.h>

struct ps_cli_command;

/* argv: the words after the command's name. Returns the exit status. */
typedef int ps_cli_run(const struct ps_cli *cli, const struct ps_cli_command *command, int argc,
                       char **argv);

struct ps_cli_command {
    const char *name;          /* one or two words: "key list"; NULL ends the table */
    const char *method;        /* the method it calls, or NULL */
    const char *positional[3]; /* parameters filled by place, ended by NULL */
    const char *flatten;       /* the object parameter whose members are options, or NULL */
    ps_cli_print *print;       /* of a plain call */
    ps_cli_run *run;           /* NULL: a plain call of method */
    const char *words;         /* for help, when run is set: "FILE" */
    const struct ps_cli_option *options; /* for help, when run is set */
    const char *about;                   /* one sentence; NULL: the method's */
};

extern const struct ps_cli_command ps_cli_commands[];

/* The command that argv begins with, and how many words its name takes; NULL when there is none. */
const struct ps_cli_command *ps_cli_command_find(int argc, char **argv, int *words);

/* Bodies of commands that are more than one call. */
ps_cli_run ps_cli_run_method; /* a plain call */
ps_cli_run ps_cli_run_unlock;
ps_cli_run ps_cli_run_key_import;
ps_cli_run ps_cli_run_token_init;
ps_cli_run ps_cli_run_config_check;
ps_cli_run ps_cli_run_config_reference;
ps_cli_run ps_cli_run_call;

extern const struct ps_cli_option ps_cli_unlock_options[];
extern const struct ps_cli_option ps_cli_token_init_options[];
extern const struct ps_cli_option ps_cli_no_options[];

/* For people. */
ps_cli_print ps_cli_print_status;
ps_cli_print ps_cli_print_token;
ps_cli_print ps_cli_print_probe;
ps_cli_print ps_cli_print_key;
ps_cli_print ps_cli_print_keys;
ps_cli_print ps_cli_print_destroyed;
ps_cli_print ps_cli_print_order;
ps_cli_print ps_cli_print_signature;
ps_cli_print ps_cli_print_auth;
ps_cli_print ps_cli_print_account;

#endif
