/* What several acts need. */
#include <string.h>

#include "base/clock.h"
#include "protocol/json.h"
#include "server/service/acts.h"

nep_status nep_require_phase(const nep_head_row *head, nep_phase wanted, nep_error *err)
{
  if (head->phase == wanted)
    return NEP_OK;
  return nep_fail(err, NEP_E_STATE, "phase", "uuid",
                  "the election is in phase %s; this is possible in phase %s only",
                  nep_phase_name(head->phase), nep_phase_name(wanted));
}

static nep_status read_head(nep_db *db, void *ctx, nep_error *err)
{
  nep_act_call *c = ctx;
  return nep_db_head_get(db, c->uuid, &c->head, err);
}

nep_status nep_look_phase(nep_act_call *c, nep_phase wanted, nep_error *err)
{
  nep_status st = nep_db_transaction(c->service->official, true, read_head, c, err);
  return st == NEP_OK ? nep_require_phase(&c->head, wanted, err) : st;
}

nep_status nep_require_registration_over(const nep_act_call *c, nep_error *err)
{
  char text[21];
  if (c->now >= c->head.registration_closes)
    return NEP_OK;
  nep_clock_text(c->head.registration_closes, text);
  return nep_fail(err, NEP_E_STATE, "too-early", "registration_closes", "the calendar says %s",
                  text);
}

static int64_t next_height(const nep_head_row *head)
{
  return head->has_event ? head->height + 1 : 0;
}

nep_status nep_append_data(nep_act_call *c, nep_db *db, const char *kind, nep_bytes body,
                           char hash[65], int64_t *size, nep_error *err)
{
  *size += nep_record_size(body.len);
  return nep_db_data_insert(db, c->uuid, next_height(&c->head), kind, body, hash, err);
}

nep_status nep_append_event(nep_act_call *c, nep_db *db, nep_event_type type, const char *payload,
                            int64_t data_size, nep_phase phase, nep_error *err)
{
  nep_head_row *head = &c->head;
  char hash[65];
  nep_buf text = {0};
  nep_event_row event = {.height = next_height(head),
                         .type = nep_event_name(type),
                         .hash = hash,
                         .parent = head->has_event ? head->event : NULL,
                         .payload = payload};
  nep_event_write(event.parent, (uint64_t)event.height, type, payload, &text, hash);
  event.archive_end = head->archive_end + data_size + nep_record_size(text.len);
  nep_buf_free(&text);
  if (c->now > head->event_time)
    head->event_time = c->now;
  nep_status st = nep_db_event_insert(db, c->uuid, &event, head->event_time, err);
  if (st != NEP_OK)
    return st;
  head->has_event = true;
  head->height = event.height;
  head->archive_end = event.archive_end;
  head->phase = phase;
  memcpy(head->event, hash, sizeof head->event);
  return nep_db_head_act(db, c->uuid, head, err);
}
