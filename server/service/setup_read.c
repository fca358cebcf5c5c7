/* An election's definition and list of credentials, read from the database and parsed. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/spread.h"
#include "server/service/setups.h"

void nep_setup_free(nep_setup *setup)
{
  if (setup == NULL)
    return;
  nep_credentials_free(setup->credentials);
  nep_election_free(setup->election);
  free(setup);
}

/* What a transaction reads. */
typedef struct load {
  const char *uuid;
  nep_head_row head;
  nep_buf definition, credentials;
  size_t length; /* of casting bodies */
} load;

static nep_status read_head(nep_db *db, load *l, nep_error *err)
{
  nep_status st = nep_db_head_get(db, l->uuid, &l->head, err);
  if (st != NEP_OK || l->head.phase >= NEP_PHASE_FROZEN)
    return st;
  return nep_fail(err, NEP_E_STATE, "phase", "uuid",
                  "the election is in phase %s: voting has not begun",
                  nep_phase_name(l->head.phase));
}

static nep_status read_texts(nep_db *db, void *ctx, nep_error *err)
{
  load *l = ctx;
  char hash[65];
  nep_buf_clear(&l->definition);
  nep_buf_clear(&l->credentials);
  nep_status st = read_head(db, l, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, l->uuid, NEP_DATA_ELECTION, &l->definition, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, l->uuid, NEP_DATA_CREDENTIALS, &l->credentials, hash, err);
  return st;
}

/* Not on all processors: whoever votes elsewhere does not wait for this one. */
static unsigned some_processors(void)
{
  return (nep_jobs(0) + 1) / 2;
}

/* Both were checked before they were stored: a fault here is one of the storage. */
static nep_status parse(const load *l, nep_setup *setup, nep_error *err)
{
  nep_findings findings = {0};
  nep_status st = nep_election_parse(nep_buf_bytes(&l->definition), &setup->election, err);
  if (st == NEP_OK) {
    nep_credentials_verify(setup->election->group, nep_buf_bytes(&l->credentials),
                           some_processors(), &setup->credentials, &findings);
    st = nep_findings_status(&findings, err);
  }
  if (st == NEP_OK) {
    setup->envelope = nep_ballot_envelope(setup->election);
    setup->bytes = sizeof *setup + setup->election->text_len + nep_key_bytes(setup->election->key) +
                   nep_credentials_bytes(setup->credentials);
  }
  nep_findings_free(&findings);
  return st;
}

nep_status nep_setup_read(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  load l = {.uuid = uuid};
  nep_setup *setup = nep_alloc(1, sizeof *setup);
  nep_status st = nep_db_transaction(s->board, true, read_texts, &l, err);
  if (st == NEP_OK) {
    memcpy(setup->uuid, uuid, strlen(uuid) + 1);
    st = parse(&l, setup, err);
    if (st != NEP_OK)
      st = nep_inside(err, NEP_E_INTERNAL, "stored setup of %s", uuid);
  }
  nep_buf_free(&l.credentials);
  nep_buf_free(&l.definition);
  if (st != NEP_OK) {
    nep_setup_free(setup);
    setup = NULL;
  }
  *out = setup;
  return st;
}

static nep_status read_row(nep_db *db, void *ctx, nep_error *err)
{
  load *l = ctx;
  nep_election_row row = {0};
  nep_status st = read_head(db, l, err);
  if (st == NEP_OK)
    st = nep_db_election_get(db, l->uuid, &row, err);
  l->length = (size_t)row.ballot_bytes;
  nep_election_row_free(&row);
  return st;
}

nep_status nep_cast_length_read(nep_service *s, const char *uuid, size_t *length, nep_error *err)
{
  load l = {.uuid = uuid};
  nep_status st = nep_db_transaction(s->board, true, read_row, &l, err);
  *length = l.length;
  return st;
}
