/* nep-admin export --challenges: the board of challenges as a file, piece by piece. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/admin.h"
#include "records/challenge_board.h"

enum { PIECE_MAX = (1 << 20) + NEP_PUBLISHED_MAX + 256 };

/* The number of the last line; the piece must end with a whole one. */
static nep_status last_number(nep_bytes piece, int64_t *number, nep_error *err)
{
  nep_buf body = {0};
  size_t end = piece.len - 1, start = end;
  if (piece.data[end] != '\n')
    return nep_fail(err, NEP_E_CHECK, "server-answer", "challenges", _("is cut short"));
  while (start > 0 && piece.data[start - 1] != '\n')
    start--;
  nep_status status =
      nep_board_line_read((nep_bytes){piece.data + start, end - start}, number, &body, err);
  nep_buf_free(&body);
  return status;
}

static nep_status append(FILE *file, const char *path, nep_bytes piece, nep_error *err)
{
  return fwrite(piece.data, 1, piece.len, file) == piece.len && fflush(file) == 0
             ? NEP_OK
             : nep_fail(err, NEP_E_IO, "file", path, _("cannot be written: %s"), strerror(errno));
}

/* Numbers grow from piece to piece, so this ends. */
static nep_status copy(nep_admin *a, const char *uuid, FILE *file, nep_error *err)
{
  nep_buf piece = {0};
  int64_t last = 0, before = 0;
  nep_status status = NEP_OK;
  do {
    char *path = nep_sprintf("/v1/elections/%s/challenges?from=%" PRId64, uuid, last + 1);
    nep_buf_clear(&piece);
    before = last;
    status = nep_http_get(a->http, path, PIECE_MAX, &piece, err);
    free(path);
    if (status == NEP_OK && piece.len > 0)
      status = last_number(nep_buf_bytes(&piece), &last, err);
    if (status == NEP_OK && piece.len > 0 && last <= before)
      status = nep_fail(err, NEP_E_CHECK, "server-answer", "number", _("does not go on"));
    if (status == NEP_OK)
      status = append(file, a->challenges, nep_buf_bytes(&piece), err);
  } while (status == NEP_OK && piece.len > 0);
  nep_buf_free(&piece);
  return status;
}

nep_status nep_admin_export_board(nep_admin *a, const char *uuid, nep_error *err)
{
  char *part = nep_sprintf("%s.part", a->challenges);
  FILE *file = fopen(part, "we");
  nep_status status = NEP_OK;
  if (file == NULL)
    status = nep_fail(err, NEP_E_IO, "file", part, _("cannot be written: %s"), strerror(errno));
  if (status == NEP_OK)
    status = copy(a, uuid, file, err);
  if (file != NULL && fclose(file) != 0 && status == NEP_OK)
    status = nep_fail(err, NEP_E_IO, "file", part, _("cannot be written: %s"), strerror(errno));
  if (status == NEP_OK && rename(part, a->challenges) != 0)
    status =
        nep_fail(err, NEP_E_IO, "file", a->challenges, _("cannot be written: %s"), strerror(errno));
  free(part);
  return status;
}
