/* The board of challenges, piece by piece: together the pieces are the file that observers verify.
 */
#include "base/clock.h"
#include "records/challenge_board.h"
#include "server/service/inside.h"

enum { LINES_MAX = 100, BYTES_MAX = 1 << 20 }; /* of the bodies */

typedef struct page {
  const char *uuid;
  int64_t from;
  nep_buf *lines;
} page;

static nep_status add_line(void *ctx, const nep_challenge_row *row, nep_error *err)
{
  page *p = ctx;
  char time[21];
  (void)err;
  nep_clock_text(row->at, time);
  nep_board_line_write(row->number, time, row->body, p->lines);
  return NEP_OK;
}

static nep_status read_page(nep_db *db, void *ctx, nep_error *err)
{
  page *p = ctx;
  nep_head_row head;
  nep_buf_clear(p->lines);
  nep_status st = nep_db_head_get(db, p->uuid, &head, err);
  if (st == NEP_OK)
    st = nep_db_challenges_page(db, p->uuid, p->from, LINES_MAX, BYTES_MAX, add_line, p, err);
  return st;
}

nep_status nep_challenges_page(nep_service *s, const char *uuid, uint64_t from, nep_buf *lines,
                               nep_error *err)
{
  if (from == 0 || from > INT64_MAX)
    return nep_fail(err, NEP_E_INPUT, "from", "from", "challenges are numbered from 1");
  page p = {.uuid = uuid, .from = (int64_t)from, .lines = lines};
  return nep_db_transaction(s->board, true, read_page, &p, err);
}
