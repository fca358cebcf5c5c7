#include "records/second_reading.h"

#include <string.h>

nep_status nep_second_reading_open(const char *path, const char *code, nep_second_reading *out,
                                   nep_error *err)
{
  *out = (nep_second_reading){.code = code};
  return nep_reader_open(path, &out->r, err);
}

static void keep_data(nep_second_reading *s, const nep_record *r)
{
  nep_buf_clear(&s->data);
  nep_buf_add(&s->data, r->body.data, r->body.len);
  memcpy(s->hash, r->hash_ok ? r->hash : "", r->hash_ok ? sizeof s->hash : 1);
}

static nep_status take_event(nep_second_reading *s, const nep_record *r, nep_error *err)
{
  nep_event *event = &s->event;
  nep_status status = r->hash_ok ? nep_event_parse(r->body, event, err) : NEP_E_CHECK;
  bool follows = status == NEP_OK && strcmp(event->has_parent ? event->parent : "", s->head) == 0;
  if (!follows || (event->type == NEP_EVENT_BALLOT && strcmp(event->payload, s->hash) != 0))
    return nep_fail(err, NEP_E_CHECK, s->code, "archive", "it changed while it was read");
  memcpy(s->head, r->hash, sizeof s->head);
  return NEP_OK;
}

nep_status nep_second_reading_next(nep_second_reading *s, bool *end, nep_error *err)
{
  nep_record record;
  nep_status status;
  while ((status = nep_reader_next(s->r, &record, end, err)) == NEP_OK && !*end) {
    if (record.is_event)
      return take_event(s, &record, err);
    keep_data(s, &record);
  }
  return status;
}

void nep_second_reading_close(nep_second_reading *s)
{
  nep_reader_close(s->r);
  nep_buf_free(&s->data);
}
