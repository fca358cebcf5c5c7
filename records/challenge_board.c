#include "records/challenge_board.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/hash_map.h"
#include "records/choices.h"
#include "records/fields.h"
#include "records/second_reading.h"

enum { LINE_MAX_BYTES = NEP_PUBLISHED_MAX + 256 };

#define BODY_OPENS ",\"challenge\":"

void nep_board_line_write(int64_t number, const char time[21], nep_bytes body, nep_buf *out)
{
  nep_buf_printf(out, "{\"number\":%" PRId64 ",\"time\":\"%s\",", number, time);
  nep_buf_add(out, body.data + 1, body.len - 1); /* behind its brace */
  nep_buf_char(out, '\n');
}

nep_status nep_board_line_read(nep_bytes line, int64_t *number, nep_buf *body, nep_error *err)
{
  const char *at = memmem(line.data, line.len, BODY_OPENS, strlen(BODY_OPENS));
  nep_buf head = {0};
  json_t *json = NULL;
  char time[21];
  if (at == NULL)
    return nep_fail(err, NEP_E_INPUT, "shape", "challenge", "is missing");
  nep_buf_add(&head, line.data, (size_t)(at - line.data));
  nep_buf_char(&head, '}');
  nep_status status = nep_json_parse_canonical(nep_buf_bytes(&head), &json, err);
  if (status == NEP_OK)
    status = nep_json_fields(json, "line", err, "number", "time", NULL);
  if (status == NEP_OK)
    status = nep_json_integer(json, "number", 1, INT64_MAX, number, err);
  if (status == NEP_OK)
    status = nep_field_time(json, "time", time, err);
  if (status == NEP_OK) {
    nep_buf_char(body, '{');
    nep_buf_add(body, at + 1, line.len - (size_t)(at + 1 - line.data));
  }
  json_decref(json);
  nep_buf_free(&head);
  return status;
}

typedef struct board {
  const nep_verified *v;
  nep_findings *f;
  nep_hash_map *messages; /* revealed */
  unsigned char *places;  /* taken by each credential of the list */
  nep_choice *choices;
  uint64_t lines;
  char object[48]; /* the line that is looked at */
} board;

/* ---- one line ---- */

static void check_places(board *b, const nep_challenge_claims *c)
{
  size_t place = 0;
  uint8_t message[32];
  bool before = false;
  if (!nep_credentials_find(b->v->credentials, c->credential, strlen(c->credential), &place) ||
      !nep_unhex(c->message, 64, message, sizeof message))
    return; /* found already */
  (void)nep_hash_map_put(b->messages, message, &before);
  (void)nep_check(b->f, "each message once", !before, "board-twice", b->object,
                  "the same message stands on the board before it");
  bool room = b->places[place] < NEP_CHALLENGES_OF_A_CREDENTIAL;
  b->places[place] += room;
  (void)nep_check(b->f, "challenges of one credential", room, "board-limit", b->object,
                  "its credential has more challenges than the board takes of one");
}

/* Its faults get the line's number. */
static void check_body(board *b, nep_bytes body)
{
  nep_findings own = {0};
  nep_challenge_claims claims;
  nep_published_verify(b->v->election, b->v->credentials, body, &claims, b->choices, &own);
  for (size_t i = 0; i < own.n_checks; i++)
    nep_checked(b->f, own.checks[i].name, own.checks[i].run);
  for (size_t i = 0; i < own.n_faults; i++)
    nep_fault(b->f, own.faults[i].code, b->object, "%s", own.faults[i].reason);
  if (own.n_faults == 0)
    check_places(b, &claims);
  nep_findings_free(&own);
}

static void check_line(board *b, nep_bytes line)
{
  nep_buf body = {0};
  nep_error err = {0};
  int64_t number = 0;
  b->lines++;
  snprintf(b->object, sizeof b->object, "challenge %" PRIu64, b->lines);
  nep_status read = nep_board_line_read(line, &number, &body, &err);
  if (nep_check(b->f, "lines of the board", read == NEP_OK, "board-line", b->object, err.reason)) {
    (void)nep_check(b->f, "numbers of the board", (uint64_t)number == b->lines, "board-order",
                    b->object, "its number is not the one after the line before");
    check_body(b, nep_buf_bytes(&body));
  }
  nep_buf_free(&body);
}

/* ---- the file ---- */

/* The next line without its newline; *end when there is none. */
static nep_status next_line(FILE *file, nep_buf *line, bool *end, nep_error *err)
{
  int c;
  nep_buf_clear(line);
  while ((c = getc_unlocked(file)) != EOF && c != '\n') {
    if (line->len == LINE_MAX_BYTES)
      return nep_fail(err, NEP_E_INPUT, "board-line", "line", "is longer than %d bytes",
                      LINE_MAX_BYTES);
    nep_buf_char(line, (char)c);
  }
  if (ferror(file))
    return nep_fail(err, NEP_E_IO, "file", NULL, "cannot be read");
  *end = c == EOF && line->len == 0;
  if (c == EOF && !*end)
    return nep_fail(err, NEP_E_CHECK, "board-line", "line",
                    "the last line has no end: the file is cut short");
  return NEP_OK;
}

static nep_status check_lines(board *b, const char *path, nep_error *err)
{
  nep_buf line = {0};
  bool end = false;
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return nep_fail(err, NEP_E_IO, "file", path, "cannot be opened: %s", strerror(errno));
  nep_status status = next_line(file, &line, &end, err);
  while (status == NEP_OK && !end) {
    check_line(b, nep_buf_bytes(&line));
    status = next_line(file, &line, &end, err);
  }
  nep_buf_free(&line);
  fclose(file);
  return status;
}

/* ---- the archive ---- */

static void check_ballot(board *b, const nep_second_reading *s)
{
  char hash[65], object[48];
  uint8_t message[32];
  nep_ballot_message_hash(nep_buf_bytes(&s->data), hash);
  bool revealed =
      nep_unhex(hash, 64, message, sizeof message) && nep_hash_map_has(b->messages, message);
  snprintf(object, sizeof object, "ballot %" PRIu64, s->event.height);
  (void)nep_check(b->f, "ballots that no challenge revealed", !revealed, "board-counted", object,
                  "its message stands on the board of challenges: a revealed ballot was cast");
}

static nep_status check_archive(board *b, const char *path, nep_error *err)
{
  nep_second_reading s;
  bool end = false;
  nep_status status = nep_second_reading_open(path, "board-archive", &s, err);
  while (status == NEP_OK && (status = nep_second_reading_next(&s, &end, err)) == NEP_OK && !end)
    if (s.event.type == NEP_EVENT_BALLOT)
      check_ballot(b, &s);
  if (status == NEP_OK)
    (void)nep_check(b->f, "the archive that was verified", strcmp(s.head, b->v->head) == 0,
                    "board-archive", "archive", "it is not the one that was verified");
  nep_second_reading_close(&s);
  return status;
}

nep_status nep_board_verify(const char *path, const char *archive, const nep_verified *v,
                            uint64_t *challenges, nep_findings *f, nep_error *err)
{
  board b = {.v = v,
             .f = f,
             .messages = nep_hash_map_new(0),
             .places = nep_alloc(nep_credentials_count(v->credentials), 1),
             .choices = nep_choices_new(v->election)};
  nep_status status = check_lines(&b, path, err);
  if (status == NEP_OK)
    status = check_archive(&b, archive, err);
  *challenges = b.lines;
  nep_secret_free(b.choices);
  free(b.places);
  nep_hash_map_free(b.messages);
  return status;
}
