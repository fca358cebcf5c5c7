/* nep-admin export: the archive as a file. What was cut short is resumed: an archive only grows, so
   the part that is there is the beginning of any later one. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/admin.h"
#include "protocol/casts.h"
#include "protocol/json.h"

enum { HEAD_MAX = 65536 };

#define ARCHIVE_MAX (UINT64_C(1) << 42)

static nep_status head_height(nep_admin *a, const char *uuid, uint64_t *height, nep_error *err)
{
  nep_buf answer = {0};
  json_t *j = NULL;
  char *path = nep_sprintf("/v1/elections/%s/head", uuid);
  nep_status status = nep_http_get(a->http, path, HEAD_MAX, &answer, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&answer), &j, err);
  const json_t *found = json_object_get(json_object_get(j, "message"), "height");
  if (status == NEP_OK && (!json_is_integer(found) || json_integer_value(found) < 0))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "height", _("is missing"));
  if (status == NEP_OK)
    *height = (uint64_t)json_integer_value(found);
  json_decref(j);
  nep_buf_free(&answer);
  free(path);
  return status;
}

static nep_status choose_height(nep_admin *a, const char *uuid, uint64_t *height, nep_error *err)
{
  if (a->upto == NULL)
    return head_height(a, uuid, height, err);
  char *end;
  errno = 0;
  unsigned long long value = strtoull(a->upto, &end, 10);
  if (a->upto[0] < '0' || a->upto[0] > '9' || *end != '\0' || errno != 0)
    return nep_fail(err, NEP_E_INPUT, "usage", "--upto", _("\"%s\" is not a height"), a->upto);
  *height = value;
  return NEP_OK;
}

/* Well formed and complete: names, hashes and chain fit, and it ends at the height asked for. */
static nep_status check(const char *part, uint64_t height, nep_error *err)
{
  nep_archive *archive = NULL;
  nep_status status = nep_archive_open(part, &archive, err);
  if (status == NEP_OK && nep_archive_height(archive) != height + 1)
    status = nep_fail(err, NEP_E_CHECK, "archive-incomplete", part,
                      _("holds %" PRIu64 " events instead of %" PRIu64),
                      nep_archive_height(archive), height + 1);
  if (status == NEP_OK)
    printf(_("Archive up to height %" PRIu64 ", fingerprint %s\n"), height,
           nep_archive_head(archive));
  nep_archive_close(archive);
  if (status != NEP_OK)
    nep_advise(err, _("remove %s and export again"), part);
  return status;
}

static nep_status download(nep_admin *a, const char *uuid, uint64_t height, const char *part,
                           nep_error *err)
{
  char *path = nep_sprintf("/v1/elections/%s/archive?upto=%" PRIu64, uuid, height);
  nep_status status = nep_http_download(a->http, path, part, ARCHIVE_MAX, err);
  free(path);
  if (status == NEP_OK)
    status = check(part, height, err);
  if (status == NEP_OK && rename(part, a->out) != 0)
    status = nep_fail(err, NEP_E_IO, "file", a->out, _("cannot be written: %s"), strerror(errno));
  return status;
}

/* The statements of exactly the archive's ballots; nep-verify casts holds them against it. */
static nep_status download_casts(nep_admin *a, const char *uuid, uint64_t height, nep_error *err)
{
  nep_archive_reader *reader = NULL;
  char *part = nep_sprintf("%s.part", a->casts);
  char *path = nep_sprintf("/v1/elections/%s/casts?upto=%" PRIu64, uuid, height);
  nep_status status = nep_http_download(a->http, path, part, ARCHIVE_MAX, err);
  if (status == NEP_OK)
    status = nep_casts_reader_open(part, uuid, &reader, err);
  nep_reader_close(reader);
  if (status == NEP_OK && rename(part, a->casts) != 0)
    status = nep_fail(err, NEP_E_IO, "file", a->casts, _("cannot be written: %s"), strerror(errno));
  free(path);
  free(part);
  return status;
}

nep_status nep_admin_export(nep_admin *a, nep_error *err)
{
  const char *uuid;
  uint64_t height = 0;
  nep_status status = nep_admin_uuid(a, &uuid, err);
  if (status != NEP_OK)
    return status;
  if (a->out == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--out", _("is needed: the file for the archive"));
  const char *const files[] = {a->out, a->casts, a->challenges};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (files[i] != NULL && access(files[i], F_OK) == 0)
      return nep_fail(err, NEP_E_STATE, "file-exists", files[i],
                      _("exists already and is not overwritten"));
  status = choose_height(a, uuid, &height, err);
  if (status != NEP_OK)
    return status;
  char *part = nep_sprintf("%s.part", a->out);
  status = download(a, uuid, height, part, err);
  free(part);
  if (status == NEP_OK && a->casts != NULL)
    status = download_casts(a, uuid, height, err);
  if (status == NEP_OK && a->challenges != NULL)
    status = nep_admin_export_board(a, uuid, err);
  return status;
}
