/* Inside db/board/: reading rows that several statements share. */
#ifndef NEP_SERVER_DB_BOARD_READ_H
#define NEP_SERVER_DB_BOARD_READ_H

#include "server/db/board.h"
#include "server/db/statement.h"

nep_phase nep_row_phase(const nep_rows *rows, size_t row, int column);

/* The columns of a head, in the order that nep_row_head reads; `h` is board.heads, `at` the time of
   its event, seconds since 1970. */
#define NEP_HEAD_COLUMNS_AT(at)                                                                    \
  "h.phase::text, h.opens IS NOT NULL, extract(epoch FROM h.registration_closes)::bigint, "        \
  "extract(epoch FROM h.opens)::bigint, extract(epoch FROM h.closes)::bigint, h.height, "          \
  "h.event::text, " at ", h.archive_end, h.ballots, h.voted, "                                     \
  "coalesce(extract(epoch FROM h.claims_until)::bigint, 0) "
#define NEP_HEAD_COLUMNS                                                                           \
  NEP_HEAD_COLUMNS_AT("(SELECT extract(epoch FROM e.at)::bigint FROM board.events e "              \
                      "WHERE e.uuid = h.uuid AND e.height = h.height)")
enum { NEP_HEAD_N_COLUMNS = 12 };
/* From column `first` on. */
void nep_row_head(const nep_rows *rows, size_t row, int first, nep_head_row *out);
/* One head or NEP_E_NOT_FOUND "election". */
NEP_MUST_USE nep_status nep_db_one_head(nep_db *db, const nep_statement *s, const char *uuid,
                                        nep_head_row *out, nep_error *err);

#endif
