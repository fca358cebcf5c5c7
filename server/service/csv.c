#include "server/service/csv.h"

#include <string.h>

void nep_csv_start(nep_csv *c, nep_bytes text)
{
  *c = (nep_csv){.text = text};
  if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
    c->at = 3;
}

static bool at_end(const nep_csv *c)
{
  return c->at >= c->text.len;
}

static char here(const nep_csv *c)
{
  return c->text.data[c->at];
}

static void take(nep_csv *c, char byte)
{
  if (byte == '\n')
    c->lines++;
  if (byte == 0)
    c->fault = "a NUL byte";
  else
    nep_buf_char(&c->record, byte);
}

static void quoted(nep_csv *c)
{
  for (c->at++; !at_end(c); c->at++) {
    if (here(c) != '"') {
      take(c, here(c));
      continue;
    }
    c->at++;
    if (at_end(c) || here(c) != '"')
      return;
    take(c, '"');
  }
  c->fault = "a quotation mark is not closed";
}

static bool ends_field(char byte)
{
  return byte == ',' || byte == '\n';
}

static void plain(nep_csv *c)
{
  for (; !at_end(c) && !ends_field(here(c)); c->at++) {
    bool before_newline = c->at + 1 < c->text.len && c->text.data[c->at + 1] == '\n';
    bool last = c->at + 1 == c->text.len;
    if (here(c) == '\r' && (before_newline || last))
      continue;
    if (here(c) == '"')
      c->fault = "a quotation mark inside a field that does not begin with one";
    take(c, here(c));
  }
}

static void read_field(nep_csv *c)
{
  if (c->n_fields < NEP_CSV_FIELDS_MAX)
    c->starts[c->n_fields] = c->record.len;
  c->n_fields++;
  if (!at_end(c) && here(c) == '"') {
    quoted(c);
    size_t end = c->record.len;
    plain(c);
    if (c->record.len > end)
      c->fault = "text after a closing quotation mark";
  } else {
    plain(c);
  }
  nep_buf_char(&c->record, 0);
}

bool nep_csv_next(nep_csv *c)
{
  if (at_end(c))
    return false;
  nep_buf_clear(&c->record);
  c->n_fields = 0;
  c->fault = NULL;
  c->line = c->lines + 1;
  for (;;) {
    read_field(c);
    if (at_end(c))
      return true;
    char end = here(c);
    c->at++;
    if (end == '\n') {
      c->lines++;
      return true;
    }
    if (at_end(c)) { /* the comma was the last byte: one more empty field */
      read_field(c);
      return true;
    }
  }
}

const char *nep_csv_field(const nep_csv *c, size_t i)
{
  return c->record.data + c->starts[i];
}

void nep_csv_free(nep_csv *c)
{
  nep_buf_free(&c->record);
}
