/* nep-server: the election server's HTTPS side and its commands at the machine. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exitcode.h"
#include "base/process.h"
#include "crypto/group.h"
#include "server/http/commands.h"

static const struct command {
  const char *name;
  nep_command *perform;
  bool needs_config;
} commands[] = {
    {"run", nep_command_run, true},           {"migrate", nep_command_migrate, true},
    {"official", nep_command_official, true}, {"check-config", nep_command_check_config, true},
    {"routes", nep_command_routes, false},
};

typedef struct options {
  const char *config;
  const struct command *command;
  int argc; /* arguments of the command */
  char **argv;
} options;

static const struct argp_option option_table[] = {
    {"config", 'c', "FILE", 0, "Configuration (nep-server.conf.example documents it)", 0}, {0}};

static const char doc[] =
    "Serves an election: registration, casting, the public record and the commission's acts, over "
    "HTTPS."
    "\vCommands:\n"
    "  run                     serve until SIGTERM, then finish what is under way\n"
    "  migrate                 bring the database to the newest schema; can be repeated\n"
    "  official add NAME HEX   let an official act; HEX is the public key of nep-admin keygen\n"
    "  official revoke NAME    let the official act no more\n"
    "  check-config            read the configuration and the files it names\n"
    "  routes [--json]         list the addresses served; needs no configuration\n"
    "\nExit codes: 0 done, 1 refused, 2 could not run.";

static const struct command *command_named(const char *name)
{
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strcmp(commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  switch (key) {
  case 'c':
    o->config = arg;
    return 0;
  case ARGP_KEY_ARG:
    o->command = command_named(arg);
    if (!o->command)
      argp_error(state, "\"%s\" is no command", arg);
    /* What follows belongs to the command. */
    o->argv = state->argv + state->next;
    o->argc = state->argc - state->next;
    state->next = state->argc;
    return 0;
  case ARGP_KEY_END:
    if (!o->command)
      argp_error(state, "a command is needed");
    else if (o->command->needs_config && !o->config)
      argp_error(state, "the option --config is needed");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

nep_status nep_no_arguments(int argc, char **argv, nep_error *err)
{
  if (argc == 0)
    return NEP_OK;
  nep_fail(err, NEP_E_INPUT, "usage", argv[0], "is one argument too many");
  nep_advise(err, "see nep-server --help");
  return NEP_E_INPUT;
}

static int exit_code_of(nep_status status)
{
  switch (status) {
  case NEP_OK:
    return NEP_EXIT_OK;
  case NEP_E_CHECK:
  case NEP_E_STATE:
  case NEP_E_NOT_FOUND:
    return NEP_EXIT_REFUSED;
  default:
    return NEP_EXIT_CANNOT;
  }
}

int main(int argc, char **argv)
{
  nep_process_start();
  options o = {0};
  const struct argp argp = {option_table, parse, "COMMAND [ARGUMENT...]", doc, NULL, NULL, NULL};
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o);

  nep_config config = {0};
  nep_error err = {0};
  nep_status status = nep_group_self_test(&err);
  if (status == NEP_OK && o.command->needs_config)
    status = nep_config_read(o.config, &config, &err);
  bool could_run = status == NEP_OK;
  if (could_run)
    status = o.command->perform(o.command->needs_config ? &config : NULL, o.argc, o.argv, &err);
  nep_config_free(&config);
  char line[1024];
  if (status != NEP_OK)
    fprintf(stderr, "nep-server: %s [%s]\n", nep_error_line(&err, line, sizeof line), err.code);
  return could_run ? exit_code_of(status) : NEP_EXIT_CANNOT;
}
