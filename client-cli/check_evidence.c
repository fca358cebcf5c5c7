/* Archive, cast statements and signed head that a check refused are kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/check.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"

enum { ARCHIVE, CASTS, HEAD, KINDS };

static const char *const endings[KINDS] = {"bel", "casts", "head.json"};

static char *name_of(const nep_check_run *c, unsigned n, int kind)
{
  return nep_sprintf("evidence-%s-%04u.%s", c->uuid, n, endings[kind]);
}

/* The first number that no evidence has: none is ever overwritten (the folder is locked). */
static unsigned free_number(const nep_check_run *c)
{
  for (unsigned n = 1;; n++) {
    bool taken = false;
    for (int kind = 0; kind < KINDS; kind++) {
      char *name = name_of(c, n, kind);
      taken = taken || nep_folder_has(c->v->dir, name);
      free(name);
    }
    if (!taken)
      return n;
  }
}

static nep_status keep_file(const char *from, const char *to, nep_error *err)
{
  return rename(from, to) == 0 ? NEP_OK
                               : nep_fail(err, NEP_E_IO, "file", from,
                                          _("cannot be renamed to %s: %s"), to, strerror(errno));
}

static nep_status keep(const nep_check_run *c, unsigned n, int kind, const char *from,
                       nep_error *err)
{
  char *name = name_of(c, n, kind), *path = nep_folder_path(c->v->dir, name);
  nep_status status = kind == HEAD ? nep_file_create(path, c->head_text.data, c->head_text.len,
                                                     NEP_FILE_SECRET, err)
                                   : keep_file(from, path, err);
  if (status == NEP_OK)
    fprintf(stderr, _("Kept as evidence: %s\n"), path);
  free(path);
  free(name);
  return status;
}

void nep_check_keep_evidence(const nep_check_run *c)
{
  unsigned n = free_number(c);
  nep_error err = {0};
  nep_status status = NEP_OK;
  if (c->downloaded && access(c->archive, F_OK) == 0)
    status = keep(c, n, ARCHIVE, c->archive, &err);
  if (status == NEP_OK && c->casts_file != NULL && access(c->casts_file, F_OK) == 0)
    status = keep(c, n, CASTS, c->casts_file, &err);
  if (status == NEP_OK && c->head_text.len > 0) /* last: it syncs the folder */
    status = keep(c, n, HEAD, NULL, &err);
  if (status != NEP_OK)
    nep_say_error("nep-voter", &err);
}
