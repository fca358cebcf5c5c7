/* nep-tally registry audit: from the auditors' shares to the list of credentials, the signed
   verdict on it, and a report that people read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/printable.h"
#include "crypto/hash.h"
#include "records/registry_verdict.h"
#include "records/tags.h"
#include "tally/registry_files.h"
#include "tally/tally_commands.h"

typedef struct work {
  nep_registry *registry;
  nep_trust *trust;
  nep_registry_share *shares[NEP_CLI_VALUES_MAX];
  size_t n_shares;
  nep_buf key_sets[NEP_CLI_VALUES_MAX]; /* the provider's */
  size_t n_key_sets;
  nep_findings findings;
  nep_registry_verdict verdict;
  nep_buf credentials, report;
} work;

/* ---- shares: a bad one is named, and the others go on ---- */

static bool is_there(const work *w, size_t owner)
{
  for (size_t i = 0; i < w->n_shares; i++)
    if (w->shares[i]->owner == owner)
      return true;
  return false;
}

static void take_share(work *w, const char *path)
{
  nep_buf text = {0};
  nep_registry_share *share = NULL;
  nep_error err = {0};
  char line[1024];
  nep_status s = nep_cli_secret(path, NEP_REGISTRY_TEXT_MAX, &text, &err);
  if (s == NEP_OK)
    s = nep_registry_share_verify(w->registry, w->trust->audit, nep_buf_bytes(&text), &share, &err);
  if (s == NEP_OK && is_there(w, share->owner))
    s = nep_fail(&err, NEP_E_CHECK, "share-duplicate", path, "auditor %zu is there already",
                 share->owner);
  if (s == NEP_OK) {
    nep_buf_printf(&w->report, "share accepted: auditor %zu\n", share->owner);
    w->shares[w->n_shares++] = share;
  } else {
    char *shown = nep_printable(nep_error_line(&err, line, sizeof line));
    nep_buf_printf(&w->report, "share refused: %s: %s (%s)\n", path, shown, err.code);
    free(shown);
    nep_registry_share_free(share);
  }
  nep_buf_wipe(&text);
}

/* ---- the audit ---- */

static nep_status read_key_sets(const nep_arguments *a, work *w, nep_error *err)
{
  const char *paths[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, "provider-keys", paths);
  nep_status s = NEP_OK;
  if (n == 0) {
    s = nep_fail(err, NEP_E_INPUT, "usage", "--provider-keys",
                 "the identity provider's key set is needed");
    return nep_advise(err,
                      "take it from the provider itself, never from the server of the election");
  }
  for (size_t i = 0; s == NEP_OK && i < n; i++, w->n_key_sets++)
    s = nep_cli_text(paths[i], NEP_JWKS_MAX, &w->key_sets[i], err);
  return s;
}

static nep_status audit(work *w, nep_error *err)
{
  const nep_registry *r = w->registry;
  const nep_trust *t = w->trust;
  nep_bytes key_sets[NEP_CLI_VALUES_MAX];
  const nep_registry_rules rules = {
      {t->issuer, t->audience, t->claim, 0, 0}, key_sets, w->n_key_sets};
  for (size_t i = 0; i < w->n_key_sets; i++)
    key_sets[i] = nep_buf_bytes(&w->key_sets[i]);
  nep_element *masks = nep_alloc(r->n_entries + 1, sizeof *masks);
  nep_status s = nep_registry_masks(r, t->audit, (const nep_registry_share *const *)w->shares,
                                    w->n_shares, masks, err);
  if (s == NEP_OK)
    s = nep_registry_audit(r, masks, &rules, &w->findings, &w->verdict.counts, &w->credentials,
                           err);
  nep_wipe(masks, r->n_entries * sizeof *masks);
  free(masks);
  return s;
}

/* The server names the roll, too. Nobody but the commission knows the right one. */
static void write_roll(work *w)
{
  const nep_registry *r = w->registry;
  nep_sha256 h;
  uint8_t hash[32];
  char hex[65], weight[24];
  nep_sha256_start(&h);
  for (size_t i = 0; i < r->n_roll; i++) {
    snprintf(weight, sizeof weight, ",%" PRIu64, r->roll[i].weight);
    nep_sha256_add(&h, r->roll[i].identifier, strlen(r->roll[i].identifier));
    nep_sha256_add(&h, weight, r->weighted ? strlen(weight) : 0);
    nep_sha256_add(&h, "\n", 1);
  }
  nep_sha256_end(&h, hash);
  nep_hex(hash, sizeof hash, hex);
  nep_buf_printf(&w->report,
                 "not checked: the roll is the server's word. It has %zu persons; the SHA-256 of "
                 "their sorted identifiers%s, one a line, is\n  %s\n"
                 "  which the commission's own roll must have, too\n",
                 r->n_roll, r->weighted ? " and weights (identifier,weight)" : "", hex);
}

static void write_report(work *w)
{
  const nep_findings *f = &w->findings;
  const nep_registry_counts *c = &w->verdict.counts;
  nep_buf_printf(&w->report, "checks run:\n");
  for (size_t i = 0; i < f->n_checks; i++)
    nep_buf_printf(&w->report, "  %-24s %" PRIu64 "\n", f->checks[i].name, f->checks[i].run);
  write_roll(w);
  for (size_t i = 0; i < f->n_faults; i++) {
    char *reason = nep_printable(f->faults[i].reason);
    nep_buf_printf(&w->report, "refused: %s: %s (%s)\n", f->faults[i].object, reason,
                   f->faults[i].code);
    free(reason);
  }
  nep_buf_printf(&w->report,
                 "election %s, event %s\ntrust file %s\nexport %s\n"
                 "%" PRIu64 " registrations of %" PRIu64 " persons: %" PRIu64
                 " replaced by a later one, %" PRIu64 " refused\n%" PRIu64
                 " credentials in the list\n",
                 w->verdict.uuid, w->verdict.event, w->trust->fingerprint, w->verdict.export,
                 c->registrations, c->persons, c->replaced, c->refused, c->credentials);
}

/* ---- what is put out ---- */

static nep_status write_file(const nep_arguments *a, const char *name, const nep_buf *text,
                             nep_error *err)
{
  char *path = NULL;
  nep_status s = nep_cli_path(nep_option(a, "out"), name, "", &path, err);
  if (s == NEP_OK)
    s = nep_cli_save(path, nep_buf_bytes(text), false, err);
  free(path);
  return s;
}

static nep_status load_signer(const nep_arguments *a, const nep_trust *t, nep_signing_key **key,
                              nep_error *err)
{
  char public[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_signing_key_load(nep_option(a, "key"), key, err);
  if (s != NEP_OK)
    return s;
  nep_signing_key_public(*key, public);
  const nep_pinned *who = nep_trust_find(t, NEP_ROLE_AUDIT_SIGNER, public);
  if (who == NULL || strcmp(who->name, nep_option(a, "name")) != 0)
    s = nep_fail(err, NEP_E_DENIED, "audit-signer", "--key",
                 "the trust file does not pin this key as that of the audit signer %s",
                 nep_option(a, "name"));
  return s;
}

static nep_status put_out(const nep_arguments *a, work *w, const nep_signing_key *key,
                          nep_error *err)
{
  nep_buf message = {0}, envelope = {0};
  nep_sha256_hex(w->credentials.data, w->credentials.len, w->verdict.credentials);
  nep_clock_text(nep_clock_now(), w->verdict.time);
  nep_registry_verdict_write(&w->verdict, &message);
  nep_envelope_make(key, NEP_TAG_REGISTRY_VERDICT, nep_buf_bytes(&message), &envelope);
  nep_status s = write_file(a, "credentials.json", &w->credentials, err);
  if (s == NEP_OK)
    s = write_file(a, "verdict.json", &envelope, err);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
  return s;
}

static nep_status run(const nep_arguments *a, work *w, nep_error *err)
{
  const char *paths[NEP_CLI_VALUES_MAX];
  nep_signing_key *key = NULL;
  nep_status s = nep_registry_files(a, &w->registry, &w->trust, err);
  if (s == NEP_OK)
    s = load_signer(a, w->trust, &key, err);
  if (s == NEP_OK)
    s = read_key_sets(a, w, err);
  if (s == NEP_OK) {
    size_t n = nep_options(a, "share", paths);
    for (size_t i = 0; i < n; i++)
      take_share(w, paths[i]);
    snprintf(w->verdict.uuid, sizeof w->verdict.uuid, "%s", w->registry->uuid);
    snprintf(w->verdict.event, sizeof w->verdict.event, "%s", w->registry->event);
    snprintf(w->verdict.export, sizeof w->verdict.export, "%s", w->registry->hash);
    snprintf(w->verdict.trust, sizeof w->verdict.trust, "%s", w->trust->hash);
    s = audit(w, err);
    write_report(w);
    fputs(w->report.data, stdout);
  }
  if (s == NEP_OK)
    s = write_file(a, "report.txt", &w->report, err);
  if (s == NEP_OK)
    s = put_out(a, w, key, err);
  nep_signing_key_free(key);
  return s;
}

static void work_free(work *w)
{
  for (size_t i = 0; i < w->n_shares; i++)
    nep_registry_share_free(w->shares[i]);
  for (size_t i = 0; i < w->n_key_sets; i++)
    nep_buf_free(&w->key_sets[i]);
  nep_findings_free(&w->findings);
  nep_buf_free(&w->credentials);
  nep_buf_free(&w->report);
  nep_trust_free(w->trust);
  nep_registry_free(w->registry);
}

int nep_tally_registry_audit_command(const nep_arguments *a)
{
  nep_error err = {0};
  work w = {.n_shares = 0};
  nep_status s = run(a, &w, &err);
  if (s == NEP_OK && w.verdict.counts.refused > 0) {
    s = nep_fail(&err, NEP_E_CHECK, "audit-refused", "registrations",
                 "%" PRIu64 " refused; the files are written and the verdict counts them",
                 w.verdict.counts.refused);
    nep_advise(&err, "read report.txt and decide before you hand the verdict on");
  }
  work_free(&w);
  return nep_cli_end(s, &err);
}
