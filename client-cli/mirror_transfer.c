/* How a file of the server, of which only the end is new, comes beside and into its copy. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/mirror.h"

nep_status nep_mirror_download(nep_mirror *m, const char *path, const char *file, uint64_t size,
                               nep_error *err)
{
  if (unlink(file) != 0 && errno != ENOENT)
    return nep_fail(err, NEP_E_IO, "file", file, "%s", strerror(errno));
  return nep_http_download(m->http, path, file, size, err);
}

nep_status nep_mirror_part(nep_mirror *m, const char *path, uint64_t from, uint64_t size,
                           nep_buf *out, nep_error *err)
{
  long http_status = 0;
  char *range = nep_sprintf("Range: bytes=%" PRIu64 "-%" PRIu64, from, size - 1);
  nep_request request = {.path = path,
                         .header = range,
                         .max = (size_t)(size - from),
                         .http_status = &http_status,
                         .tries = 3};
  nep_status status = nep_http_send(m->http, &request, out, err);
  if (status == NEP_OK && (http_status != 206 || out->len != size - from))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", path, _("is not the part asked for"));
  free(range);
  return status;
}

nep_status nep_mirror_append(const char *copy, uint64_t at, nep_bytes part, nep_error *err)
{
  int fd = open(copy, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  nep_status status = NEP_OK;
  if (fd < 0 || lseek(fd, (off_t)at, SEEK_SET) < 0)
    status = nep_fail(err, NEP_E_IO, "file", copy, "%s", strerror(errno));
  if (status == NEP_OK)
    status = nep_fd_write(fd, part.data, part.len, err);
  if (status == NEP_OK && fsync(fd) != 0)
    status = nep_fail(err, NEP_E_IO, "file", copy, "%s", strerror(errno));
  if (fd >= 0)
    close(fd);
  return status;
}
