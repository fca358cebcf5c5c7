#include "server/service/recount.h"

#include <string.h>

#include "base/spread.h"

enum { BALLOTS_AT_ONCE = 256, PARTS_MAX = 16 };

typedef struct count {
  const nep_setup *setup;
  nep_encrypted_tally *tally;
  char after[NEP_ELEMENT_TEXT_MAX]; /* the last credential of the page before */
  char last[NEP_ELEMENT_TEXT_MAX];
  size_t n;       /* on this page */
  size_t parts;   /* that it is counted in */
  nep_buf bodies; /* of this page: credential NUL length body */
} count;

/* Only copied here: the work may run again, a product cannot be taken back. */
static nep_status keep(void *ctx, const char *credential, nep_bytes body, nep_error *err)
{
  count *c = ctx;
  size_t len = strlen(credential);
  if (len >= sizeof c->last)
    return nep_fail(err, NEP_E_INTERNAL, "stored-ballot", "credential", "it is too long");
  memcpy(c->last, credential, len + 1);
  nep_buf_add(&c->bodies, credential, len + 1);
  nep_buf_add(&c->bodies, &body.len, sizeof body.len);
  nep_buf_add(&c->bodies, body.data, body.len);
  c->n++;
  return NEP_OK;
}

static nep_status read_page(nep_db *db, void *ctx, nep_error *err)
{
  count *c = ctx;
  c->n = 0;
  nep_buf_clear(&c->bodies);
  return nep_db_last_ballots(db, c->setup->uuid, c->after, BALLOTS_AT_ONCE, keep, c, err);
}

/* ---- counting a page: a part of it on each processor ---- */

typedef struct stored {
  const char *credential;
  nep_bytes text;
} stored;

typedef struct part {
  const nep_setup *setup;
  const stored *ballots;
  size_t n;
  nep_encrypted_tally *tally; /* of these alone */
  nep_status status;          /* of the first that is not as it must be */
  nep_error err;
} part;

static nep_status add_ballot(part *p, const stored *b, nep_error *err)
{
  nep_ballot *ballot = NULL;
  nep_findings findings = {0};
  size_t place = 0;
  const nep_credentials *list = p->setup->credentials;
  nep_ballot_parse(p->setup->election, b->text, "stored ballot", &ballot, &findings);
  nep_status st = nep_findings_status(&findings, err);
  bool listed = nep_credentials_find(list, b->credential, strlen(b->credential), &place);
  if (st == NEP_OK && (!listed || ballot == NULL || strcmp(ballot->credential, b->credential) != 0))
    st = nep_fail(err, NEP_E_INTERNAL, "stored-ballot", "credential",
                  "a stored ballot is not that of its credential");
  if (st == NEP_OK)
    nep_tally_add(p->tally, ballot, nep_credentials_weight(list, place));
  nep_ballot_free(ballot);
  nep_findings_free(&findings);
  return st;
}

/* A part keeps what is wrong with it, because the first of the page is told, not the first found.
 */
static nep_status count_part(void *ctx, size_t number, nep_error *err)
{
  part *p = (part *)ctx + number;
  (void)err;
  for (size_t i = 0; p->status == NEP_OK && i < p->n; i++)
    p->status = add_ballot(p, &p->ballots[i], &p->err);
  return NEP_OK;
}

static void list_page(const count *c, stored *ballots)
{
  const char *at = c->bodies.data;
  for (size_t i = 0; i < c->n; i++) {
    size_t len;
    ballots[i].credential = at;
    at += strlen(at) + 1;
    memcpy(&len, at, sizeof len);
    at += sizeof len;
    ballots[i].text = (nep_bytes){at, len};
    at += len;
  }
}

/* Products are the same in any order, and the fault that is told is the first one of the page. */
static nep_status join_parts(count *c, part *parts, size_t n, nep_error *err)
{
  nep_status st = NEP_OK;
  for (size_t i = 0; i < n; i++) {
    nep_tally_join(c->tally, parts[i].tally);
    nep_tally_free(parts[i].tally);
    if (st == NEP_OK && parts[i].status != NEP_OK) {
      st = parts[i].status;
      *err = parts[i].err;
    }
  }
  return st;
}

static nep_status add_page(count *c, nep_error *err)
{
  static const size_t WORTH_A_THREAD = 16;
  stored ballots[BALLOTS_AT_ONCE];
  part parts[PARTS_MAX];
  size_t n = 0, first = 0, share = (c->n + c->parts - 1) / c->parts;
  list_page(c, ballots);
  share = share < WORTH_A_THREAD ? WORTH_A_THREAD : share;
  for (; first < c->n; first += share, n++) {
    size_t left = c->n - first;
    parts[n] = (part){.setup = c->setup,
                      .ballots = ballots + first,
                      .n = left < share ? left : share,
                      .tally = nep_tally_new(c->setup->election)};
  }
  memcpy(c->after, c->last, sizeof c->after);
  nep_status st = nep_spread(n, (unsigned)c->parts, count_part, parts, err);
  return st == NEP_OK ? join_parts(c, parts, n, err) : st;
}

static nep_status count_all(nep_service *s, count *c, nep_error *err)
{
  nep_status st;
  do {
    st = nep_db_transaction(s->board, true, read_page, c, err);
    if (st == NEP_OK)
      st = add_page(c, err);
  } while (st == NEP_OK && c->n == BALLOTS_AT_ONCE);
  return st;
}

static size_t processors(void)
{
  unsigned n = nep_jobs(0);
  return n > PARTS_MAX ? PARTS_MAX : n;
}

nep_status nep_recount(nep_service *s, const char *uuid, nep_buf *tally, nep_buf *sized,
                       nep_error *err)
{
  nep_setup *setup = NULL;
  nep_status st = nep_setup_take(s, uuid, &setup, err);
  if (st != NEP_OK)
    return st;
  count c = {.setup = setup, .parts = processors(), .tally = nep_tally_new(setup->election)};
  st = count_all(s, &c, err);
  if (st == NEP_OK) {
    nep_tally_write(c.tally, tally);
    nep_tally_sized_write(c.tally, nep_buf_bytes(tally), sized);
  }
  nep_buf_free(&c.bodies);
  nep_tally_free(c.tally);
  nep_setup_give(s, setup);
  return st;
}
