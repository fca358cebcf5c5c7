/* What a mirror keeps when a server was caught lying. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/mirror.h"
#include "protocol/json.h"

static void add_member(nep_buf *text, const char *name, const char *value)
{
  nep_buf_printf(text, "%s\"%s\":", text->len ? "," : "{", name);
  nep_json_write_string(text, value, strlen(value));
}

static void write_evidence(const nep_mirror *m, const char *code, const char *why,
                           const char *const *texts, size_t n, const char *file, bool is_casts,
                           nep_buf *out)
{
  char now[21];
  nep_clock_text(nep_clock_now(), now);
  add_member(out, "alarm", code);
  add_member(out, "uuid", m->uuid);
  add_member(out, "server", m->server);
  add_member(out, "time", now);
  add_member(out, "explanation", why);
  if (file)
    add_member(out, is_casts ? "casts" : "archive", file);
  nep_buf_str(out, ",\"documents\":[");
  for (size_t i = 0; i < n; i++)
    nep_buf_printf(out, "%s%s", i ? "," : "", texts[i]);
  nep_buf_str(out, "]}\n");
}

/* The server's file and the one that names it get one free number. */
static nep_status store(nep_mirror *m, const char *code, const char *why, const char *const *texts,
                        size_t n, const char *file, const char *suffix, char **path, nep_error *err)
{
  nep_status status = NEP_E_STATE;
  for (unsigned i = 1; status == NEP_E_STATE && i < 10000; i++) {
    nep_buf text = {0};
    char *name = nep_sprintf("evidence-%u.%s", i, suffix), *kept = nep_folder_path(m->dir, name);
    free(*path);
    *path = nep_sprintf("%s/evidence-%u-%s.json", m->dir, i, code);
    write_evidence(m, code, why, texts, n, file ? name : NULL, strcmp(suffix, "casts") == 0, &text);
    if (access(kept, F_OK) != 0)
      status = nep_file_create(*path, text.data, text.len, NEP_FILE_PUBLIC, err);
    if (status == NEP_OK && file && rename(file, kept) != 0)
      status = nep_fail(err, NEP_E_IO, "file", kept, _("cannot be written"));
    free(kept);
    free(name);
    nep_buf_free(&text);
  }
  return status;
}

nep_status nep_mirror_alarm(nep_mirror *m, const char *code, const char *why,
                            const char *const *texts, size_t n, const char *file,
                            const char *suffix, nep_error *err)
{
  char *path = NULL;
  nep_error io = {0};
  nep_status status = store(m, code, why, texts, n, file, suffix, &path, &io);
  nep_fail(err, NEP_E_CHECK, code, m->uuid, "%s", why);
  if (status == NEP_OK)
    nep_advise(err, _("the evidence is in %s: show it to other observers and to the commission"),
               path);
  else
    nep_advise(err, _("the evidence could not be written: %s"), io.reason);
  free(path);
  return NEP_E_CHECK;
}
