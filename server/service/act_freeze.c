/* The freeze: the credential list becomes final and the setup is published. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "protocol/credentials.h"
#include "protocol/json.h"
#include "server/service/acts.h"

typedef struct list {
  char **texts;
  uint64_t *weights;
  size_t n, room;
  bool weighted; /* protocol.md §8: as soon as one voter has a weight, all show theirs */
} list;

static nep_status add_credential(void *ctx, const char *credential, bool has_weight, int64_t weight,
                                 nep_error *err)
{
  list *l = ctx;
  (void)err;
  if (l->n == l->room) {
    l->room = l->room == 0 ? 256 : 2 * l->room;
    l->texts = nep_realloc(l->texts, l->room, sizeof *l->texts);
    l->weights = nep_realloc(l->weights, l->room, sizeof *l->weights);
  }
  l->texts[l->n] = nep_strdup(credential);
  l->weights[l->n++] = has_weight ? (uint64_t)weight : 1;
  l->weighted = l->weighted || has_weight;
  return NEP_OK;
}

static void list_free(list *l)
{
  for (size_t i = 0; i < l->n; i++)
    free(l->texts[i]);
  free(l->texts);
  free(l->weights);
}

static nep_status make_credentials(nep_act_call *c, nep_db *db, nep_buf *out, size_t *n,
                                   nep_error *err)
{
  nep_election_row election = {0};
  list l = {0};
  nep_status st = nep_db_election_get(db, c->uuid, &election, err);
  if (st == NEP_OK)
    st = nep_db_final_credentials(db, c->uuid, add_credential, &l, err);
  if (st == NEP_OK && l.n == 0)
    st = nep_fail(err, NEP_E_STATE, "no-credentials", "uuid",
                  "nobody has registered; move the deadline of registration later");
  if (st == NEP_OK)
    st = nep_credentials_make(nep_group_find(election.group, strlen(election.group)),
                              (const char *const *)l.texts, l.weighted ? l.weights : NULL, l.n, out,
                              err);
  *n = l.n;
  list_free(&l);
  nep_election_row_free(&election);
  return st;
}

/* protocol.md §11: {"election":h,"trustees":h,"credentials":h} */
static nep_status write_setup(nep_act_call *c, nep_db *db, const char *credentials, nep_buf *out,
                              nep_error *err)
{
  char election[65], trustees[65];
  nep_status st = nep_db_data_hash(db, c->uuid, NEP_DATA_ELECTION, election, err);
  if (st == NEP_OK)
    st = nep_db_data_hash(db, c->uuid, NEP_DATA_TRUSTEES, trustees, err);
  if (st != NEP_OK)
    return st;
  nep_buf_char(out, '{');
  nep_member_string(out, "election", election);
  nep_member_string(out, "trustees", trustees);
  nep_member_string(out, "credentials", credentials);
  nep_buf_char(out, '}');
  return NEP_OK;
}

static nep_status publish(nep_act_call *c, nep_db *db, nep_error *err)
{
  nep_buf credentials = {0}, setup = {0};
  char list_hash[65], setup_hash[65];
  int64_t size = 0;
  size_t n = 0;
  nep_status st = make_credentials(c, db, &credentials, &n, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_CREDENTIALS, nep_buf_bytes(&credentials), list_hash, &size,
                         err);
  if (st == NEP_OK)
    st = write_setup(c, db, list_hash, &setup, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_SETUP, nep_buf_bytes(&setup), setup_hash, &size, err);
  if (st == NEP_OK) {
    nep_member_string(c->json, "credentials_hash", list_hash);
    nep_member_string(c->json, "setup_hash", setup_hash);
    nep_buf_printf(c->json, ",\"credentials\":%zu", n);
  }
  nep_buf_free(&setup);
  nep_buf_free(&credentials);
  return st;
}

nep_status nep_freeze_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  char text[21];
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK && c->now < c->head.registration_closes) {
    nep_clock_text(c->head.registration_closes, text);
    st = nep_fail(err, NEP_E_STATE, "too-early", "registration_closes", "the calendar says %s",
                  text);
  }
  if (st == NEP_OK)
    st = publish(c, db, err);
  if (st != NEP_OK)
    return st;
  c->head.phase = NEP_PHASE_FROZEN;
  return nep_db_head_act(db, c->uuid, &c->head, err);
}
