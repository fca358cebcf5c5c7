/* nep-voter check: the whole archive is verified, and the voter's receipts are held against it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "base/progress.h"
#include "client-cli/cast.h"
#include "client-cli/check_casts.h"
#include "client-cli/check_verdict.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "client-cli/server_key.h"
#include "client-cli/voter.h"
#include "protocol/verify.h"

enum { HEAD_MAX = 65536 };

#define ARCHIVE_MAX (UINT64_C(1) << 42)

typedef struct check {
  nep_voter *v;
  const char *uuid;
  char *archive;   /* path */
  bool downloaded; /* ... to be removed afterwards */
  nep_head head;   /* the server's signed head, when it was asked */
  nep_verified *verified;
  nep_cast_receipt *receipts;
  size_t n_receipts;
  bool pending; /* a ballot waits for its receipt */
  nep_own_ballots own;
  nep_check_report report;
  nep_casts_report casts;
} check;

/* ---- the archive ---- */

/* The head first: what the server has signed must be in the archive that it gives afterwards. */
static nep_status get_head(check *c, nep_error *err)
{
  nep_buf answer = {0};
  char *path = nep_sprintf("/v1/elections/%s/head", c->uuid);
  nep_status status = nep_http_get(c->v->http, path, HEAD_MAX, &answer, err);
  while (answer.len > 0 && answer.data[answer.len - 1] == '\n')
    answer.data[--answer.len] = '\0';
  if (status == NEP_OK)
    status = nep_head_verify(nep_buf_bytes(&answer), c->v->key, &c->head, err);
  if (status == NEP_OK && strcmp(c->head.uuid, c->uuid) != 0)
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "uuid",
                      _("the signed head is of another election"));
  nep_buf_free(&answer);
  free(path);
  return status;
}

static nep_status get_archive(check *c, nep_error *err)
{
  nep_voter *v = c->v;
  if (v->archive != NULL) {
    c->archive = nep_strdup(v->archive);
    return nep_server_key_pinned(v->dir, v->expected_server_key, v->key, err);
  }
  nep_status status = nep_voter_key(v, err);
  if (status == NEP_OK)
    status = get_head(c, err);
  if (status != NEP_OK)
    return status;
  c->archive = nep_sprintf("%s/archive-%s.bel", v->dir, c->uuid);
  c->downloaded = true;
  unlink(c->archive);
  char *path = nep_sprintf("/v1/elections/%s/archive", c->uuid);
  status = nep_http_download(v->http, path, c->archive, ARCHIVE_MAX, err);
  free(path);
  return status;
}

static void step(void *ctx, uint64_t done, uint64_t total)
{
  nep_progress *p = ctx;
  p->total = total;
  nep_progress_step(p, done);
}

static nep_status verify_archive(check *c, nep_error *err)
{
  nep_progress progress;
  nep_progress_start(&progress, _("verifying the archive"), 0);
  nep_verify_options options = {.progress = step, .progress_ctx = &progress};
  nep_status status = nep_verify_archive(c->archive, &options, &c->verified, err);
  nep_progress_end(&progress);
  if (status != NEP_OK)
    return status;
  nep_verified *v = c->verified;
  for (size_t i = 0; i < v->findings.n_faults; i++) {
    fprintf(stderr, "  %s: ", v->findings.faults[i].object);
    nep_show(stderr, v->findings.faults[i].reason);
    fprintf(stderr, " [%s]\n", v->findings.faults[i].code);
  }
  if (!nep_verified_is_valid(v) || v->election == NULL)
    return nep_fail(err, NEP_E_CHECK, "archive-invalid", c->archive,
                    _("%zu checks of the archive failed"), v->findings.n_faults);
  if (strcmp(v->election->uuid, c->uuid) != 0)
    return nep_fail(err, NEP_E_CHECK, "other-election", c->archive,
                    _("is the archive of another election (%s)"), v->election->uuid);
  return NEP_OK;
}

/* ---- receipts ---- */

static nep_status load_receipt(check *c, unsigned n, nep_error *err)
{
  nep_buf ballot = {0}, receipt = {0};
  nep_status status = nep_folder_cast_load(c->v->dir, c->uuid, NEP_CAST_BALLOT, n, &ballot, err);
  if (status == NEP_OK)
    status = nep_folder_cast_load(c->v->dir, c->uuid, NEP_CAST_RECEIPT, n, &receipt, err);
  if (status == NEP_OK)
    status = nep_cast_receipt_check(nep_buf_bytes(&receipt), c->v->key, c->verified->election,
                                    nep_buf_bytes(&ballot), &c->receipts[c->n_receipts], err);
  c->n_receipts += status == NEP_OK;
  nep_buf_free(&receipt);
  nep_buf_free(&ballot);
  return status;
}

static nep_status load_receipts(check *c, nep_error *err)
{
  unsigned last = nep_folder_casts(c->v->dir, c->uuid, NEP_CAST_BALLOT);
  nep_status status = NEP_OK;
  c->receipts = nep_alloc(last + 1, sizeof *c->receipts);
  for (unsigned n = 1; n <= last && status == NEP_OK; n++) {
    if (!nep_folder_has_cast(c->v->dir, c->uuid, NEP_CAST_BALLOT, n))
      continue;
    if (nep_folder_has_cast(c->v->dir, c->uuid, NEP_CAST_RECEIPT, n))
      status = load_receipt(c, n, err);
    else
      c->pending = true;
  }
  if (status == NEP_OK && c->n_receipts == 0) {
    status = nep_fail(err, NEP_E_NOT_FOUND, "no-receipt", c->v->dir,
                      _("holds no receipt of a ballot in this election"));
    nep_advise(err, "%s", _("vote first, or give the folder of the device that you voted with"));
  }
  return status;
}

static nep_status find_own(check *c, nep_error *err)
{
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status status =
      nep_voter_credential(c->v, c->verified->election->group, c->uuid, public, err);
  if (status == NEP_E_NOT_FOUND) { /* it was typed when voting: the ballot names it */
    nep_buf ballot = {0};
    nep_ballot *parsed = NULL;
    nep_findings ignored = {0};
    unsigned last = nep_folder_casts(c->v->dir, c->uuid, NEP_CAST_BALLOT);
    status = nep_folder_cast_load(c->v->dir, c->uuid, NEP_CAST_BALLOT, last, &ballot, err);
    if (status == NEP_OK)
      nep_ballot_parse(c->verified->election, nep_buf_bytes(&ballot), "ballot", &parsed, &ignored);
    if (status == NEP_OK && parsed == NULL)
      status = nep_fail(err, NEP_E_INPUT, "ballot-file", c->v->dir, _("the ballot is damaged"));
    if (status == NEP_OK)
      snprintf(public, sizeof public, "%s", parsed->credential);
    nep_ballot_free(parsed);
    nep_findings_free(&ignored);
    nep_buf_free(&ballot);
  }
  if (status == NEP_OK)
    status = nep_own_ballots_in_archive(c->archive, public, c->head.height, &c->own, err);
  if (status == NEP_OK && c->downloaded && strcmp(c->own.wanted_event, c->head.event) != 0)
    status = nep_fail(err, NEP_E_CHECK, "head-differs", c->archive,
                      _("the archive does not contain the head that the server signed (height "
                        "%" PRIu64 ", event %s)"),
                      c->head.height, c->head.event);
  return status;
}

/* ---- what is told ---- */

/* How far the count has come, as far as this archive shows it. */
typedef enum stage { STAGE_VOTING, STAGE_CLOSED, STAGE_TALLIED, STAGE_RESULT } stage;

static stage stage_of(const nep_verified *v)
{
  if (v->result != NULL)
    return STAGE_RESULT;
  if (v->tally_published)
    return STAGE_TALLIED;
  return v->end_ballots_head[0] != '\0' ? STAGE_CLOSED : STAGE_VOTING;
}

static nep_status conclude(const check *c, nep_error *err)
{
  const nep_check_report *r = &c->report;
  if (r->verdict == NEP_CHECK_MISSING) {
    const nep_cast_receipt *receipt = &c->receipts[r->missing];
    nep_fail(err, NEP_E_CHECK, "ballot-missing", receipt->tracker,
             r->too_short ? _("the archive ends before height %" PRIu64 ", where the receipt of %s "
                              "says that the ballot stands")
                          : _("is not at height %" PRIu64 ", where the receipt of %s says that it "
                              "stands"),
             receipt->height, receipt->time);
    return nep_advise(err, "%s",
                      _("keep the folder and show ballot, receipt and archive to the commission "
                        "and to observers: the receipt is signed"));
  }
  if (r->verdict == NEP_CHECK_REPLACED) {
    nep_fail(err, NEP_E_CHECK, "ballot-replaced", r->last.tracker,
             _("at height %" PRIu64 " stands a later ballot of your credential, which was not cast "
               "with this folder; it counts, yours does not"),
             r->last.height);
    return nep_advise(err, "%s",
                      _("if you did not vote with another device, tell the commission at once and "
                        "vote again while voting is open"));
  }
  return NEP_OK;
}

static const char *verdict_name(const check *c)
{
  static const char *const stages[] = {"recorded", "final", "counted", "counted"};
  if (c->report.verdict == NEP_CHECK_LAST)
    return stages[stage_of(c->verified)];
  return c->report.verdict == NEP_CHECK_MISSING ? "missing" : "replaced";
}

static void print_json(const check *c)
{
  const nep_cast_receipt *last = &c->receipts[c->n_receipts - 1];
  nep_buf text = {0};
  json_t *ballots = json_array();
  for (size_t i = 0; i < c->own.n; i++)
    json_array_append_new(ballots, json_pack("{s:s,s:I}", "tracker", c->own.list[i].tracker,
                                             "height", (json_int_t)c->own.list[i].height));
  json_t *j =
      json_pack("{s:s,s:s,s:s,s:I,s:I,s:b,s:I,s:b,s:I,s:o}", "verdict", verdict_name(c), "uuid",
                c->uuid, "tracker", last->tracker, "height", (json_int_t)last->height, "receipts",
                (json_int_t)c->n_receipts, "pending", (int)c->pending, "not_cast_here",
                (json_int_t)c->report.strangers, "order_checked", (int)c->casts.checked, "gaps",
                (json_int_t)c->casts.gaps, "ballots", ballots);
  nep_json_write(&text, j);
  puts(text.data);
  nep_buf_free(&text);
  json_decref(j);
}

static void print_text(const check *c)
{
  const nep_cast_receipt *last = &c->receipts[c->n_receipts - 1];
  const nep_verified *v = c->verified;
  printf(_("The archive is valid: %" PRIu64 " events, %" PRIu64 " ballots, every check held.\n"),
         v->events, v->ballots);
  if (c->report.strangers > 0)
    printf(ngettext("Warning: %zu ballot of your credential was not cast with this folder.\n",
                    "Warning: %zu ballots of your credential were not cast with this folder.\n",
                    c->report.strangers),
           c->report.strangers);
  nep_check_casts_say(&c->casts);
  if (c->pending)
    puts(_("A ballot on this device was never confirmed; run vote to send it again."));
  if (c->report.verdict != NEP_CHECK_LAST)
    return;
  printf(_("Your ballot %s stands at height %" PRIu64 " of the public record.\n"), last->tracker,
         last->height);
  switch (stage_of(v)) {
  case STAGE_VOTING:
    puts(_("It is the last ballot of your credential: it will be counted unless you vote again."));
    break;
  case STAGE_CLOSED:
    puts(_("Voting has ended and it is the last ballot of your credential: it will be counted."));
    break;
  case STAGE_TALLIED:
    puts(_("It is the last ballot of your credential and is in the encrypted tally, which this "
           "program computed itself."));
    break;
  case STAGE_RESULT:
    puts(_("It is the last ballot of your credential and is in the published result, which this "
           "program verified."));
    break;
  }
}

static void check_free(check *c)
{
  if (c->downloaded)
    unlink(c->archive);
  nep_own_ballots_free(&c->own);
  free(c->receipts);
  nep_verified_free(c->verified);
  free(c->archive);
}

nep_status nep_voter_check(nep_voter *v, nep_error *err)
{
  check c = {.v = v};
  if (v->registered)
    return nep_voter_registered(v, err);
  nep_status status = nep_voter_election(v, &c.uuid, err);
  if (status == NEP_OK)
    status = get_archive(&c, err);
  if (status == NEP_OK)
    status = verify_archive(&c, err);
  if (status == NEP_OK)
    status = load_receipts(&c, err);
  if (status == NEP_OK)
    status = find_own(&c, err);
  if (status == NEP_OK)
    status = nep_check_casts(v, c.verified, c.archive, &c.own, &c.casts, err);
  if (status == NEP_OK) {
    nep_check_receipts(&c.own, c.receipts, c.n_receipts, &c.report);
    if (v->json)
      print_json(&c);
    else
      print_text(&c);
    status = conclude(&c, err);
  }
  check_free(&c);
  return status;
}
