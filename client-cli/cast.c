#include "client-cli/cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"

enum { ANSWER_MAX = 65536, TRIES = 5 };

nep_status nep_cast_body(nep_bytes ballot, nep_bytes statement, size_t bytes, nep_buf *out,
                         nep_error *err)
{
  size_t start = out->len;
  nep_cast_join(ballot, statement, out);
  size_t len = out->len - start;
  if (len > bytes) {
    out->len = start;
    return nep_fail(err, NEP_E_INTERNAL, "ballot-length", NULL,
                    "a ballot of %zu bytes does not fit into %zu", len, bytes);
  }
  memset(nep_buf_room(out, bytes - len), ' ', bytes - len);
  out->len += bytes - len;
  return NEP_OK;
}

/* What is sent. */
typedef struct sent {
  nep_buf ballot, statement, body;
} sent;

static void sent_free(sent *s)
{
  nep_buf_free(&s->body);
  nep_buf_free(&s->statement);
  nep_buf_free(&s->ballot);
}

static nep_status load(const nep_voter *v, const nep_election *e, unsigned n, sent *s,
                       nep_error *err)
{
  nep_status status = nep_folder_cast_load(v->dir, e->uuid, NEP_CAST_BALLOT, n, &s->ballot, err);
  if (status == NEP_OK)
    status = nep_folder_cast_load(v->dir, e->uuid, NEP_CAST_STATEMENT, n, &s->statement, err);
  if (status == NEP_OK)
    status = nep_cast_body(nep_buf_bytes(&s->ballot), nep_buf_bytes(&s->statement),
                           nep_ballot_envelope(e), &s->body, err);
  return status;
}

nep_status nep_cast_receipt_check(nep_bytes envelope, const char *server_key, const nep_election *e,
                                  nep_bytes ballot, nep_cast_receipt *out, nep_error *err)
{
  char hash[65], tracker[44];
  nep_status status = nep_cast_receipt_verify(envelope, server_key, out, err);
  if (status != NEP_OK)
    return nep_inside(err, status, "%s", _("receipt"));
  nep_sha256_hex(ballot.data, ballot.len, hash);
  if (!nep_tracker(hash, tracker) || strcmp(out->uuid, e->uuid) != 0 ||
      strcmp(out->election_hash, e->phi) != 0 || strcmp(out->tracker, tracker) != 0)
    return nep_fail(err, NEP_E_CHECK, "receipt-content", _("receipt"),
                    _("is not for this ballot of this election"));
  return NEP_OK;
}

/* PROTOCOL-ADDITIONS 3.4, 12.10: only then does the refusal decide anything. */
static bool refuses_this(const nep_refusal *r, const char *uuid, const sent *s)
{
  static const char *const codes[] = {"not-open", "closed", "cast-order", "cast-challenged"};
  char ballot[65], statement[65], tracker[44];
  bool known = false;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    known = known || strcmp(r->code, codes[i]) == 0;
  nep_sha256_hex(s->ballot.data, s->ballot.len, ballot);
  nep_sha256_hex(s->statement.data, s->statement.len, statement);
  return known && nep_tracker(ballot, tracker) && strcmp(r->uuid, uuid) == 0 &&
         strcmp(r->tracker, tracker) == 0 && strcmp(r->statement, statement) == 0;
}

/* Appends the envelope that the problem document holds, nothing when there is none. */
static void envelope_in(nep_bytes problem, nep_buf *out)
{
  json_t *document = NULL;
  if (nep_json_parse(problem, &document, NULL) != NEP_OK)
    return;
  const json_t *member = json_object_get(document, "refusal");
  if (json_is_string(member))
    nep_buf_str(out, json_string_value(member));
  else if (json_is_object(member))
    nep_json_write(out, member);
  json_decref(document);
}

/* A refusal that holds is kept; of any other the voter learns that it shows nothing. */
static void take_refusal(nep_voter *v, const char *uuid, unsigned n, nep_bytes problem,
                         const sent *s)
{
  nep_buf text = {0};
  nep_refusal refusal;
  nep_error err = {0};
  envelope_in(problem, &text);
  if (text.len == 0 || nep_refusal_verify(nep_buf_bytes(&text), v->key, &refusal, NULL) != NEP_OK ||
      !refuses_this(&refusal, uuid, s))
    fprintf(stderr, "%s\n",
            _("The server did not sign a refusal that holds for this ballot: nothing shows that it "
              "refused it."));
  else if (nep_folder_cast_save(v->dir, uuid, NEP_CAST_REFUSAL, n, nep_buf_bytes(&text), &err) ==
           NEP_OK)
    fprintf(stderr, "%s\n", _("The server signed its refusal; it is kept in your folder."));
  else
    nep_say_error("nep-voter", &err);
  nep_buf_free(&text);
}

/* 4xx is the server's word that the ballot was not accepted and will not be; everything else, no
   answer included, leaves open whether it was stored. */
static bool is_final(long http_status)
{
  return http_status >= 400 && http_status < 500 && http_status != 408 && http_status != 429;
}

static nep_status store_receipt(nep_voter *v, const nep_election *e, unsigned n, nep_bytes ballot,
                                nep_buf *answer, nep_cast_receipt *receipt, nep_error *err)
{
  while (answer->len > 0 && answer->data[answer->len - 1] == '\n')
    answer->data[--answer->len] = '\0';
  nep_status status =
      nep_cast_receipt_check(nep_buf_bytes(answer), v->key, e, ballot, receipt, err);
  return status != NEP_OK ? status
                          : nep_folder_cast_save(v->dir, e->uuid, NEP_CAST_RECEIPT, n,
                                                 nep_buf_bytes(answer), err);
}

static void put_aside(nep_voter *v, const char *uuid, unsigned n)
{
  nep_error err = {0};
  if (nep_folder_cast_refused(v->dir, uuid, n, &err) != NEP_OK)
    nep_say_error("nep-voter", &err);
}

nep_status nep_cast_send(nep_voter *v, const nep_paper *paper, unsigned n,
                         nep_cast_receipt *receipt, nep_error *err)
{
  const nep_election *e = paper->election;
  sent s = {0};
  nep_buf answer = {0};
  long http_status = 0;
  char *path = nep_sprintf("/v1/elections/%s/ballots", e->uuid);
  nep_status status = load(v, e, n, &s, err);
  if (status == NEP_OK) {
    nep_request r = {.path = path,
                     .content_type = "application/json",
                     .body = nep_buf_bytes(&s.body),
                     .max = ANSWER_MAX,
                     .http_status = &http_status,
                     .tries = TRIES};
    status = nep_http_send(v->http, &r, &answer, err);
  }
  if (status == NEP_OK)
    status = store_receipt(v, e, n, nep_buf_bytes(&s.ballot), &answer, receipt, err);
  else if (is_final(http_status)) {
    take_refusal(v, e->uuid, n, nep_buf_bytes(&answer), &s);
    put_aside(v, e->uuid, n);
  }
  free(path);
  nep_buf_free(&answer);
  sent_free(&s);
  return status;
}
