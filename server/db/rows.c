/* Reading rows that came in binary. */
#include <arpa/inet.h>
#include <string.h>

#include "server/db/statement.h"

size_t nep_rows_count(const nep_rows *rows)
{
  return (size_t)PQntuples(rows);
}

void nep_rows_free(nep_rows *rows)
{
  PQclear(rows);
}

bool nep_row_null(const nep_rows *rows, size_t row, int column)
{
  return PQgetisnull(rows, (int)row, column) != 0;
}

const char *nep_row_text(const nep_rows *rows, size_t row, int column)
{
  return PQgetvalue(rows, (int)row, column);
}

nep_bytes nep_row_bytes(const nep_rows *rows, size_t row, int column)
{
  return (nep_bytes){PQgetvalue(rows, (int)row, column),
                     (size_t)PQgetlength(rows, (int)row, column)};
}

int64_t nep_row_int(const nep_rows *rows, size_t row, int column)
{
  uint32_t halves[2];
  if (nep_row_null(rows, row, column))
    return 0;
  memcpy(halves, PQgetvalue(rows, (int)row, column), sizeof halves);
  return (int64_t)(((uint64_t)ntohl(halves[0]) << 32) | ntohl(halves[1]));
}

bool nep_row_bool(const nep_rows *rows, size_t row, int column)
{
  return !nep_row_null(rows, row, column) && *PQgetvalue(rows, (int)row, column) != 0;
}

void nep_row_copy(const nep_rows *rows, size_t row, int column, char *out, size_t size)
{
  nep_bytes text = nep_row_bytes(rows, row, column);
  size_t len = text.len < size ? text.len : size - 1;
  memcpy(out, text.data, len);
  out[len] = 0;
}
