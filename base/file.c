#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static nep_status io_error(nep_error *err, const char *path, const char *doing)
{
  int e = errno;
  nep_fail(err, e == ENOENT ? NEP_E_NOT_FOUND : NEP_E_IO, "file", path, "cannot %s: %s", doing,
           strerror(e));
  return err ? err->status : NEP_E_IO;
}

nep_status nep_fd_read(int fd, const char *path, size_t max, nep_buf *out, nep_error *err)
{
  char chunk[16384];
  size_t total = 0;
  nep_status status = NEP_OK;
  for (;;) {
    ssize_t n = read(fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      status = io_error(err, path, "read");
    if (n <= 0)
      break;
    total += (size_t)n;
    if (total > max) {
      status = nep_fail(err, NEP_E_INPUT, "file", path, "longer than the %zu bytes allowed", max);
      break;
    }
    nep_buf_secret_add(out, chunk, (size_t)n);
  }
  nep_wipe(chunk, sizeof chunk);
  return status;
}

typedef enum demand { ANY, SECRET, OWN } demand;

static nep_status check(int fd, const char *path, demand what, nep_error *err)
{
  struct stat st;
  if (fstat(fd, &st) != 0)
    return io_error(err, path, "examine");
  if (S_ISDIR(st.st_mode))
    return nep_fail(err, NEP_E_INPUT, "file", path, "is a folder, a file is needed");
  if (what == OWN && !S_ISREG(st.st_mode))
    return nep_fail(err, NEP_E_INPUT, "file", path, "is no regular file");
  if (what != ANY && (st.st_mode & 077) != 0) {
    (void)nep_fail(err, NEP_E_DENIED, "file-mode", path, "%s (mode %04o)",
                   what == SECRET ? "holds a secret but others may read it"
                                  : "is believed but others may read or change it",
                   (unsigned)(st.st_mode & 07777));
    return nep_advise(err, "run: chmod 600 %s", path);
  }
  if (what == OWN && st.st_uid != geteuid()) {
    (void)nep_fail(err, NEP_E_DENIED, "file-owner", path,
                   "is believed but belongs to another user (number %u)", (unsigned)st.st_uid);
    return nep_advise(err, "give the name of a file of your own");
  }
  return NEP_OK;
}

nep_status nep_fd_check_own(int fd, const char *path, nep_error *err)
{
  return check(fd, path, OWN, err);
}

static nep_status read_path(const char *path, size_t max, demand what, nep_buf *out, nep_error *err)
{
  if (strcmp(path, "-") == 0 && what != OWN)
    return nep_fd_read(STDIN_FILENO, "standard input", max, out, err);
  int wait = what == OWN ? O_NONBLOCK : 0; /* a pipe is refused, not waited for */
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | wait);
  if (fd < 0)
    return io_error(err, path, "open");
  nep_status status = check(fd, path, what, err);
  if (status == NEP_OK)
    status = nep_fd_read(fd, path, max, out, err);
  close(fd);
  return status;
}

nep_status nep_file_read(const char *path, size_t max, nep_buf *out, nep_error *err)
{
  return read_path(path, max, ANY, out, err);
}

nep_status nep_file_read_secret(const char *path, size_t max, nep_buf *out, nep_error *err)
{
  return read_path(path, max, SECRET, out, err);
}

nep_status nep_file_read_own(const char *path, size_t max, nep_buf *out, nep_error *err)
{
  return read_path(path, max, OWN, out, err);
}

nep_status nep_fd_write(int fd, const void *data, size_t len, nep_error *err)
{
  const char *p = data;
  while (len > 0) {
    ssize_t n = write(fd, p, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return io_error(err, "", "write");
    p += n;
    len -= (size_t)n;
  }
  return NEP_OK;
}

nep_status nep_folder_sync(const char *path, nep_error *err)
{
  char *copy = nep_strdup(path);
  int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(copy);
  if (fd < 0)
    return io_error(err, path, "open the folder of");
  nep_status status = fsync(fd) == 0 ? NEP_OK : io_error(err, path, "sync the folder of");
  close(fd);
  return status;
}

static nep_status write_path(const char *path, const void *data, size_t len, mode_t mode, int fresh,
                             nep_error *err)
{
  char *temp = nep_sprintf("%s.XXXXXX", path);
  nep_status status;
  int fd = mkostemp(temp, O_CLOEXEC);
  if (fd < 0) {
    status = io_error(err, path, "create");
    free(temp);
    return status;
  }
  status = nep_fd_write(fd, data, len, err);
  if (status == NEP_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
    status = io_error(err, path, "write");
  close(fd);
  if (status == NEP_OK && fresh && link(temp, path) != 0) {
    status = errno == EEXIST ? nep_fail(err, NEP_E_STATE, "file-exists", path,
                                        "exists already and is not overwritten")
                             : io_error(err, path, "create");
  } else if (status == NEP_OK && !fresh && rename(temp, path) != 0) {
    status = io_error(err, path, "replace");
  }
  if (fresh || status != NEP_OK)
    unlink(temp);
  free(temp);
  return status == NEP_OK ? nep_folder_sync(path, err) : status;
}

nep_status nep_file_write(const char *path, const void *data, size_t len, mode_t mode,
                          nep_error *err)
{
  return write_path(path, data, len, mode, 0, err);
}

nep_status nep_file_create(const char *path, const void *data, size_t len, mode_t mode,
                           nep_error *err)
{
  return write_path(path, data, len, mode, 1, err);
}
