#include "server/service/recount.h"

#include <string.h>

enum { BALLOTS_AT_ONCE = 256 };

typedef struct count {
  const nep_setup *setup;
  nep_encrypted_tally *tally;
  char after[NEP_ELEMENT_TEXT_MAX]; /* the last credential of the page before */
  char last[NEP_ELEMENT_TEXT_MAX];
  size_t n; /* on this page */
  nep_findings findings;
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

static nep_status add_ballot(count *c, const char *credential, nep_bytes text, nep_error *err)
{
  nep_ballot *ballot = NULL;
  size_t place = 0;
  nep_ballot_parse(c->setup->election, text, "stored ballot", &ballot, &c->findings);
  nep_status st = nep_findings_status(&c->findings, err);
  bool listed = nep_credentials_find(c->setup->credentials, credential, strlen(credential), &place);
  if (st == NEP_OK && (!listed || ballot == NULL || strcmp(ballot->credential, credential) != 0))
    st = nep_fail(err, NEP_E_INTERNAL, "stored-ballot", "credential",
                  "a stored ballot is not that of its credential");
  if (st == NEP_OK)
    nep_tally_add(c->tally, ballot, nep_credentials_weight(c->setup->credentials, place));
  nep_ballot_free(ballot);
  return st;
}

static nep_status add_page(count *c, nep_error *err)
{
  const char *at = c->bodies.data;
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < c->n; i++) {
    const char *credential = at;
    size_t len;
    at += strlen(at) + 1;
    memcpy(&len, at, sizeof len);
    at += sizeof len;
    st = add_ballot(c, credential, (nep_bytes){at, len}, err);
    at += len;
  }
  memcpy(c->after, c->last, sizeof c->after);
  return st;
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

nep_status nep_recount(nep_service *s, const char *uuid, nep_buf *tally, nep_buf *sized,
                       nep_error *err)
{
  nep_setup *setup = NULL;
  nep_status st = nep_setup_take(s, uuid, &setup, err);
  if (st != NEP_OK)
    return st;
  count c = {.setup = setup, .tally = nep_tally_new(setup->election)};
  st = count_all(s, &c, err);
  if (st == NEP_OK) {
    nep_tally_write(c.tally, tally);
    nep_tally_sized_write(c.tally, nep_buf_bytes(tally), sized);
  }
  nep_findings_free(&c.findings);
  nep_buf_free(&c.bodies);
  nep_tally_free(c.tally);
  nep_setup_give(s, setup);
  return st;
}
