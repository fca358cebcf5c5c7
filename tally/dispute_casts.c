/* Casts files as evidence: read, held against archives and against each other. They are the
   server's when it signed a head of the whole file, or when the reader vouches for them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "protocol/casts.h"
#include "tally/dispute_rules.h"
#include "tally/valid_archive.h"

/* ---- reading ---- */

bool nep_dispute_is_casts(nep_bytes start)
{
  return start.len == NEP_DISPUTE_START &&
         memcmp(start.data, NEP_CASTS_NAME, sizeof NEP_CASTS_NAME) == 0;
}

static bool read_uuid(nep_bytes start, char uuid[65])
{
  const char *body = start.data + NEP_TAR_BLOCK;
  json_t *json = NULL;
  const char *found = NULL;
  if (nep_json_parse((nep_bytes){body, strnlen(body, NEP_TAR_BLOCK)}, &json, NULL) == NEP_OK)
    found = json_string_value(json_object_get(json, "uuid"));
  bool fits = found && strlen(found) <= 64;
  if (fits)
    memcpy(uuid, found, strlen(found) + 1);
  json_decref(json);
  return fits;
}

static nep_status damaged(nep_error *err, const char *why)
{
  return nep_fail(err, NEP_E_CHECK, "casts-chain", "casts", "%s", why);
}

/* Statement and event come by turns, and each event names the one before. */
static nep_status read_entry(nep_archive_reader *r, nep_casts_branch *c, char head[65], bool *end,
                             nep_error *err)
{
  nep_record record;
  struct nep_casts_entry entry;
  char statement[65], hash[65];
  nep_buf text = {0};
  nep_status s = nep_reader_next(r, &record, end, err);
  if (s != NEP_OK || *end)
    return s;
  if (record.is_event || !record.hash_ok || !nep_unhex(record.hash, 64, entry.statement, 32))
    return damaged(err, "a statement does not hash to its name");
  memcpy(statement, record.hash, sizeof statement);
  s = nep_reader_next(r, &record, end, err);
  if (s != NEP_OK)
    return s;
  nep_casts_event(c->n == 0 ? NULL : head, c->n, statement, &text, hash);
  bool fits = !*end && record.is_event && nep_bytes_equal(record.body, nep_buf_bytes(&text)) &&
              nep_unhex(hash, 64, entry.event, 32);
  nep_buf_free(&text);
  if (!fits)
    return damaged(err, "an event does not continue the chain of statements");
  memcpy(head, hash, sizeof hash);
  if ((c->n & (c->n - 1)) == 0)
    c->list = nep_realloc(c->list, c->n == 0 ? 1 : 2 * c->n, sizeof *c->list);
  c->list[c->n++] = entry;
  return NEP_OK;
}

static nep_status read_all(nep_casts_branch *c, nep_error *err)
{
  nep_archive_reader *r = NULL;
  char head[65] = "";
  bool end = false;
  nep_status s = nep_casts_reader_open(c->file, c->uuid, &r, err);
  while (s == NEP_OK && !end)
    s = read_entry(r, c, head, &end, err);
  nep_reader_close(r);
  return s;
}

nep_status nep_dispute_add_casts(nep_dispute *d, const char *path, bool published, nep_bytes start,
                                 nep_error *err)
{
  nep_casts_branch c = {.file = path, .published = published};
  nep_error why = {0};
  nep_status s = read_uuid(start, c.uuid) ? read_all(&c, &why) : damaged(&why, "names no election");
  if (s == NEP_OK) {
    d->casts = nep_realloc(d->casts, d->n_casts + 1, sizeof *d->casts);
    d->casts[d->n_casts++] = c;
    return NEP_OK;
  }
  free(c.list);
  if (s != NEP_E_CHECK && s != NEP_E_INPUT) {
    *err = why;
    return s;
  }
  nep_dispute_say(d, NEP_OPEN, "casts-damaged", NULL, path, NULL,
                  _("%s is no evidence: its chain of hashes does not hold (%s: %s), so anybody may "
                    "have damaged or changed it. Fetch it again."),
                  path, why.code, why.reason);
  return NEP_OK;
}

/* A head covers the events up to its own; what comes after it anybody can have added. */
static bool is_the_servers(const nep_dispute *d, const nep_casts_branch *c)
{
  char last[65];
  bool vouched = c->published;
  if (c->n > 0)
    nep_hex(c->list[c->n - 1].event, 32, last);
  for (size_t i = 0; !vouched && c->n > 0 && i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    vouched = p->kind == NEP_PAPER_CASTS_HEAD && p->receipt.height == c->n - 1 &&
              strcmp(p->receipt.uuid, c->uuid) == 0 && strcmp(p->receipt.event, last) == 0;
  }
  return vouched;
}

/* ---- a casts file against an archive ---- */

static const nep_finding *fault(const nep_findings *f, const char *code)
{
  for (size_t i = 0; i < f->n_faults; i++)
    if (strcmp(f->faults[i].code, code) == 0)
      return &f->faults[i];
  return NULL;
}

static void unattributed(nep_dispute *d, const nep_casts_branch *c, const nep_branch *b,
                         const char *fault_reason)
{
  nep_dispute_say(d, NEP_OPEN, "casts-unattributed", NULL, c->file, b->file,
                  _("%s and %s do not fit each other (%s), but nothing shows that both are the "
                    "server's: name with --published what you fetched yourself, or add a head that "
                    "the server signed for the archive."),
                  c->file, b->file, fault_reason);
}

/* Both statements are in the file, and both are signed by the credential of their ballots, which
   the ballots themselves name: the archive may be anybody's. */
static void wrong_order(nep_dispute *d, const nep_casts_branch *c, const nep_branch *b,
                        const nep_finding *f)
{
  if (is_the_servers(d, c))
    nep_dispute_say(
        d, NEP_SHOWN, "casts-order", "server", c->file, b->file,
        _("The server put an older ballot of a voter after a newer one, so that the older "
          "one counts: %s in %s and %s. The voter's own signed numbers say the other order, "
          "and the server must refuse a ballot that comes so."),
        f->object, b->file, c->file);
  else
    unattributed(d, c, b, f->reason);
}

static void wrong_statement(nep_dispute *d, const nep_casts_branch *c, const nep_branch *b,
                            const nep_finding *f)
{
  const char *voucher = nep_branch_voucher(d, b, b->n_events - 1);
  if (is_the_servers(d, c) && voucher)
    nep_dispute_say(
        d, NEP_SHOWN, "casts-contradict", "server", c->file, b->file,
        _("The server publishes statements that do not fit its own record: %s in %s (shown "
          "by %s), and in %s: %s."),
        f->object, b->file, voucher, c->file, f->reason);
  else
    unattributed(d, c, b, f->reason);
}

/* One of the two may just be older; only after the end of voting there can be no more. */
static void wrong_length(nep_dispute *d, const nep_casts_branch *c, const nep_branch *b,
                         const nep_findings *f)
{
  const char *voucher = b->closed ? nep_branch_voucher(d, b, b->closed_at) : NULL;
  if (fault(f, "casts-extra") && is_the_servers(d, c) && voucher)
    nep_dispute_say(
        d, NEP_SHOWN, "casts-extra", "server", c->file, b->file,
        _("The server publishes statements of ballots that its record has not: voting has ended "
          "in %s (shown by %s), and %s goes on."),
        b->file, voucher, c->file);
  else if (fault(f, "casts-extra"))
    nep_dispute_say(d, NEP_OPEN, "archive-short", NULL, c->file, b->file,
                    _("%s ends before the ballots of which %s speaks: fetch a later archive."),
                    b->file, c->file);
  else
    nep_dispute_say(d, NEP_OPEN, "casts-short", NULL, c->file, b->file,
                    _("%s has no statements of the last ballots of %s: fetch a later casts file."),
                    c->file, b->file);
}

static void fits(nep_dispute *d, const nep_casts_branch *c, nep_branch *b)
{
  if (is_the_servers(d, c))
    b->casts = c;
  nep_dispute_say(d, NEP_NOTED, "casts-held", NULL, c->file, b->file,
                  _("%s: every ballot of %s stands where its voter's own statement says."), c->file,
                  b->file);
}

static void hold(nep_dispute *d, const nep_casts_branch *c, nep_branch *b)
{
  nep_findings f = {0};
  nep_error err = {0};
  nep_status s = nep_casts_beside(c->file, b->file, b->verified, 0, &f, &err);
  const nep_finding *order = fault(&f, "casts-order"), *other = fault(&f, "casts-statement");
  if (!other)
    other = fault(&f, "casts-signature");
  if (order)
    wrong_order(d, c, b, order);
  if (other)
    wrong_statement(d, c, b, other);
  bool length = fault(&f, "casts-extra") || fault(&f, "casts-missing");
  if (s == NEP_OK && f.n_faults == 0)
    fits(d, c, b);
  else if (!order && !other && length)
    wrong_length(d, c, b, &f);
  else if (!order && !other)
    unattributed(d, c, b, s == NEP_OK ? f.faults[0].reason : err.reason);
  nep_findings_free(&f);
}

static void hold_all(nep_dispute *d, const nep_casts_branch *c)
{
  bool any = false;
  for (size_t i = 0; i < d->n_branches; i++) {
    nep_branch *b = &d->branches[i];
    if (strcmp(b->uuid, c->uuid) != 0 || !nep_verified_is_valid(b->verified) ||
        !b->verified->election)
      continue;
    any = true;
    hold(d, c, b);
  }
  if (!any)
    nep_dispute_say(d, NEP_OPEN, "casts-alone", NULL, c->file, NULL,
                    _("%s says nothing without a valid archive of its election: give one."),
                    c->file);
}

/* ---- two casts files ---- */

static void hold_two(nep_dispute *d, const nep_casts_branch *a, const nep_casts_branch *b)
{
  uint64_t n = a->n < b->n ? a->n : b->n, i = 0;
  while (i < n && memcmp(a->list[i].event, b->list[i].event, 32) == 0)
    i++;
  if (strcmp(a->uuid, b->uuid) != 0 || i == n)
    return;
  if (is_the_servers(d, a) && is_the_servers(d, b))
    nep_dispute_say(d, NEP_SHOWN, "casts-fork", "server", a->file, b->file,
                    _("The server publishes two lists of statements: %s and %s part at statement "
                      "%" PRIu64 "."),
                    a->file, b->file, i + 1);
  else
    nep_dispute_say(d, NEP_OPEN, "casts-fork-unattributed", NULL, a->file, b->file,
                    _("%s and %s part at statement %" PRIu64
                      ", but nothing shows that both are the server's: name with --published what "
                      "you fetched yourself."),
                    a->file, b->file, i + 1);
}

void nep_dispute_rule_casts(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_casts; i++) {
    hold_all(d, &d->casts[i]);
    for (size_t j = i + 1; j < d->n_casts; j++)
      hold_two(d, &d->casts[i], &d->casts[j]);
  }
}
