#include "server/signer/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "protocol/election.h"

static nep_status failed(const nep_memory_file *f, const char *doing, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "signer-memory", f->path, "cannot %s: %s", doing, strerror(errno));
}

static nep_status measure(nep_memory_file *f, nep_error *err)
{
  struct stat st;
  if (fstat(f->fd, &st) != 0)
    return failed(f, "examine", err);
  if (!S_ISREG(st.st_mode) || st.st_size % NEP_PLACE != 0 ||
      st.st_size / NEP_PLACE > NEP_MEMORY_EVENTS_MAX) {
    nep_fail(err, NEP_E_CHECK, "signer-memory", f->path, "is damaged: no list of %d-byte hashes",
             NEP_PLACE);
    return nep_advise(err, "do not delete it: restore it from the newest copy");
  }
  f->places = (uint64_t)st.st_size / NEP_PLACE;
  return NEP_OK;
}

static const char *suffix_of(nep_signed_chain chain)
{
  return chain == NEP_SIGNED_CASTS ? ".casts" : ".events";
}

bool nep_memory_file_is(nep_signed_chain chain, const char *name, char uuid[65])
{
  const char *end = suffix_of(chain);
  size_t len = strlen(name), suffix = strlen(end);
  if (len <= suffix || len - suffix > 64 || strcmp(name + len - suffix, end) != 0)
    return false;
  memcpy(uuid, name, len - suffix);
  uuid[len - suffix] = '\0';
  return nep_uuid_is_valid(uuid, len - suffix);
}

static char *file_path(const char *folder, nep_signed_chain chain, const char *uuid)
{
  return nep_sprintf("%s/%s%s", folder, uuid, suffix_of(chain));
}

nep_status nep_memory_file_open(const char *folder, nep_signed_chain chain, const char *uuid,
                                bool make, nep_memory_file *out, nep_error *err)
{
  *out = (nep_memory_file){.fd = -1};
  out->path = file_path(folder, chain, uuid);
  out->fd = open(out->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (out->fd < 0 && errno == ENOENT && !make)
    return NEP_OK;
  nep_status status = NEP_OK;
  if (out->fd < 0 && errno == ENOENT)
    out->fd = open(out->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600);
  if (out->fd < 0)
    status = failed(out, "open", err);
  if (status == NEP_OK)
    status = measure(out, err);
  if (status != NEP_OK)
    nep_memory_file_close(out);
  return status;
}

void nep_memory_file_close(nep_memory_file *f)
{
  if (f->fd >= 0)
    close(f->fd);
  free(f->path);
  *f = (nep_memory_file){.fd = -1};
}

nep_status nep_memory_file_read(const nep_memory_file *f, uint64_t height,
                                unsigned char hash[NEP_PLACE], nep_error *err)
{
  memset(hash, 0, NEP_PLACE);
  if (height >= f->places)
    return NEP_OK;
  ssize_t n = pread(f->fd, hash, NEP_PLACE, (off_t)(height * NEP_PLACE));
  if (n < 0)
    return failed(f, "read", err);
  if (n != NEP_PLACE)
    return nep_fail(err, NEP_E_IO, "signer-memory", f->path, "was cut while it was read");
  return NEP_OK;
}

nep_status nep_memory_file_write(nep_memory_file *f, uint64_t height,
                                 const unsigned char hash[NEP_PLACE], nep_error *err)
{
  if (pwrite(f->fd, hash, NEP_PLACE, (off_t)(height * NEP_PLACE)) != NEP_PLACE)
    return failed(f, "write", err);
  if (height >= f->places)
    f->places = height + 1;
  return NEP_OK;
}

/* What the kernel failed to write it may still show to readers: they are to see what the disk has,
   when the next process opens the memory. */
nep_status nep_memory_file_sync(const char *folder, nep_signed_chain chain, const char *uuid,
                                nep_error *err)
{
  nep_memory_file f = {.path = file_path(folder, chain, uuid)};
  f.fd = open(f.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  nep_status status = f.fd >= 0 && fdatasync(f.fd) == 0 ? NEP_OK : failed(&f, "sync", err);
  if (status != NEP_OK && f.fd >= 0)
    (void)posix_fadvise(f.fd, 0, 0, POSIX_FADV_DONTNEED);
  nep_memory_file_close(&f);
  return status;
}

bool nep_place_is_empty(const unsigned char hash[NEP_PLACE])
{
  static const unsigned char zero[NEP_PLACE];
  return memcmp(hash, zero, NEP_PLACE) == 0;
}
