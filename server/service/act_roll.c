/* Importing a roll: all or nothing, each bad row named (A21). */
#include <stdlib.h>
#include <string.h>

#include "protocol/json.h"
#include "server/service/acts.h"
#include "server/service/additions.h"
#include "server/service/roll.h"

static void note_conflict(void *ctx, int64_t line)
{
  nep_roll_fault_add(ctx, line, "identifier", "this person is on the roll already");
}

static int by_line(const void *a, const void *b)
{
  const nep_roll_fault *x = a, *y = b;
  return (x->line > y->line) - (x->line < y->line);
}

/* Members of the problem document. */
static void report(nep_roll *roll, nep_buf *json)
{
  size_t named = roll->n_faults < NEP_ROLL_REPORTED_MAX ? roll->n_faults : NEP_ROLL_REPORTED_MAX;
  qsort(roll->faults, named, sizeof *roll->faults, by_line);
  nep_buf_printf(json, "{\"total\":%zu,\"rows\":[", roll->n_faults);
  for (size_t i = 0; i < named; i++) {
    nep_buf_printf(json, "%s{\"line\":%lld", i == 0 ? "" : ",", (long long)roll->faults[i].line);
    nep_member_string(json, "field", roll->faults[i].field);
    nep_member_string(json, "reason", roll->faults[i].reason);
    nep_buf_char(json, '}');
  }
  nep_buf_str(json, "]}");
}

static nep_status refuse(nep_roll *roll, nep_buf *json, nep_error *err)
{
  report(roll, json);
  (void)nep_fail(err, NEP_E_INPUT, "roll", "body", "%zu faults; nothing was imported",
                 roll->n_faults);
  return nep_advise(err, "mend the rows that are named and send the whole file again");
}

/* Good rows are staged even when others are bad, so that one answer names every fault. */
static nep_status import(nep_act_call *c, nep_db *db, nep_roll *roll, nep_error *err)
{
  nep_status st = nep_db_roll_stage(db, roll->rows, roll->n_rows, err);
  if (st == NEP_OK)
    st = nep_db_roll_conflicts(db, c->uuid, note_conflict, roll, err);
  if (st == NEP_OK && roll->n_faults > 0)
    return refuse(roll, c->json, err);
  if (st == NEP_OK)
    st = nep_db_roll_insert(db, c->uuid, err);
  if (st == NEP_OK)
    nep_buf_printf(c->json, ",\"imported\":%zu", roll->n_rows);
  return st;
}

nep_status nep_roll_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  nep_election_row election = {0};
  nep_trust *trust = NULL;
  nep_roll roll = {0};
  nep_status st = NEP_OK;
  if (c->head.phase > NEP_PHASE_REGISTRATION)
    return nep_fail(err, NEP_E_STATE, "phase", "uuid",
                    "the election is in phase %s: its roll is final",
                    nep_phase_name(c->head.phase));
  st = nep_db_election_get(db, c->uuid, &election, err);
  if (st == NEP_OK)
    st = nep_trust_of(db, c->uuid, &trust, err);
  if (st == NEP_OK) {
    nep_roll_rules rules = {.vn12 = strcmp(election.identifier, "vn-12") == 0,
                            .weights = trust->weights,
                            .voting_day = c->head.has_calendar ? c->head.opens : 0};
    st = nep_roll_read(c->body, &rules, &roll, err);
  }
  if (st == NEP_OK)
    st = import(c, db, &roll, err);
  nep_roll_free(&roll);
  nep_trust_free(trust);
  nep_election_row_free(&election);
  return st;
}
