/* The result: the partial decryptions stored here must combine to it. */
#include "server/service/acts.h"
#include "server/service/recount.h"

static nep_status check_result(const nep_tallied *t, const nep_result *result, nep_error *err)
{
  nep_findings findings = {0};
  nep_element **products = NULL;
  nep_status st =
      nep_factors_combine(t->trustees, t->setup->election, (const nep_factors *const *)t->factors,
                          t->n_factors, &products, err);
  if (st != NEP_OK)
    return st;
  nep_result_verify(t->tally, products, t->total_weight, result, &findings);
  st = nep_findings_status(&findings, err);
  nep_findings_free(&findings);
  nep_products_free(t->setup->election, products);
  return st;
}

nep_status nep_result_prepare(nep_act_call *c, nep_error *err)
{
  nep_tallied t = {0};
  nep_result *result = NULL;
  nep_status st = nep_look_phase(c, NEP_PHASE_TALLIED, err);
  if (st != NEP_OK)
    return st;
  st = nep_tallied_read(c->service, c->uuid, &t, err);
  if (st == NEP_OK)
    st = nep_result_parse(t.setup->election, c->body, &result, err);
  if (st == NEP_OK)
    st = check_result(&t, result, err);
  if (result != NULL)
    nep_result_free(t.setup->election, result);
  nep_tallied_free(c->service, &t);
  return st;
}

nep_status nep_result_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  char hash[65];
  int64_t size = 0;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_TALLIED, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_RESULT, c->body, hash, &size, err);
  if (st != NEP_OK)
    return st;
  return nep_append_event(c, db, NEP_EVENT_RESULT, hash, size, NEP_PHASE_ANNOUNCED, err);
}
