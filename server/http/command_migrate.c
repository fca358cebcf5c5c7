#include "server/http/commands.h"

nep_status nep_command_migrate(const nep_config *c, int argc, char **argv, nep_error *err)
{
  nep_status status = nep_no_arguments(argc, argv, err);
  if (status == NEP_OK)
    status = nep_config_need_owner(c, err);
  if (status == NEP_OK)
    status = nep_migrate(c->database_owner, c->database_sql_folder, err);
  return status;
}
