#include "client-cli/own_ballots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "protocol/json.h"
#include "records/second_reading.h"

enum { PAGE = 1000, PAGE_MAX = 8 << 20 };

static nep_own_ballot *append(nep_own_ballots *b)
{
  if ((b->n & (b->n - 1)) == 0)
    b->list = nep_realloc(b->list, b->n == 0 ? 1 : 2 * b->n, sizeof *b->list);
  memset(&b->list[b->n], 0, sizeof *b->list);
  return &b->list[b->n++];
}

void nep_own_ballots_free(nep_own_ballots *b)
{
  free(b->list);
  memset(b, 0, sizeof *b);
}

/* ---- the board ---- */

static nep_status bad_page(nep_error *err)
{
  return nep_fail(err, NEP_E_CHECK, "server-answer", "ballots", _("is not a page of ballots"));
}

static bool is_tracker(const char *text)
{
  unsigned char hash[32];
  size_t len = 0;
  return text != NULL && nep_unbase64(text, strlen(text), hash, sizeof hash, &len) &&
         len == sizeof hash;
}

static bool is_event_hash(const char *text)
{
  unsigned char hash[32];
  return text != NULL && nep_unhex(text, strlen(text), hash, sizeof hash);
}

static nep_status read_page(const json_t *page, const char *credential, uint64_t *after,
                            nep_own_ballots *out, nep_error *err)
{
  size_t i;
  const json_t *b, *list = json_object_get(page, "ballots");
  if (!json_is_array(list))
    return bad_page(err);
  json_array_foreach(list, i, b)
  {
    const char *tracker = json_string_value(json_object_get(b, "tracker"));
    const char *owner = json_string_value(json_object_get(b, "credential"));
    const char *event = json_string_value(json_object_get(b, "event"));
    json_int_t height = json_integer_value(json_object_get(b, "height"));
    if (!is_tracker(tracker) || owner == NULL || !is_event_hash(event) || height < 0 ||
        (uint64_t)height <= *after)
      return bad_page(err);
    *after = (uint64_t)height;
    if (strcmp(owner, credential) != 0)
      continue;
    nep_own_ballot *own = append(out);
    own->height = (uint64_t)height;
    memcpy(own->tracker, tracker, sizeof own->tracker);
    memcpy(own->event, event, sizeof own->event);
  }
  return NEP_OK;
}

nep_status nep_own_ballots_on_board(nep_http *h, const char *uuid, const char *credential,
                                    nep_own_ballots *out, nep_error *err)
{
  uint64_t after = 0;
  bool more = true;
  nep_status status = NEP_OK;
  memset(out, 0, sizeof *out);
  while (status == NEP_OK && more) {
    nep_buf answer = {0};
    json_t *page = NULL;
    uint64_t before = after;
    char *path =
        nep_sprintf("/v1/elections/%s/ballots?after=%" PRIu64 "&limit=%d", uuid, after, PAGE);
    status = nep_http_get(h, path, PAGE_MAX, &answer, err);
    if (status == NEP_OK)
      status = nep_json_parse(nep_buf_bytes(&answer), &page, err);
    if (status == NEP_OK)
      status = read_page(page, credential, &after, out, err);
    more = json_is_integer(json_object_get(page, "next")) && after > before;
    json_decref(page);
    nep_buf_free(&answer);
    free(path);
  }
  return status;
}

/* ---- an archive ---- */

bool nep_ballot_is_of(nep_bytes text, const char *credential)
{
  json_t *ballot = NULL;
  if (memmem(text.data, text.len, credential, strlen(credential)) == NULL ||
      nep_json_parse(text, &ballot, NULL) != NEP_OK)
    return false;
  const char *owner =
      json_string_value(json_object_get(json_object_get(ballot, "message"), "credential"));
  bool own = owner != NULL && strcmp(owner, credential) == 0;
  json_decref(ballot);
  return own;
}

static nep_status take_event(const nep_second_reading *s, const char *credential, uint64_t wanted,
                             nep_own_ballots *out, nep_error *err)
{
  const nep_event *event = &s->event;
  out->events++;
  if (event->height == wanted)
    memcpy(out->wanted_event, event->hash, sizeof out->wanted_event);
  if (event->type != NEP_EVENT_BALLOT || !nep_ballot_is_of(nep_buf_bytes(&s->data), credential))
    return NEP_OK;
  nep_own_ballot *own = append(out);
  own->height = event->height;
  memcpy(own->event, event->hash, sizeof own->event);
  return nep_tracker(event->payload, own->tracker)
             ? NEP_OK
             : nep_fail(err, NEP_E_CHECK, "event-parse", "payload", "is not a hash");
}

nep_status nep_own_ballots_in_archive(const char *path, const char *head, const char *credential,
                                      uint64_t wanted, nep_own_ballots *out, nep_error *err)
{
  static const char code[] = "archive-changed";
  nep_second_reading s;
  bool end = false;
  memset(out, 0, sizeof *out);
  nep_status status = nep_second_reading_open(path, code, &s, err);
  while (status == NEP_OK && (status = nep_second_reading_next(&s, &end, err)) == NEP_OK && !end)
    status = take_event(&s, credential, wanted, out, err);
  if (status == NEP_OK && strcmp(s.head, head) != 0)
    status = nep_fail(err, NEP_E_CHECK, code, path,
                      _("it is not the archive that was verified any more"));
  nep_second_reading_close(&s);
  return status;
}
