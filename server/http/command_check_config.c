#include <stdio.h>

#include "server/http/commands.h"

nep_status nep_command_check_config(const nep_config *c, int argc, char **argv, nep_error *err)
{
  nep_status status = nep_no_arguments(argc, argv, err);
  if (status == NEP_OK)
    status = nep_config_check_files(c, err);
  if (status == NEP_OK)
    puts("the configuration is good");
  return status;
}
