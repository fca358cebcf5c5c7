/* One election as the public sees it. */
#include "server/service/counts.h"

typedef struct show {
  const char *uuid;
  nep_election_row election;
  nep_head_row head;
  char election_hash[65], setup_hash[65], credentials_hash[65]; /* "" before they exist */
  int64_t roll, registered;
} show;

static nep_status hash_if_there(nep_db *db, const char *uuid, const char *kind, char hash[65],
                                nep_error *err)
{
  nep_status st = nep_db_data_hash(db, uuid, kind, hash, err);
  if (st != NEP_E_NOT_FOUND)
    return st;
  hash[0] = 0;
  return NEP_OK;
}

static nep_status read_board(nep_db *db, void *ctx, nep_error *err)
{
  show *w = ctx;
  nep_election_row_free(&w->election);
  nep_status st = nep_db_election_get(db, w->uuid, &w->election, err);
  if (st == NEP_OK)
    st = nep_db_head_get(db, w->uuid, &w->head, err);
  if (st == NEP_OK)
    st = nep_db_data_hash(db, w->uuid, NEP_DATA_ELECTION, w->election_hash, err);
  if (st == NEP_OK)
    st = hash_if_there(db, w->uuid, NEP_DATA_SETUP, w->setup_hash, err);
  if (st == NEP_OK)
    st = hash_if_there(db, w->uuid, NEP_DATA_CREDENTIALS, w->credentials_hash, err);
  return st;
}

static void write_calendar(const nep_head_row *head, nep_buf *json)
{
  if (!head->has_calendar) {
    nep_buf_str(json, ",\"calendar\":null");
    return;
  }
  nep_buf_str(json, ",\"calendar\":{");
  nep_member_time(json, "registration_closes", head->registration_closes);
  nep_member_time(json, "opens", head->opens);
  nep_member_time(json, "closes", head->closes);
  nep_buf_char(json, '}');
}

static void write_show(const show *w, nep_buf *json)
{
  const nep_head_row *head = &w->head;
  nep_buf_char(json, '{');
  nep_member_string(json, "uuid", w->election.uuid);
  nep_member_string(json, "event", w->election.event);
  nep_member_string(json, "name", w->election.name);
  nep_member_string(json, "description", w->election.description);
  nep_member_string(json, "phase", nep_phase_name(head->phase));
  nep_member_string(json, "group", w->election.group);
  nep_member_string(json, "identifier", w->election.identifier);
  nep_member_string(json, "election_hash", w->election_hash);
  nep_member_string(json, "setup_hash", w->setup_hash[0] ? w->setup_hash : NULL);
  nep_member_string(json, "credentials_hash", w->credentials_hash[0] ? w->credentials_hash : NULL);
  write_calendar(head, json);
  if (head->claims_until > 0)
    nep_member_time(json, "claims_until", head->claims_until);
  else
    nep_member_string(json, "claims_until", NULL);
  nep_buf_printf(json, ",\"ballot_bytes\":%lld", (long long)w->election.ballot_bytes);
  if (head->has_event)
    nep_buf_printf(json, ",\"height\":%lld", (long long)head->height);
  else
    nep_buf_str(json, ",\"height\":null");
  nep_member_string(json, "head", head->has_event ? head->event : NULL);
  nep_buf_printf(json,
                 ",\"counts\":{\"roll\":%lld,\"registered\":%lld,\"ballots\":%lld,"
                 "\"voted\":%lld}}",
                 (long long)w->roll, (long long)w->registered, (long long)head->ballots,
                 (long long)head->voted);
}

nep_status nep_election_show(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  show w = {.uuid = uuid};
  nep_status st = nep_db_transaction(s->board, true, read_board, &w, err);
  if (st == NEP_OK)
    st = nep_counts_get(s, uuid, w.head.phase >= NEP_PHASE_FROZEN, &w.roll, &w.registered, err);
  if (st == NEP_OK)
    write_show(&w, json);
  nep_election_row_free(&w.election);
  return st;
}
