#include <stdio.h>
#include <string.h>

#include "server/http/commands.h"

/* Whoever may run this at the machine may name officials; that it happened goes to the log. */
static void log_change(const char *event, const char *name)
{
  nep_log_line l = nep_log_begin(NEP_LOG_WARNING, event);
  nep_log_text(&l, "official", name);
  nep_log_end(&l);
}

static nep_status add(const nep_config *c, const char *name, const char *public_hex, nep_error *err)
{
  nep_status status = nep_official_add(c->database_owner, name, public_hex, err);
  if (status != NEP_OK)
    return status;
  log_change("official-added", name);
  printf("official \"%s\" may act from now on\n", name);
  return NEP_OK;
}

static nep_status revoke(const nep_config *c, const char *name, nep_error *err)
{
  nep_status status = nep_official_revoke(c->database_owner, name, err);
  if (status != NEP_OK)
    return status;
  log_change("official-revoked", name);
  printf("official \"%s\" may not act any more\n", name);
  return NEP_OK;
}

nep_status nep_command_official(const nep_config *c, int argc, char **argv, nep_error *err)
{
  nep_status status = nep_config_need_owner(c, err);
  if (status != NEP_OK)
    return status;
  if (argc == 3 && strcmp(argv[0], "add") == 0)
    return add(c, argv[1], argv[2], err);
  if (argc == 2 && strcmp(argv[0], "revoke") == 0)
    return revoke(c, argv[1], err);
  nep_fail(err, NEP_E_INPUT, "usage", "official", "takes \"add NAME HEX\" or \"revoke NAME\"");
  nep_advise(err, "see nep-server --help");
  return NEP_E_INPUT;
}
