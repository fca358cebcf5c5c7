#include "tally/archive_scan.h"

#include <string.h>

static void on_record(const nep_archive_scan *s, const nep_record *r, uint64_t end)
{
  nep_event e;
  uint64_t place = s->chain->events;
  if (!r->is_event) {
    nep_chain_data(s->chain, r, s->findings);
    return;
  }
  if (nep_chain_event(s->chain, r, &e, s->findings))
    s->on_event(s->ctx, &e, place, end);
  nep_chain_settle(s->chain);
}

nep_status nep_archive_scan_file(const nep_archive_scan *s, const char *path, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_error why = {0};
  bool end = false;
  nep_status status = nep_reader_open(path, &r, &why);
  while (status == NEP_OK) {
    status = nep_reader_next(r, &record, &end, &why);
    if (status != NEP_OK || end)
      break;
    on_record(s, &record, nep_reader_position(r));
  }
  nep_reader_close(r);
  if (status != NEP_OK && status != NEP_E_CHECK) {
    if (err)
      *err = why;
    return status;
  }
  if (status == NEP_E_CHECK)
    nep_fault(s->findings, why.code, why.where, "%s", why.reason);
  nep_chain_end(s->chain, s->findings);
  return NEP_OK;
}

bool nep_archive_scan_election(const nep_chain *c, const nep_event *setup, char election_hash[65],
                               char uuid[65])
{
  json_t *names = NULL, *election = NULL;
  const char *text = NULL;
  size_t len = 0;
  const nep_pending *payload = nep_chain_find(c, setup->payload), *definition = NULL;
  uuid[0] = election_hash[0] = '\0';
  if (payload && nep_json_parse(nep_buf_bytes(&payload->body), &names, NULL) == NEP_OK &&
      nep_json_hash(names, "election", election_hash, NULL) == NEP_OK)
    definition = nep_chain_find(c, election_hash);
  bool found = definition &&
               nep_json_parse(nep_buf_bytes(&definition->body), &election, NULL) == NEP_OK &&
               nep_json_string(election, "uuid", &text, &len, NULL) == NEP_OK && len <= 64;
  if (found)
    memcpy(uuid, text, len + 1);
  json_decref(election);
  json_decref(names);
  return found;
}
