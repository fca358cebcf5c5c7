/* nep-verify acts: what pinned persons, mirrors and trustees have signed or proven beside an
   archive, held against it and against the trust file. Anybody can do it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/casts_verify.h"
#include "records/decryption_proof.h"
#include "records/freeze_act.h"
#include "records/registry_verdict.h"
#include "tally/proofs_file.h"
#include "tally/tally_evidence.h"
#include "tally/valid_archive.h"
#include "tally/verify_commands.h"

typedef enum kind { FREEZE, VERDICT, COUNTERSIGNATURE, TALLY, KINDS } kind;
enum { NOTES_MAX = KINDS + 3 };

typedef struct beside {
  const nep_verified *v;
  nep_trust *trust;
  nep_envelopes given[KINDS];
  json_t *proofs; /* second proofs of decryptions */
  nep_findings findings;
  const char *not_checked[NOTES_MAX];
  size_t n_not_checked;
} beside;

/* ---- sorting what was given ---- */

static const struct form {
  const char *field; /* that no other kind has: a guess, the readers of the records decide */
  const char *name;
} forms[KINDS] = {
    [FREEZE] = {"trustees_hash", "freeze act"},
    [VERDICT] = {"counts", "verdict"},
    [COUNTERSIGNATURE] = {"height", "countersignature"},
    [TALLY] = {"tally_hash", "tally act"},
};

static nep_status sort(beside *b, const char *path, nep_bytes text, nep_error *err)
{
  json_t *json = NULL;
  kind k = FREEZE;
  nep_status s = nep_json_parse(text, &json, err);
  const json_t *message = json_object_get(json, "message");
  while (k < KINDS && json_object_get(message, forms[k].field) == NULL)
    k++;
  json_decref(json);
  if (s == NEP_OK && k == KINDS) {
    (void)nep_fail(err, NEP_E_INPUT, "unknown-file", path, "is nothing that this command knows");
    s = nep_advise(err, "give freeze acts, tally acts, countersignatures, the verdict and the "
                        "proofs of decryption");
  }
  return s == NEP_OK ? nep_envelopes_add_text(&b->given[k], text, err) : s;
}

static nep_status sort_all(beside *b, const char *path, nep_bytes text, nep_error *err)
{
  nep_envelopes *list = nep_alloc(1, sizeof *list);
  nep_status s = nep_envelopes_add_text(list, text, err);
  if (s != NEP_OK)
    s = nep_inside(err, s, "%s", path);
  for (size_t i = 0; s == NEP_OK && i < list->n; i++)
    s = sort(b, path, list->texts[i], err);
  nep_envelopes_free(list);
  free(list);
  return s;
}

/* A list of proofs may be longer than one of envelopes. */
static nep_status read_file(beside *b, const char *path, nep_error *err)
{
  nep_buf text = {0};
  json_t *json = NULL;
  nep_status s = nep_cli_text(path, NEP_DECRYPTION_PROOF_MAX, &text, err);
  if (s == NEP_OK)
    s = nep_json_parse(nep_buf_bytes(&text), &json, err);
  if (s == NEP_OK && nep_proofs_look(json)) {
    s = nep_json_is_canonical(json, nep_buf_bytes(&text))
            ? nep_proofs_add(b->v->election, json, b->proofs, err)
            : nep_fail(err, NEP_E_CHECK, "noncanonical", path, "the text is not in canonical form");
  } else if (s == NEP_OK) {
    s = sort_all(b, path, nep_buf_bytes(&text), err);
  }
  json_decref(json);
  nep_buf_free(&text);
  return s;
}

/* ---- each kind ---- */

static void not_checked(beside *b, const char *what)
{
  b->not_checked[b->n_not_checked++] = what;
}

/* One of them holds or not; those that hold go to *good. */
static void judge(beside *b, kind k, size_t i, nep_status s, const nep_error *why,
                  nep_bytes good[NEP_ENVELOPES_MAX], size_t *n)
{
  static const char *const checks[KINDS] = {"freeze acts", "verdict on the registry",
                                            "countersignatures of the EndBallots head",
                                            "tally acts"};
  char object[48], reason[sizeof why->where + sizeof why->reason + 4];
  snprintf(object, sizeof object, "%s %zu", forms[k].name, i + 1);
  snprintf(reason, sizeof reason, "%s: %s", why->where, why->reason);
  if (nep_check(&b->findings, checks[k], s == NEP_OK, why->code, object, reason))
    good[(*n)++] = b->given[k].texts[i];
}

static void enough(beside *b, kind k, const char *check, nep_status s, const nep_error *why)
{
  (void)nep_check(&b->findings, check, s == NEP_OK, why->code, forms[k].name, why->reason);
}

static void check_freeze(beside *b)
{
  const nep_verified *v = b->v;
  const nep_envelopes *given = &b->given[FREEZE];
  nep_bytes good[NEP_ENVELOPES_MAX];
  nep_freeze_act act = {.uuid = ""};
  size_t n = 0;
  nep_error why = {0};
  snprintf(act.uuid, sizeof act.uuid, "%s", v->election->uuid);
  memcpy(act.election_hash, v->election->phi, sizeof act.election_hash);
  memcpy(act.trustees_hash, v->trustees_hash, sizeof act.trustees_hash);
  memcpy(act.credentials_hash, v->credentials_hash, sizeof act.credentials_hash);
  memcpy(act.setup_hash, v->setup_hash, sizeof act.setup_hash);
  memcpy(act.trust, b->trust->hash, sizeof act.trust);
  for (size_t i = 0; i < given->n; i++) {
    const nep_pinned *signer = NULL;
    nep_status s = nep_freeze_act_verify(given->texts[i], b->trust, &act, &signer, &why);
    judge(b, FREEZE, i, s, &why, good, &n);
  }
  if (given->n == 0)
    not_checked(b, "freeze acts: none was given; officials sign definition, trustees and list");
  else
    enough(b, FREEZE, "enough officials signed the freeze",
           nep_freeze_acts_verify(good, n, b->trust, &act, &why), &why);
}

static void check_verdict(beside *b)
{
  const nep_verified *v = b->v;
  const nep_envelopes *given = &b->given[VERDICT];
  nep_bytes good[NEP_ENVELOPES_MAX];
  size_t n = 0;
  for (size_t i = 0; i < given->n; i++) {
    nep_registry_verdict verdict;
    nep_error why = {0};
    size_t listed = nep_credentials_count(v->credentials);
    nep_status s = nep_registry_verdict_check(given->texts[i], b->trust, v->election->uuid,
                                              v->credentials_hash, &verdict, &why);
    if (s == NEP_OK && (verdict.counts.credentials != listed || verdict.counts.persons < listed))
      s = nep_fail(&why, NEP_E_CHECK, "verdict-counts", "counts",
                   "they do not fit the list, which has %zu credentials", listed);
    judge(b, VERDICT, i, s, &why, good, &n);
  }
  if (given->n == 0)
    not_checked(b, "verdict: none was given; auditors sign which registered persons are listed");
}

static void check_countersignatures(beside *b)
{
  const nep_envelopes *given = &b->given[COUNTERSIGNATURE];
  nep_bytes good[NEP_ENVELOPES_MAX];
  size_t n = 0;
  nep_head head;
  nep_error why = {0};
  nep_end_ballots_head(b->v, &head);
  for (size_t i = 0; i < given->n; i++) {
    const nep_pinned *mirror = NULL;
    nep_status s = nep_countersignature_of(given->texts[i], b->trust, &head, &mirror, &why);
    judge(b, COUNTERSIGNATURE, i, s, &why, good, &n);
  }
  enough(b, COUNTERSIGNATURE, "enough mirrors countersigned",
         nep_countersignatures_verify(good, n, b->trust, &head, &why), &why);
}

static void check_tally(beside *b)
{
  const nep_envelopes *given = &b->given[TALLY];
  nep_bytes good[NEP_ENVELOPES_MAX];
  size_t n = 0;
  nep_tally_act act;
  nep_error why = {0};
  nep_tally_act_expected(b->v, b->trust, &act);
  for (size_t i = 0; i < given->n; i++) {
    const nep_pinned *signer = NULL;
    nep_role role;
    nep_status s = nep_tally_act_verify(given->texts[i], b->trust, &act, &role, &signer, &why);
    judge(b, TALLY, i, s, &why, good, &n);
  }
  enough(b, TALLY, "enough officials and observers signed the tally",
         nep_tally_acts_verify(good, n, b->trust, &act, &why), &why);
  if (n > 0)
    enough(b, TALLY, "closing time, number of voters and weights",
           nep_tally_allowed(b->v, b->trust, act.closes, &why), &why);
}

/* What is about the end of the vote. Before it nothing is asked for; from the tally on all is. */
static void check_end(beside *b)
{
  bool closed = b->v->end_ballots_head[0] != '\0';
  bool tallied = closed && b->v->phase != NEP_EVENT_END_BALLOTS;
  bool given = b->given[COUNTERSIGNATURE].n > 0;
  if (closed && given)
    check_countersignatures(b);
  else if (given || tallied)
    not_checked(b, given ? "countersignatures: voting is not closed in this archive"
                         : "countersignatures: none was given; mirrors sign the end of the vote");
  given = b->given[TALLY].n > 0;
  if (closed && given)
    check_tally(b);
  else if (given || tallied)
    not_checked(b, given ? "tally acts: voting is not closed in this archive"
                         : "tally acts: none was given; officials and observers sign the tally");
}

/* Each decryption of the archive, and whether more was given than it holds. */
static void check_proofs(beside *b)
{
  const nep_verified *v = b->v;
  size_t n = 0, given = json_array_size(b->proofs);
  for (; v->factors && v->factors[n]; n++) {
    char object[32];
    nep_buf text = {0};
    nep_error why = {0};
    if (given == 0)
      continue;
    snprintf(object, sizeof object, "second proof %zu", n + 1);
    nep_status s = nep_proofs_check(v, b->proofs, v->factors[n], &text, &why);
    char reason[sizeof why.where + sizeof why.reason + 4];
    snprintf(reason, sizeof reason, "%s: %s", why.where, why.reason);
    (void)nep_check(&b->findings, "second proofs of partial decryptions", s == NEP_OK, why.code,
                    object, reason);
    nep_buf_free(&text);
  }
  if (given == 0 && n > 0)
    not_checked(b, "proofs of decryption: none was given; without them a trustee who cast the last "
                   "ballot may have shifted the result");
  if (given > n)
    not_checked(b, "proofs of decryption: more were given than this archive has decryptions");
}

static nep_status check_casts(beside *b, const nep_arguments *a, const char *archive,
                              nep_error *err)
{
  const char *casts = nep_option(a, "casts");
  if (casts != NULL) {
    nep_status s = nep_casts_beside(casts, archive, b->v, 0, &b->findings, err);
    if (s != NEP_E_CHECK)
      return s;
    nep_fault(&b->findings, err->code, "casts", "%s: %s", err->where, err->reason);
  } else if (b->v->ballots > 0)
    not_checked(b, "cast statements: no file was given; they show the order of a voter's ballots");
  return NEP_OK;
}

/* ---- the command ---- */

static nep_status run(beside *b, const nep_arguments *a, nep_verified **v, nep_error *err)
{
  size_t n = 0;
  while (nep_argument(a, n + 1) != NULL)
    n++;
  nep_status s = nep_trust_read(nep_option(a, "trust"), &b->trust, err);
  if (s == NEP_OK)
    s = nep_valid_archive(nep_argument(a, n), v, err);
  b->v = *v;
  b->proofs = json_array();
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = read_file(b, nep_argument(a, i), err);
  if (s != NEP_OK)
    return s;
  check_freeze(b);
  check_verdict(b);
  check_end(b);
  check_proofs(b);
  return check_casts(b, a, nep_argument(a, n), err);
}

int nep_verify_acts_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  beside b = {.v = NULL};
  nep_status s = run(&b, a, &v, &err);
  int code = nep_cli_end(s, &err);
  if (s == NEP_OK) {
    if (nep_option(a, "json"))
      nep_findings_print_json(&b.findings, b.not_checked, b.n_not_checked);
    else
      nep_findings_print(&b.findings, b.not_checked, b.n_not_checked);
    code = b.findings.n_faults == 0 && b.n_not_checked == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  }
  for (size_t k = 0; k < KINDS; k++)
    nep_envelopes_free(&b.given[k]);
  json_decref(b.proofs);
  nep_findings_free(&b.findings);
  nep_trust_free(b.trust);
  nep_verified_free(v);
  return code;
}
