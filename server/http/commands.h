/* The commands of nep-server, one a file. Each gets the arguments that follow its name. */
#ifndef NEP_HTTP_COMMANDS_H
#define NEP_HTTP_COMMANDS_H

#include "server/http/config.h"

typedef nep_status nep_command(const nep_config *config, int argc, char **argv, nep_error *err);

nep_command nep_command_run, nep_command_migrate, nep_command_official, nep_command_check_config;
nep_command nep_command_routes; /* needs no configuration: it is NULL */

/* Refuses arguments of a command that takes none. */
NEP_MUST_USE nep_status nep_no_arguments(int argc, char **argv, nep_error *err);

#endif
