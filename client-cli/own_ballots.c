#include "client-cli/own_ballots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "protocol/archive.h"
#include "protocol/json.h"

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

static bool is_ballot_of(nep_bytes body, const char *credential)
{
  json_t *ballot = NULL;
  if (memmem(body.data, body.len, credential, strlen(credential)) == NULL ||
      nep_json_parse(body, &ballot, NULL) != NEP_OK)
    return false;
  const char *owner =
      json_string_value(json_object_get(json_object_get(ballot, "message"), "credential"));
  bool own = owner != NULL && strcmp(owner, credential) == 0;
  json_decref(ballot);
  return own;
}

typedef struct scan {
  const char *credential;
  uint64_t wanted;
  char data[65]; /* hash of the data record just before */
  bool own;      /* it is a ballot of the credential */
} scan;

static nep_status take_event(scan *s, nep_bytes body, nep_own_ballots *out, nep_error *err)
{
  nep_event event;
  nep_status status = nep_event_parse(body, &event, err);
  if (status != NEP_OK)
    return status;
  out->events++;
  if (event.height == s->wanted)
    memcpy(out->wanted_event, event.hash, sizeof event.hash);
  if (event.type == NEP_EVENT_BALLOT && s->own && event.has_payload &&
      strcmp(event.payload, s->data) == 0) {
    nep_own_ballot *own = append(out);
    own->height = event.height;
    memcpy(own->event, event.hash, sizeof own->event);
    if (!nep_tracker(event.payload, own->tracker))
      return nep_fail(err, NEP_E_CHECK, "event-parse", "payload", "is not a hash");
  }
  s->own = false;
  return NEP_OK;
}

nep_status nep_own_ballots_in_archive(const char *path, const char *credential, uint64_t wanted,
                                      nep_own_ballots *out, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  scan s = {.credential = credential, .wanted = wanted};
  bool end = false;
  memset(out, 0, sizeof *out);
  nep_status status = nep_reader_open(path, &r, err);
  while (status == NEP_OK) {
    status = nep_reader_next(r, &record, &end, err);
    if (status != NEP_OK || end)
      break;
    if (record.is_event)
      status = take_event(&s, record.body, out, err);
    else {
      memcpy(s.data, record.hash, sizeof s.data);
      s.own = is_ballot_of(record.body, credential);
    }
  }
  nep_reader_close(r);
  return status;
}
