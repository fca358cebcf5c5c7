/* The encrypted tally: computed here from the stored ballots, and it must be the one uploaded. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/acts.h"
#include "server/service/recount.h"

typedef struct upload {
  json_t *object; /* owns the texts */
  nep_bytes texts[2];
} upload;

static nep_status same(nep_bytes uploaded, const nep_buf *own, const char *field, nep_error *err)
{
  if (uploaded.len == own->len && memcmp(uploaded.data, own->data, own->len) == 0)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_CHECK, "tally-mismatch", field,
                 "it is not what the stored ballots give");
  return nep_advise(err, "compute it from the archive that this server exports after closing");
}

static nep_status compare(nep_act_call *c, const upload *u, nep_error *err)
{
  nep_buf tally = {0}, sized = {0};
  nep_status st = nep_recount(c->service, c->uuid, &tally, &sized, err);
  if (st == NEP_OK)
    st = same(u->texts[0], &tally, "encrypted_tally", err);
  if (st == NEP_OK)
    st = same(u->texts[1], &sized, "sized", err);
  nep_buf_free(&sized);
  nep_buf_free(&tally);
  return st;
}

/* Once closed the ballots never change, so the long work needs no lock. */
nep_status nep_tally_prepare(nep_act_call *c, nep_error *err)
{
  upload *u = nep_alloc(1, sizeof *u);
  c->prepared = u;
  nep_status st = nep_two_texts(c->body, "encrypted_tally", "sized", &u->object, u->texts, err);
  if (st == NEP_OK)
    st = nep_look_phase(c, NEP_PHASE_CLOSED, err);
  return st == NEP_OK ? compare(c, u, err) : st;
}

nep_status nep_tally_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const upload *u = c->prepared;
  char hash[65];
  int64_t size = 0;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_CLOSED, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_TALLY, u->texts[0], hash, &size, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_SIZED, u->texts[1], hash, &size, err);
  if (st != NEP_OK)
    return st;
  return nep_append_event(c, db, NEP_EVENT_ENCRYPTED_TALLY, hash, size, NEP_PHASE_TALLIED, err);
}

void nep_tally_dispose(nep_act_call *c)
{
  upload *u = c->prepared;
  if (u == NULL)
    return;
  json_decref(u->object);
  free(u);
}
