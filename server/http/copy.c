#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http/copy.h"

static nep_status open_archive(const char *path, uint64_t size, int *out, nep_error *err)
{
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return nep_fail(err, NEP_E_IO, "archive", path, "cannot open: %s", strerror(errno));
  if (fstat(fd, &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size < size) {
    close(fd);
    return nep_fail(err, NEP_E_INTERNAL, "archive", path, "is shorter than the %llu bytes recorded",
                    (unsigned long long)size);
  }
  *out = fd;
  return NEP_OK;
}

static void redirect_to(nep_request *r, const char *what, uint64_t height)
{
  nep_buf json = {0};
  nep_buf_printf(&json, "{\"upto\":%llu}", (unsigned long long)height);
  nep_reply_json(&r->reply, 307, &json);
  snprintf(r->reply.location, sizeof r->reply.location, "/v1/elections/%s/%s?upto=%llu", r->uuid,
           what, (unsigned long long)height);
}

nep_status nep_get_copy(nep_request *r, const char *what, nep_copy_get *get_it, nep_error *err)
{
  char path[4096], hash[sizeof r->reply.etag];
  uint64_t height = UINT64_MAX, wanted = UINT64_MAX, size = 0;
  int fd = -1;
  nep_status status = nep_query_number(&r->query, "upto", 0, INT64_MAX, &wanted, err);
  height = wanted;
  if (status == NEP_OK)
    status = get_it(r->site->service, r->uuid, &height, path, &size, hash, err);
  if (status == NEP_OK && wanted == UINT64_MAX) {
    redirect_to(r, what, height);
    return NEP_OK;
  }
  if (status == NEP_OK)
    status = open_archive(path, size, &fd, err);
  if (status != NEP_OK)
    return status;
  nep_reply_clear(&r->reply);
  r->reply = (nep_reply){.status = 200,
                         .media = NEP_MEDIA_ARCHIVE,
                         .immutable = true,
                         .file = fd,
                         .file_size = size,
                         .file_total = size};
  memcpy(r->reply.etag, hash, sizeof hash);
  return NEP_OK;
}
