/* Opening the memory: what the journal holds goes into the files, and everything is synced once. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/signer/memory_inside.h"

static nep_status failed(const char *folder, const char *doing, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "signer-memory", folder, "cannot %s: %s", doing, strerror(errno));
}

/* ---- the folder ---- */

nep_status nep_memory_make(const char *folder, bool *made, nep_error *err)
{
  *made = mkdir(folder, 0700) == 0;
  if (*made || errno == EEXIST)
    return NEP_OK;
  return failed(folder, "make the folder of [signer] memory", err);
}

static nep_status check_folder(const char *folder, int fd, nep_error *err)
{
  struct stat st;
  if (fstat(fd, &st) != 0)
    return failed(folder, "examine", err);
  if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
    return nep_fail(err, NEP_E_INPUT, "signer-memory", folder,
                    "must belong to this user and be closed to all others (mode 0700)");
  if (flock(fd, LOCK_EX | LOCK_NB) != 0)
    return nep_fail(err, NEP_E_STATE, "signer-memory", folder, "another nep-signer is using it");
  return NEP_OK;
}

static nep_status open_folder(const char *folder, int *fd, nep_error *err)
{
  *fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (*fd < 0) {
    failed(folder, "open the folder of [signer] memory", err);
    nep_advise(err, "it must not be lost: it is what keeps an older database from being served; "
                    "keygen makes it together with a new key");
    return NEP_E_IO;
  }
  nep_status status = check_folder(folder, *fd, err);
  if (status != NEP_OK)
    close(*fd);
  return status;
}

/* ---- the journal's places ---- */

static nep_status contradicts(const nep_memory_file *f, const nep_remembered *e, nep_error *err)
{
  nep_fail(err, NEP_E_CHECK, "signer-memory", f->path,
           "is damaged: at height %" PRIu64 " it has another event than the journal, %s", e->height,
           e->event);
  return nep_advise(err, "do not delete it: restore the folder from the newest copy");
}

/* Written even where the place holds it: after a failed sync the file may look right here and not
   be on the disk. */
static nep_status restore_place(void *ctx, const nep_remembered *e,
                                const unsigned char hash[NEP_PLACE], nep_error *err)
{
  const nep_memory *m = ctx;
  nep_memory_file f;
  unsigned char held[NEP_PLACE];
  nep_status status = nep_memory_file_open(m->folder, e->chain, e->uuid, true, &f, err);
  if (status != NEP_OK)
    return status;
  status = nep_memory_file_read(&f, e->height, held, err);
  if (status == NEP_OK && !nep_place_is_empty(held) && memcmp(held, hash, NEP_PLACE) != 0)
    status = contradicts(&f, e, err);
  if (status == NEP_OK)
    status = nep_memory_file_write(&f, e->height, hash, err);
  nep_memory_file_close(&f);
  return status;
}

/* All of them: a process that was killed before its sync leaves places that the journal does not
   have and the disk may not have. */
static nep_status sync_files(const nep_memory *m, nep_error *err)
{
  struct dirent **names = NULL;
  char uuid[65];
  int count = scandir(m->folder, &names, NULL, NULL);
  if (count < 0)
    return failed(m->folder, "list", err);
  nep_status status = NEP_OK;
  for (int i = 0; i < count; i++) {
    for (size_t c = 0; c < NEP_SIGNED_CHAINS && status == NEP_OK; c++)
      if (nep_memory_file_is((nep_signed_chain)c, names[i]->d_name, uuid))
        status = nep_memory_file_sync(m->folder, (nep_signed_chain)c, uuid, err);
    free(names[i]);
  }
  free(names);
  return status;
}

nep_status nep_memory_open(const char *folder, nep_memory **out, nep_error *err)
{
  int fd;
  *out = NULL;
  nep_status status = open_folder(folder, &fd, err);
  if (status != NEP_OK)
    return status;
  nep_memory *m = nep_alloc(1, sizeof *m);
  m->folder = nep_strdup(folder);
  m->lock = fd;
  status = nep_memory_journal_open(folder, &m->journal, err);
  if (status == NEP_OK)
    status = nep_memory_journal_replay(&m->journal, restore_place, m, err);
  if (status == NEP_OK)
    status = sync_files(m, err);
  if (status == NEP_OK)
    status = nep_memory_journal_empty(&m->journal, m->lock, err);
  if (status == NEP_OK)
    *out = m;
  else
    nep_memory_free(m);
  return status;
}

void nep_memory_free(nep_memory *m)
{
  if (!m)
    return;
  for (nep_progress *p = m->first, *next; p; p = next) {
    next = p->next;
    free(p);
  }
  nep_memory_journal_close(&m->journal);
  close(m->lock);
  free(m->folder);
  free(m);
}
