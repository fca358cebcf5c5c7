#include "client-cli/setup_pin.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"

static nep_status compare(const char *path, const char *setup_hash, nep_error *err)
{
  nep_buf text = {0};
  nep_status status = nep_file_read(path, 64, &text, err);
  if (status == NEP_OK && (text.len != 64 || memcmp(text.data, setup_hash, 64) != 0)) {
    (void)nep_fail(err, NEP_E_CHECK, "setup-changed", path,
                   _("the election's definition, trustees or credentials are not the ones that "
                     "you voted under before (setup %s)"),
                   setup_hash);
    status = nep_advise(err, "%s",
                        _("keep the folder and tell the commission and observers: the officials "
                          "signed another setup when you voted"));
  }
  nep_buf_free(&text);
  return status;
}

static nep_status hold(const char *dir, const char *uuid, const char *setup_hash, bool keep,
                       nep_error *err)
{
  char *name = nep_sprintf("setup-%s.txt", uuid);
  char *path = nep_folder_path(dir, name);
  nep_status status = NEP_OK;
  if (nep_folder_has(dir, name))
    status = compare(path, setup_hash, err);
  else if (keep)
    status = nep_file_create(path, setup_hash, 64, NEP_FILE_SECRET, err);
  free(path);
  free(name);
  return status;
}

nep_status nep_setup_held(const char *dir, const char *uuid, const char *setup_hash, nep_error *err)
{
  return hold(dir, uuid, setup_hash, false, err);
}

nep_status nep_setup_pin(const char *dir, const char *uuid, const char *setup_hash, nep_error *err)
{
  return hold(dir, uuid, setup_hash, true, err);
}
