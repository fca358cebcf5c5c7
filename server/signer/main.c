/* nep-signer: holds the receipt key and signs what nep-server may promise, nothing else. */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/exitcode.h"
#include "base/process.h"
#include "server/log/log.h"
#include "server/signer/serve.h"

typedef struct options {
  const char *config;
  const char *command;
} options;

static const struct argp_option option_table[] = {
    {"config", 'c', "FILE", 0, "Configuration (nep-signer.conf.example documents it); needed", 0},
    {0}};

static const char doc[] =
    "Holds the receipt key of an election server and signs cast receipts, registration receipts, "
    "refusals and heads for nep-server over a unix socket. It has no network, and it remembers "
    "which event it signed at each height: it never signs another one."
    "\vCommands:\n"
    "  run          serve until SIGTERM\n"
    "  keygen       make the key file that the configuration names, and the folder of its memory;\n"
    "               never overwrites a key\n"
    "  public-key   print the public key: 64 hex digits\n"
    "  check-config read the configuration and say whether it is good\n"
    "\nExit codes: 0 done, 1 refused, 2 could not run.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  switch (key) {
  case 'c':
    o->config = arg;
    return 0;
  case ARGP_KEY_ARG:
    if (o->command)
      argp_error(state, "one command at a time: \"%s\" is one too many", arg);
    o->command = arg;
    return 0;
  case ARGP_KEY_END:
    if (!o->command)
      argp_error(state, "a command is needed: run, keygen, public-key or check-config");
    if (!o->config)
      argp_error(state, "the option --config is needed");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static nep_status keygen(const nep_signer_config *c, nep_error *err)
{
  nep_signing_key *key = nep_signing_key_new();
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key_public(key, hex);
  bool made = false;
  nep_status status = nep_memory_make(c->memory, &made, err);
  if (status == NEP_OK)
    status = nep_signing_key_save(key, c->key, err);
  if (status != NEP_OK && made)
    (void)rmdir(c->memory); /* an old key must not find an empty memory */
  nep_signing_key_free(key);
  if (status == NEP_OK)
    puts(hex);
  return status;
}

static nep_status public_key(const nep_signer_config *c, nep_error *err)
{
  nep_signing_key *key = NULL;
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_status status = nep_signing_key_load(c->key, &key, err);
  if (status == NEP_OK) {
    nep_signing_key_public(key, hex);
    puts(hex);
  }
  nep_signing_key_free(key);
  return status;
}

static int stop_descriptor(void)
{
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, NULL);
  return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void say(const char *event, const nep_signer_config *c)
{
  nep_log_line l = nep_log_begin(NEP_LOG_INFO, event);
  nep_log_text(&l, "socket", c->socket);
  nep_log_end(&l);
}

static nep_status run(const nep_signer_config *c, nep_error *err)
{
  nep_signing_key *key = NULL;
  nep_memory *memory = NULL;
  int listener = -1;
  int stop = stop_descriptor();
  nep_status status = nep_signing_key_load(c->key, &key, err);
  if (status == NEP_OK)
    status = nep_memory_open(c->memory, &memory, err);
  if (status == NEP_OK)
    status = nep_signer_listen(c, &listener, err);
  if (status == NEP_OK) {
    say("started", c);
    status = nep_signer_serve(c, key, memory, listener, stop, err);
    close(listener);
    unlink(c->socket);
    say("stopped", c);
  }
  close(stop);
  nep_memory_free(memory);
  nep_signing_key_free(key);
  return status;
}

static nep_status perform(const options *o, const nep_signer_config *c, nep_error *err)
{
  if (strcmp(o->command, "run") == 0)
    return run(c, err);
  if (strcmp(o->command, "keygen") == 0)
    return keygen(c, err);
  if (strcmp(o->command, "public-key") == 0)
    return public_key(c, err);
  if (strcmp(o->command, "check-config") == 0) {
    puts("the configuration is good");
    return NEP_OK;
  }
  nep_fail(err, NEP_E_INPUT, "usage", o->command, "is no command of nep-signer");
  nep_advise(err, "see nep-signer --help");
  return NEP_E_INPUT;
}

int main(int argc, char **argv)
{
  nep_process_start();
  options o = {0};
  const struct argp argp = {option_table, parse, "COMMAND", doc, NULL, NULL, NULL};
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o);

  nep_signer_config config = {0};
  nep_error err = {0};
  nep_status status = nep_signer_config_read(o.config, &config, &err);
  if (status == NEP_OK) {
    nep_log_level level = NEP_LOG_INFO;
    if (nep_log_level_parse(config.log_level, &level))
      nep_log_set_level(level);
    status = perform(&o, &config, &err);
  }
  nep_signer_config_free(&config);
  if (status == NEP_OK)
    return NEP_EXIT_OK;
  char line[1024];
  fprintf(stderr, "nep-signer: %s [%s]\n", nep_error_line(&err, line, sizeof line), err.code);
  return status == NEP_E_STATE ? NEP_EXIT_REFUSED : NEP_EXIT_CANNOT;
}
