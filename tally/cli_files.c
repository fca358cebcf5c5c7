/* Files of the command lines: public texts, seeds, outcomes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "tally/cli.h"

static void trim(nep_buf *b)
{
  while (b->len > 0 && strchr(" \t\r\n", b->data[b->len - 1]))
    b->len--;
  if (b->data)
    b->data[b->len] = '\0';
}

nep_status nep_cli_text(const char *path, size_t max, nep_buf *out, nep_error *err)
{
  nep_status s = nep_file_read(path, max, out, err);
  trim(out);
  return s;
}

nep_status nep_cli_secret(const char *path, size_t max, nep_buf *out, nep_error *err)
{
  nep_status s = nep_file_read_secret(path, max, out, err);
  trim(out);
  return s;
}

nep_status nep_cli_lines(const char *const *paths, size_t n, size_t max, nep_buf *out,
                         nep_error *err)
{
  nep_status s = NEP_OK;
  for (size_t i = 0; s == NEP_OK && i < n; i++) {
    if (out->len > 0)
      nep_buf_char(out, '\n');
    s = nep_cli_text(paths[i], max, out, err);
  }
  return s;
}

nep_status nep_cli_seed(const char *path, nep_buf *out, nep_error *err)
{
  nep_status s = nep_cli_secret(path, 4096, out, err);
  if (s == NEP_OK && !nep_seed_is_valid(out->data ? out->data : "", out->len))
    s = nep_fail(err, NEP_E_INPUT, "seed", path, "not a trustee's secret (%d Base58 characters)",
                 NEP_SEED_LENGTH);
  return s;
}

nep_status nep_cli_credential(const char *path, nep_buf *out, nep_error *err)
{
  nep_status s = nep_cli_secret(path, 4096, out, err);
  if (s == NEP_OK && !nep_credential_is_valid(out->data ? out->data : "", out->len))
    s = nep_fail(err, NEP_E_INPUT, "credential", path,
                 "not a credential (XXXXX-XXXXXX-XXXXX-XXXXXX)");
  return s;
}

nep_status nep_cli_save(const char *path, nep_bytes text, bool secret, nep_error *err)
{
  nep_buf line = {0};
  nep_buf_secret_add(&line, text.data, text.len);
  nep_buf_secret_add(&line, "\n", 1);
  nep_status s =
      nep_file_create(path, line.data, line.len, secret ? NEP_FILE_SECRET : NEP_FILE_PUBLIC, err);
  nep_buf_wipe(&line);
  return s;
}

nep_status nep_cli_save_both(const char *secret_path, nep_bytes secret, const char *public_path,
                             nep_bytes public, nep_error *err)
{
  nep_status s = nep_cli_save(secret_path, secret, true, err);
  if (s != NEP_OK)
    return s;
  s = nep_cli_save(public_path, public, false, err);
  if (s != NEP_OK) /* made just now, and worth nothing without the other */
    unlink(secret_path);
  return s;
}

nep_status nep_cli_path(const char *folder, const char *name, const char *suffix, char **out,
                        nep_error *err)
{
  *out = NULL;
  if (mkdir(folder, 0700) != 0 && errno != EEXIST)
    return nep_fail(err, NEP_E_IO, "file", folder, "cannot make the folder: %s", strerror(errno));
  *out = nep_sprintf("%s/%s%s", folder, name, suffix);
  return NEP_OK;
}
