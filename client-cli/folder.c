#include "client-cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"

nep_status nep_folder_open(const char *dir, nep_error *err)
{
  struct stat st;
  if (mkdir(dir, 0700) != 0 && errno != EEXIST)
    return nep_fail(err, NEP_E_IO, "file", dir, _("the folder cannot be made: %s"),
                    strerror(errno));
  if (stat(dir, &st) != 0)
    return nep_fail(err, NEP_E_IO, "file", dir, _("cannot be examined: %s"), strerror(errno));
  if (!S_ISDIR(st.st_mode))
    return nep_fail(err, NEP_E_INPUT, "file", dir, _("is not a folder"));
  if ((st.st_mode & 077) != 0) {
    nep_fail(err, NEP_E_DENIED, "file-mode", dir,
             _("holds your secrets but others may enter it (mode %04o)"),
             (unsigned)(st.st_mode & 07777));
    nep_advise(err, _("run: chmod 700 %s"), dir);
    return NEP_E_DENIED;
  }
  return NEP_OK;
}

nep_status nep_folder_lock(const char *dir, nep_error *err)
{
  char *path = nep_folder_path(dir, "lock");
  nep_status status = NEP_OK;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    status = nep_fail(err, NEP_E_IO, "file", path, _("cannot be opened: %s"), strerror(errno));
  else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    status = nep_fail(err, NEP_E_BUSY, "folder-busy", dir,
                      _("another program is working with this folder"));
    nep_advise(err, _("wait until it has ended"));
  }
  free(path); /* the descriptor stays open, and with it the lock, until the program ends */
  return status;
}

char *nep_folder_path(const char *dir, const char *name)
{
  return nep_sprintf("%s/%s", dir, name);
}

bool nep_folder_has(const char *dir, const char *name)
{
  char *path = nep_folder_path(dir, name);
  bool found = access(path, F_OK) == 0;
  free(path);
  return found;
}

/* ---- credentials ---- */

static char *credential_path(const char *dir, const char *uuid, const char *suffix)
{
  return nep_sprintf("%s/credentials-%s.txt%s", dir, uuid, suffix);
}

nep_status nep_folder_credential_save(const char *dir, const char *uuid, const char *suffix,
                                      const char *credential, nep_error *err)
{
  char *path = credential_path(dir, uuid, suffix);
  char line[NEP_CREDENTIAL_LENGTH + 2];
  snprintf(line, sizeof line, "%s\n", credential);
  nep_status status = nep_file_write(path, line, NEP_CREDENTIAL_LENGTH + 1, NEP_FILE_SECRET, err);
  nep_wipe(line, sizeof line);
  free(path);
  return status;
}

nep_status nep_folder_credential_load(const char *dir, const char *uuid, const char *suffix,
                                      char credential[NEP_CREDENTIAL_LENGTH + 1], nep_error *err)
{
  char *path = credential_path(dir, uuid, suffix);
  nep_buf text = {0};
  nep_status status = nep_file_read_secret(path, 64, &text, err);
  if (status == NEP_OK && text.len > 0 && text.data[text.len - 1] == '\n')
    text.data[--text.len] = '\0';
  if (status == NEP_OK && !nep_credential_is_valid(text.data, text.len))
    status = nep_fail(err, NEP_E_INPUT, "credential-form", path,
                      _("does not hold a credential of the form XXXXX-XXXXXX-XXXXX-XXXXXX"));
  if (status == NEP_OK)
    memcpy(credential, text.data, NEP_CREDENTIAL_LENGTH + 1);
  nep_buf_wipe(&text);
  free(path);
  return status;
}

static nep_status rename_to(const char *from, const char *to, nep_error *err)
{
  return rename(from, to) == 0 ? NEP_OK
                               : nep_fail(err, NEP_E_IO, "file", from,
                                          _("cannot be renamed to %s: %s"), to, strerror(errno));
}

nep_status nep_folder_credential_confirm(const char *dir, const char *uuid, const char *nonce,
                                         nep_error *err)
{
  char *new = credential_path(dir, uuid, NEP_FOLDER_NEW), *current = credential_path(dir, uuid, "");
  char *old = nep_sprintf("%s/credentials-%s.%.8s.txt", dir, uuid, nonce == NULL ? "old" : nonce);
  nep_status status = NEP_OK;
  if (access(new, F_OK) == 0) { /* else an earlier run did it */
    if (access(current, F_OK) == 0)
      status = rename_to(current, old, err);
    if (status == NEP_OK)
      status = rename_to(new, current, err);
  }
  free(old);
  free(current);
  free(new);
  return status;
}

nep_status nep_folder_credential_refused(const char *dir, const char *uuid, const char *nonce,
                                         nep_error *err)
{
  char *new = credential_path(dir, uuid, NEP_FOLDER_NEW);
  char *name = nep_sprintf(NEP_FOLDER_REFUSED ".%.8s", nonce);
  char *refused = credential_path(dir, uuid, name);
  nep_status status = access(new, F_OK) == 0 ? rename_to(new, refused, err) : NEP_OK;
  free(refused);
  free(name);
  free(new);
  return status;
}

/* ---- ballots and receipts ---- */

static const char *const kinds[] = {"ballot",  "receipt",   "refused",
                                    "refusal", "challenge", "statement"};

char *nep_folder_cast_path(const char *dir, const char *uuid, nep_cast_file kind, unsigned n)
{
  return nep_sprintf("%s/%s-%s-%04u.json", dir, kinds[kind], uuid, n);
}

bool nep_folder_has_cast(const char *dir, const char *uuid, nep_cast_file kind, unsigned n)
{
  char *path = nep_folder_cast_path(dir, uuid, kind, n);
  bool found = access(path, F_OK) == 0;
  free(path);
  return found;
}

unsigned nep_folder_casts(const char *dir, const char *uuid, nep_cast_file kind)
{
  unsigned last = 0;
  for (unsigned n = 1; n <= NEP_CASTS_MAX; n++) {
    if (nep_folder_has_cast(dir, uuid, kind, n))
      last = n;
    else if (n > last + 100) /* numbers are given in order; refused ones leave small gaps */
      break;
  }
  return last;
}

nep_status nep_folder_cast_save(const char *dir, const char *uuid, nep_cast_file kind, unsigned n,
                                nep_bytes text, nep_error *err)
{
  char *path = nep_folder_cast_path(dir, uuid, kind, n);
  nep_status status = nep_file_create(path, text.data, text.len, NEP_FILE_SECRET, err);
  free(path);
  return status;
}

nep_status nep_folder_cast_load(const char *dir, const char *uuid, nep_cast_file kind, unsigned n,
                                nep_buf *text, nep_error *err)
{
  char *path = nep_folder_cast_path(dir, uuid, kind, n);
  nep_status status = nep_file_read(path, 16 << 20, text, err);
  free(path);
  return status;
}

nep_status nep_folder_cast_refused(const char *dir, const char *uuid, unsigned n, nep_error *err)
{
  char *from = nep_folder_cast_path(dir, uuid, NEP_CAST_BALLOT, n);
  char *to = nep_folder_cast_path(dir, uuid, NEP_CAST_REFUSED, n);
  nep_status status = rename_to(from, to, err);
  free(to);
  free(from);
  return status;
}
