#include "server/signer/config.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/log/log.h"

static const char *check_mode(const char *value)
{
  if (strcmp(value, "0600") == 0 || strcmp(value, "0660") == 0)
    return NULL;
  return "must be 0600 or 0660";
}

#define FIELD(name) offsetof(nep_signer_config, name)
static const nep_setting table[] = {
    {"signer", "socket", NEP_SETTING_TEXT, FIELD(socket), NULL, true, 0, 0,
     nep_settings_check_path},
    {"signer", "socket_mode", NEP_SETTING_TEXT, FIELD(socket_mode), "0600", false, 0, 0,
     check_mode},
    {"signer", "socket_group", NEP_SETTING_TEXT, FIELD(socket_group), NULL, false, 0, 0, NULL},
    {"signer", "users", NEP_SETTING_LIST, FIELD(users), NULL, false, 0, 0, NULL},
    {"signer", "key", NEP_SETTING_TEXT, FIELD(key), NULL, true, 0, 0, nep_settings_check_path},
    {"signer", "memory", NEP_SETTING_TEXT, FIELD(memory), NULL, true, 0, 0,
     nep_settings_check_path},
    {"signer", "connections", NEP_SETTING_NUMBER, FIELD(connections), "32", false, 1, 256, NULL},
    {"log", "level", NEP_SETTING_TEXT, FIELD(log_level), "info", false, 0, 0, nep_log_level_check},
};
enum { SETTINGS = sizeof table / sizeof *table };

static nep_status find_users(nep_signer_config *c, const char *file, nep_error *err)
{
  if (c->users.n > NEP_SIGNER_USERS_MAX)
    return nep_fail(err, NEP_E_INPUT, "config", file, "[signer] users names more than %d users",
                    NEP_SIGNER_USERS_MAX);
  for (size_t i = 0; i < c->users.n; i++) {
    const struct passwd *user = getpwnam(c->users.items[i]);
    if (!user)
      return nep_fail(err, NEP_E_INPUT, "config", file,
                      "[signer] users: this machine has no user \"%s\"", c->users.items[i]);
    c->allowed[c->n_allowed++] = user->pw_uid;
  }
  if (c->n_allowed == 0)
    c->allowed[c->n_allowed++] = geteuid();
  return NEP_OK;
}

static nep_status find_group(nep_signer_config *c, const char *file, nep_error *err)
{
  c->group = (gid_t)-1;
  if (!c->socket_group)
    return NEP_OK;
  const struct group *group = getgrnam(c->socket_group);
  if (!group)
    return nep_fail(err, NEP_E_INPUT, "config", file,
                    "[signer] socket_group: this machine has no group \"%s\"", c->socket_group);
  c->group = group->gr_gid;
  return NEP_OK;
}

nep_status nep_signer_config_read(const char *file, nep_signer_config *c, nep_error *err)
{
  *c = (nep_signer_config){0};
  nep_status status = nep_settings_read(file, table, SETTINGS, c, err);
  if (status == NEP_OK)
    status = find_users(c, file, err);
  if (status == NEP_OK)
    status = find_group(c, file, err);
  if (status == NEP_OK)
    c->mode = (mode_t)strtoul(c->socket_mode, NULL, 8);
  return status;
}

void nep_signer_config_free(nep_signer_config *c)
{
  nep_settings_free(table, SETTINGS, c);
}
