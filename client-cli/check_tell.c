/* What nep-voter check says about the voter's ballots. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/check.h"
#include "protocol/json.h"

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

/* ---- what is wrong ---- */

static nep_status missing(const nep_check_report *r, nep_error *err)
{
  const nep_cast_receipt *receipt = &r->cast->receipt;
  (void)nep_fail(err, NEP_E_CHECK, "ballot-missing", receipt->tracker,
                 r->too_short
                     ? _("the archive ends before height %" PRIu64 ", where the receipt of %s "
                         "says that the ballot stands")
                     : _("is not at height %" PRIu64 ", where the receipt of %s says that it "
                         "stands"),
                 receipt->height, receipt->time);
  return nep_advise(err, "%s",
                    _("keep the folder and show ballot, receipt and archive to the commission "
                      "and to observers: the receipt is signed"));
}

static nep_status refused(const nep_check_report *r, nep_error *err)
{
  (void)nep_fail(err, NEP_E_CHECK, "ballot-refused", r->ballot->tracker,
                 _("stands at height %" PRIu64 ", although the server refused it"),
                 r->ballot->height);
  return nep_advise(err, "%s",
                    _("keep the folder and show the refused ballot, the refusal and the archive "
                      "to the commission and to observers"));
}

static nep_status reordered(const nep_check_report *r, nep_error *err)
{
  (void)nep_fail(err, NEP_E_CHECK, "ballot-order", r->ballot->tracker,
                 _("at height %" PRIu64 " stands an older ballot of yours, after one that you "
                   "cast later; the older one counts"),
                 r->ballot->height);
  return nep_advise(err, "%s",
                    _("keep the folder, tell the commission at once and vote again while voting "
                      "is open"));
}

static nep_status replaced(const nep_check_report *r, nep_error *err)
{
  (void)nep_fail(err, NEP_E_CHECK, "ballot-replaced", r->ballot->tracker,
                 _("at height %" PRIu64 " stands a later ballot of your credential, which was not "
                   "cast with this folder; it counts, yours does not"),
                 r->ballot->height);
  return nep_advise(err, "%s",
                    _("if you did not vote with another device, tell the commission at once and "
                      "vote again while voting is open"));
}

static bool is_pending(const nep_own_cast *cast)
{
  return !cast->confirmed && !cast->refused;
}

static nep_status nothing(const nep_check_run *c, nep_error *err)
{
  nep_status status = nep_no_receipt(c->v->dir, err);
  return c->casts.n > 0 && is_pending(&c->casts.list[c->casts.n - 1])
             ? nep_advise(err, "%s", _("run vote: it sends the ballot of this folder again"))
             : status;
}

nep_status nep_check_conclude(const nep_check_run *c, nep_error *err)
{
  switch (c->report.verdict) {
  case NEP_CHECK_MISSING:
    return missing(&c->report, err);
  case NEP_CHECK_REFUSED:
    return refused(&c->report, err);
  case NEP_CHECK_ORDER:
    return reordered(&c->report, err);
  case NEP_CHECK_REPLACED:
    return replaced(&c->report, err);
  case NEP_CHECK_NONE:
    return nothing(c, err);
  case NEP_CHECK_LAST:
    break;
  }
  return nep_check_casts_done(&c->order, err);
}

/* ---- JSON ---- */

static const char *verdict_name(const nep_check_run *c)
{
  static const char *const stages[] = {"recorded", "final", "counted", "counted"};
  static const char *const names[] = {[NEP_CHECK_MISSING] = "missing",
                                      [NEP_CHECK_REFUSED] = "refused",
                                      [NEP_CHECK_ORDER] = "reordered",
                                      [NEP_CHECK_REPLACED] = "replaced",
                                      [NEP_CHECK_NONE] = "none"};
  if (c->report.verdict != NEP_CHECK_LAST)
    return names[c->report.verdict];
  return c->order.checked ? stages[stage_of(c->verified)] : "incomplete";
}

static json_t *ballots_json(const nep_check_run *c)
{
  json_t *list = json_array();
  for (size_t i = 0; i < c->own.n; i++) {
    const nep_own_ballot *b = &c->own.list[i];
    const nep_own_cast *cast = nep_own_casts_find(&c->casts, b->tracker);
    const char *made = cast == NULL      ? "elsewhere"
                       : cast->confirmed ? "confirmed"
                       : cast->refused   ? "refused"
                                         : "unconfirmed";
    json_array_append_new(list, json_pack("{s:s,s:I,s:s}", "tracker", b->tracker, "height",
                                          (json_int_t)b->height, "cast", made));
  }
  return list;
}

/* The ballot that the verdict is about: where it stands, or where its receipt says that it does. */
static void ballot_of(const nep_check_run *c, const char **tracker, uint64_t *height)
{
  const nep_check_report *r = &c->report;
  const nep_own_cast *cast = r->cast != NULL ? r->cast : &c->casts.list[c->casts.n - 1];
  bool stands = r->cast != NULL && r->ballot != NULL;
  *tracker = cast->tracker;
  *height = stands ? r->ballot->height : cast->receipt.height;
}

static void print_json(const nep_check_run *c)
{
  nep_buf text = {0};
  const char *tracker;
  uint64_t height;
  size_t receipts = 0, pending = 0;
  ballot_of(c, &tracker, &height);
  for (size_t i = 0; i < c->casts.n; i++) {
    receipts += c->casts.list[i].confirmed;
    pending += is_pending(&c->casts.list[i]);
  }
  json_t *j = json_pack(
      "{s:s,s:s,s:s,s:I,s:I,s:b,s:I,s:b,s:I,s:o}", "verdict", verdict_name(c), "uuid", c->uuid,
      "tracker", tracker, "height", (json_int_t)height, "receipts", (json_int_t)receipts, "pending",
      (int)(pending > 0), "not_cast_here", (json_int_t)c->report.strangers, "order_checked",
      (int)c->order.checked, "gaps", (json_int_t)c->order.gaps, "ballots", ballots_json(c));
  nep_json_write(&text, j);
  puts(text.data);
  nep_buf_free(&text);
  json_decref(j);
}

/* ---- text ---- */

static void say_pending(const nep_check_run *c)
{
  for (size_t i = 0; i < c->casts.n; i++) {
    const nep_own_cast *cast = &c->casts.list[i];
    if (is_pending(cast) && nep_check_stands(&c->own, cast))
      printf(_("Your ballot %s stands in the public record, but its receipt never came; run vote "
               "to ask for it.\n"),
             cast->tracker);
    else if (is_pending(cast))
      puts(_("A ballot on this device was never confirmed; run vote to send it again."));
  }
}

static void say_last(const nep_check_run *c)
{
  printf(_("Your ballot %s stands at height %" PRIu64 " of the public record.\n"),
         c->report.cast->tracker, c->report.ballot->height);
  switch (stage_of(c->verified)) {
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

static void print_text(const nep_check_run *c)
{
  const nep_verified *v = c->verified;
  size_t strangers = c->report.strangers;
  printf(_("The archive is valid: %" PRIu64 " events, %" PRIu64 " ballots, every check held.\n"),
         v->events, v->ballots);
  if (strangers > 0)
    printf(ngettext("Warning: %zu ballot of your credential was not cast with this folder.\n",
                    "Warning: %zu ballots of your credential were not cast with this folder.\n",
                    strangers),
           strangers);
  nep_check_casts_say(&c->order);
  say_pending(c);
  if (c->report.verdict == NEP_CHECK_LAST)
    say_last(c);
}

void nep_check_tell(const nep_check_run *c)
{
  if (c->v->json)
    print_json(c);
  else
    print_text(c);
}
