#include "client-cli/cast_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/own_casts.h"
#include "records/cast_statement.h"
#include "records/receipt.h"

enum { ANSWER_MAX = 65536, TRIES = 5 };

typedef struct own {
  nep_cast_statement last; /* of the highest number; sequence 0: none */
  int64_t confirmed;       /* the highest number with a receipt, 0 for none */
  bool knows;              /* the ballot that is looked for was made here */
} own;

typedef struct shown { /* what the server has */
  nep_cast_statement last;
  nep_cast_receipt receipt;
} shown;

/* ---- this device ---- */

static nep_status add_own(const nep_voter *v, const nep_election *e, const nep_own_cast *cast,
                          own *o, nep_error *err)
{
  nep_buf text = {0};
  nep_cast_statement s;
  nep_status status =
      nep_folder_cast_load(v->dir, e->uuid, NEP_CAST_STATEMENT, cast->n, &text, err);
  if (status == NEP_OK)
    status = nep_cast_statement_parse(e->group, nep_buf_bytes(&text), &s, err);
  if (status == NEP_OK && s.sequence > o->last.sequence)
    o->last = s;
  if (status == NEP_OK && s.sequence > o->confirmed && cast->confirmed)
    o->confirmed = s.sequence;
  nep_buf_free(&text);
  return status;
}

static nep_status read_own(const nep_voter *v, const nep_election *e, const char *public,
                           const char *wanted, own *o, nep_error *err)
{
  nep_own_casts casts;
  nep_status status = nep_own_casts_read(v->dir, e->uuid, public, &casts, err);
  for (size_t i = 0; i < casts.n && status == NEP_OK; i++) {
    o->knows = o->knows || strcmp(casts.list[i].hash, wanted) == 0;
    status = add_own(v, e, &casts.list[i], o, err);
  }
  nep_own_casts_free(&casts);
  return status;
}

/* ---- the server ---- */

static nep_status ask(nep_voter *v, const char *uuid, const char *public, nep_buf *answer,
                      nep_error *err)
{
  char *path = nep_sprintf("/v1/elections/%s/casts/last", uuid);
  char *body = nep_sprintf("{\"credential\":\"%s\"}", public);
  nep_request r = {.path = path,
                   .content_type = "application/json",
                   .body = nep_str_bytes(body),
                   .max = ANSWER_MAX,
                   .tries = TRIES};
  nep_status status = nep_http_send(v->http, &r, answer, err);
  free(body);
  free(path);
  return status;
}

static nep_status check_statement(const nep_election *e, const char *public, const json_t *json,
                                  nep_cast_statement *s, nep_error *err)
{
  nep_buf text = {0};
  nep_json_write(&text, json);
  nep_status status = nep_cast_statement_parse(e->group, nep_buf_bytes(&text), s, err);
  if (status == NEP_OK)
    status = nep_cast_statement_verify(e, public, s->ballot, s, err);
  nep_buf_free(&text);
  return status;
}

static nep_status check_receipt(const nep_voter *v, const json_t *json, const shown *s,
                                nep_cast_receipt *r, nep_error *err)
{
  nep_buf text = {0};
  char tracker[44] = "";
  nep_json_write(&text, json);
  nep_status status = nep_cast_receipt_verify(nep_buf_bytes(&text), v->key, r, err);
  if (status == NEP_OK &&
      (!nep_tracker(s->last.ballot, tracker) || strcmp(r->tracker, tracker) != 0 ||
       strcmp(r->uuid, s->last.uuid) != 0 || strcmp(r->election_hash, s->last.election_hash) != 0))
    status = nep_fail(err, NEP_E_CHECK, "receipt-content", _("receipt"),
                      _("is not for this ballot of this election"));
  nep_buf_free(&text);
  return status;
}

static nep_status read_answer(const nep_voter *v, const nep_election *e, const char *public,
                              const nep_buf *answer, shown *out, nep_error *err)
{
  json_t *json = NULL;
  nep_status status = nep_json_parse(nep_buf_bytes(answer), &json, err);
  if (status == NEP_OK)
    status = nep_json_fields(json, "answer", err, "statement", "receipt", NULL);
  const json_t *statement = json_object_get(json, "statement");
  const json_t *receipt = json_object_get(json, "receipt");
  bool none = json_is_null(statement) && json_is_null(receipt);
  if (status == NEP_OK && !none)
    status = check_statement(e, public, statement, &out->last, err);
  if (status == NEP_OK && !none)
    status = check_receipt(v, receipt, out, &out->receipt, err);
  if (status != NEP_OK)
    (void)nep_inside(err, status, "%s", _("the server's answer about your last ballot"));
  json_decref(json);
  return status;
}

/* ---- what follows ---- */

static void tell(const own *o, const shown *s)
{
  const nep_cast_receipt *r = &s->receipt;
  if (s->last.sequence > 0 && !o->knows) {
    fprintf(stderr,
            _("Another ballot with your credential was accepted at %s: tracker %s, number %llu of "
              "the public record. It was not made with this folder.\n"),
            r->time, r->tracker, (unsigned long long)r->height);
    fprintf(stderr, "%s\n",
            _("If you did not cast it with another device, somebody has your credential: tell the "
              "commission at once. The ballot that you cast now will count in its place."));
  }
  if (s->last.sequence < o->confirmed)
    fprintf(stderr, "%s\n",
            _("Warning: the server does not show the last ballot that it confirmed to you. Keep "
              "this folder, and run check after you have voted."));
}

static nep_status follow(const own *o, const shown *s, nep_cast_place *out, nep_error *err)
{
  const nep_cast_statement *last = s->last.sequence < o->last.sequence ? &o->last : &s->last;
  if (last->sequence >= NEP_CAST_SEQUENCE_MAX) {
    (void)nep_fail(err, NEP_E_STATE, "cast-numbers", _("credential"),
                   _("your credential has signed a ballot with the highest number that there is "
                     "(%lld)"),
                   (long long)last->sequence);
    return nep_advise(err, "%s",
                      _("no program of ours gives such a number: tell the commission that somebody "
                        "may have your credential"));
  }
  out->sequence = last->sequence + 1;
  memcpy(out->previous, last->ballot, sizeof out->previous);
  return NEP_OK;
}

nep_status nep_cast_place_find(nep_voter *v, const nep_election *e, const char *credential,
                               nep_cast_place *out, nep_error *err)
{
  own o = {0};
  shown s = {0};
  nep_buf answer = {0};
  nep_scalar key = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status status = nep_ballot_credential(e, credential, &key, public, err);
  nep_scalar_wipe(&key);
  if (status == NEP_OK)
    status = ask(v, e->uuid, public, &answer, err);
  if (status == NEP_OK)
    status = read_answer(v, e, public, &answer, &s, err);
  if (status == NEP_OK)
    status = read_own(v, e, public, s.last.ballot, &o, err);
  if (status == NEP_OK) {
    tell(&o, &s);
    status = follow(&o, &s, out, err);
  }
  nep_buf_free(&answer);
  return status;
}
