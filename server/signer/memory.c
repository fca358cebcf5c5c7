#include "server/signer/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/election.h"
#include "server/signer/memory_file.h"

/* How far the events of an election's chain are known to be one. */
typedef struct progress {
  nep_signed_chain chain;
  char uuid[65];
  uint64_t chained;
  struct progress *next;
} progress;

struct nep_memory {
  char *folder;
  int lock; /* the folder itself */
  progress *first;
};

/* ---- the folder ---- */

static nep_status failed(const char *folder, const char *doing, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "signer-memory", folder, "cannot %s: %s", doing, strerror(errno));
}

nep_status nep_memory_make(const char *folder, nep_error *err)
{
  if (mkdir(folder, 0700) == 0 || errno == EEXIST)
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

nep_status nep_memory_open(const char *folder, nep_memory **out, nep_error *err)
{
  *out = NULL;
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) {
    failed(folder, "open the folder of [signer] memory", err);
    nep_advise(err, "it must not be lost: it is what keeps an older database from being served; "
                    "keygen makes it together with a new key");
    return NEP_E_IO;
  }
  nep_status status = check_folder(folder, fd, err);
  if (status != NEP_OK) {
    close(fd);
    return status;
  }
  nep_memory *m = nep_alloc(1, sizeof *m);
  m->folder = nep_strdup(folder);
  m->lock = fd;
  *out = m;
  return NEP_OK;
}

void nep_memory_free(nep_memory *m)
{
  if (!m)
    return;
  for (progress *p = m->first, *next; p; p = next) {
    next = p->next;
    free(p);
  }
  close(m->lock);
  free(m->folder);
  free(m);
}

/* ---- filling places ---- */

static nep_status conflict(const nep_remembered *e, const unsigned char held[NEP_PLACE],
                           nep_error *err)
{
  char hex[2 * NEP_PLACE + 1];
  nep_hex(held, NEP_PLACE, hex);
  nep_fail(err, NEP_E_STATE, "signer-conflict", e->uuid,
           "at height %" PRIu64 " the event %s was signed, now %s is asked for", e->height, hex,
           e->event);
  return nep_advise(err, "the board was changed or an older copy restored: stop serving it");
}

static nep_status fill_place(nep_memory_file *f, const nep_remembered *e, nep_error *err)
{
  unsigned char hash[NEP_PLACE], held[NEP_PLACE];
  if (!nep_unhex(e->event, strlen(e->event), hash, sizeof hash) || nep_place_is_empty(hash) ||
      e->height >= NEP_MEMORY_EVENTS_MAX)
    return nep_fail(err, NEP_E_INPUT, "shape", "event", "is no event that can be remembered");
  nep_status status = nep_memory_file_read(f, e->height, held, err);
  if (status != NEP_OK || memcmp(held, hash, NEP_PLACE) == 0)
    return status;
  if (!nep_place_is_empty(held))
    return conflict(e, held, err);
  return nep_memory_file_write(f, e->height, hash, err);
}

/* The events from the first on that are of one chain; *done counts them. Synced in any case: a
   place that held the event already may have been written by a process that was killed before its
   sync. */
static nep_status fill_chain(nep_memory *m, const nep_remembered *events, size_t n, size_t *done,
                             nep_error *err)
{
  nep_memory_file f;
  nep_status status =
      nep_memory_file_open(m->folder, events[0].chain, events[0].uuid, true, &f, err);
  if (status != NEP_OK)
    return status;
  for (*done = 0; status == NEP_OK && *done < n; ++*done) {
    if (events[*done].chain != events[0].chain || strcmp(events[*done].uuid, events[0].uuid) != 0)
      break;
    status = fill_place(&f, &events[*done], err);
  }
  nep_status synced = nep_memory_file_sync(&f, status == NEP_OK ? err : NULL);
  if (status == NEP_OK)
    status = synced;
  nep_memory_file_close(&f);
  return status;
}

nep_status nep_memory_fill(nep_memory *m, const nep_remembered *events, size_t n, nep_error *err)
{
  nep_status status = NEP_OK;
  for (size_t at = 0, done = 0; status == NEP_OK && at < n; at += done)
    status = fill_chain(m, events + at, n - at, &done, err);
  return status;
}

/* ---- looking ---- */

static progress *find_progress(const nep_memory *m, nep_signed_chain chain, const char *uuid)
{
  progress *p = m->first;
  while (p && (p->chain != chain || strcmp(p->uuid, uuid) != 0))
    p = p->next;
  return p;
}

uint64_t nep_memory_chained(const nep_memory *m, nep_signed_chain chain, const char *uuid)
{
  const progress *p = find_progress(m, chain, uuid);
  return p ? p->chained : 0;
}

void nep_memory_set_chained(nep_memory *m, nep_signed_chain chain, const char *uuid,
                            uint64_t heights)
{
  progress *p = find_progress(m, chain, uuid);
  if (!p) {
    p = nep_alloc(1, sizeof *p);
    p->chain = chain;
    snprintf(p->uuid, sizeof p->uuid, "%s", uuid);
    p->next = m->first;
    m->first = p;
  }
  if (p->chained < heights)
    p->chained = heights;
}

nep_status nep_memory_event(nep_memory *m, nep_signed_chain chain, const char *uuid,
                            uint64_t height, char event[65], nep_error *err)
{
  nep_memory_file f;
  unsigned char held[NEP_PLACE];
  nep_status status = nep_memory_file_open(m->folder, chain, uuid, false, &f, err);
  if (status != NEP_OK)
    return status;
  event[0] = '\0';
  status = nep_memory_file_read(&f, height, held, err);
  if (status == NEP_OK && !nep_place_is_empty(held))
    nep_hex(held, NEP_PLACE, event);
  nep_memory_file_close(&f);
  return status;
}

/* A crash may have left empty places at the end. */
static nep_status find_highest(nep_memory *m, nep_remembered *e, bool *found, nep_error *err)
{
  nep_memory_file f;
  nep_status status = nep_memory_file_open(m->folder, e->chain, e->uuid, false, &f, err);
  if (status != NEP_OK)
    return status;
  uint64_t places = f.places;
  nep_memory_file_close(&f);
  for (*found = false; status == NEP_OK && !*found && places > 0; places--) {
    e->height = places - 1;
    status = nep_memory_event(m, e->chain, e->uuid, e->height, e->event, err);
    *found = e->event[0] != '\0';
  }
  return status;
}

static bool is_election(nep_signed_chain chain, const char *name, char uuid[65])
{
  const char *end = nep_memory_suffix(chain);
  size_t len = strlen(name), suffix = strlen(end);
  if (len <= suffix || len - suffix > 64 || strcmp(name + len - suffix, end) != 0)
    return false;
  memcpy(uuid, name, len - suffix);
  uuid[len - suffix] = '\0';
  return nep_uuid_is_valid(uuid, len - suffix);
}

/* By what stands before the first point: the uuid. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
  size_t x = strcspn((*a)->d_name, "."), y = strcspn((*b)->d_name, ".");
  int order = memcmp((*a)->d_name, (*b)->d_name, x < y ? x : y);
  return order != 0 ? order : (x > y) - (x < y);
}

nep_status nep_memory_list(nep_memory *m, nep_signed_chain chain, const char *after,
                           nep_remembered *out, size_t max, size_t *n, nep_error *err)
{
  struct dirent **names = NULL;
  int count = scandir(m->folder, &names, NULL, by_name);
  if (count < 0)
    return failed(m->folder, "list", err);
  nep_status status = NEP_OK;
  *n = 0;
  for (int i = 0; i < count; i++) {
    bool found = false;
    if (status == NEP_OK && *n < max && is_election(chain, names[i]->d_name, out[*n].uuid) &&
        strcmp(out[*n].uuid, after) > 0) {
      out[*n].chain = chain;
      status = find_highest(m, &out[*n], &found, err);
    }
    *n += found;
    free(names[i]);
  }
  free(names);
  return status;
}
