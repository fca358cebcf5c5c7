/* nep-admin registry: the sealed registry, to be carried to the auditors. */
#include <stdio.h>

#include "base/file.h"
#include "base/lang.h"
#include "client-cli/admin.h"

nep_status nep_admin_registry(nep_admin *a, nep_error *err)
{
  nep_buf answer = {0};
  const char *uuid;
  nep_status status = nep_admin_uuid(a, &uuid, err);
  if (status == NEP_OK && a->out == NULL)
    status = nep_fail(err, NEP_E_INPUT, "usage", "--out", _("is needed"));
  if (status == NEP_OK)
    status = nep_admin_act(a, NEP_ACT_REGISTRY, uuid, nep_str_bytes("{}"), &answer, err);
  if (status == NEP_OK) /* it names persons: for its owner only */
    status = nep_file_create(a->out, answer.data, answer.len, NEP_FILE_SECRET, err);
  if (status == NEP_OK)
    printf(_("%s is written: carry it to the auditors, who run nep-tally registry.\n"), a->out);
  nep_buf_free(&answer);
  return status;
}
