#include "records/registry_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/credentials.h"

/* A registration under audit. */
typedef struct item {
  const nep_registry_entry *entry;
  nep_registration *content;                   /* NULL when the box did not open */
  const nep_registered_credential *credential; /* for this election, or NULL */
  char *person;                                /* by a token that holds, else NULL */
  bool refused;
  bool followed; /* stands on its person's line */
  bool final;    /* ... at its end */
} item;

typedef struct audit {
  const nep_registry *registry;
  const nep_registry_rules *rules;
  nep_findings *f;
  nep_registry_counts *counts;
  item *items;
  size_t n;
} audit;

static void refuse(audit *a, item *i, const char *code, const char *reason)
{
  char object[32 + NEP_NONCE_LENGTH];
  if (i->refused) /* one registration, one reason: the first */
    return;
  i->refused = true;
  a->counts->refused++;
  snprintf(object, sizeof object, "registration %s", i->entry->nonce);
  nep_fault(a->f, code, object, "%s", reason);
}

/* ---- each registration by itself ---- */

/* A server that keeps a key set of its own making could sign tokens for anybody: what it kept
   counts only as far as the provider's own sets say the same. */
static bool provider_signed(const audit *a, const nep_registry_entry *e,
                            const nep_idtoken_policy *policy, int64_t issued)
{
  for (size_t k = 0; k < a->rules->n_key_sets; k++) {
    nep_bytes set = a->rules->key_sets[k];
    nep_idtoken token = {0};
    nep_error err = {0};
    if (set.len == e->key_set->body.len && memcmp(set.data, e->key_set->body.data, set.len) == 0)
      return true; /* it was checked with this one */
    nep_status status =
        nep_idtoken_check(nep_str_bytes(e->token), set, policy, e->nonce, issued, &token, &err);
    nep_idtoken_free(&token);
    if (status == NEP_OK)
      return true;
  }
  return false;
}

static void take_person(audit *a, item *i, const char *person)
{
  i->person = nep_strdup(person);
  nep_checked(a->f, "persons on the roll", 1);
  if (nep_registry_on_roll(a->registry, i->person) == NULL)
    refuse(a, i, "audit-roll", "the person is not on the roll of this election");
}

/* The token was right at the moment when it was issued. */
static void check_token(audit *a, item *i)
{
  const nep_registry_entry *e = i->entry;
  nep_bytes text = nep_str_bytes(e->token);
  nep_idtoken_policy policy = a->rules->policy;
  nep_idtoken token = {0};
  nep_error err = {0};
  int64_t issued = 0;
  char line[700];
  policy.leeway = 0;
  policy.max_age = 0;
  nep_status status = nep_idtoken_issued(text, &issued, &err);
  if (status == NEP_OK)
    status = nep_idtoken_check(text, e->key_set->body, &policy, e->nonce, issued, &token, &err);
  nep_checked(a->f, "tokens", 1);
  if (status != NEP_OK)
    refuse(a, i, "audit-token", nep_error_line(&err, line, sizeof line));
  else if (!provider_signed(a, e, &policy, issued))
    refuse(a, i, "audit-provider",
           "the server kept a key for it that is in none of the provider's key sets");
  else
    take_person(a, i, token.person);
  nep_idtoken_free(&token);
}

static void check_box(audit *a, item *i, const nep_element *mask)
{
  const nep_registry_entry *e = i->entry;
  nep_error err = {0};
  char line[700];
  nep_checked(a->f, "boxes", 1);
  if (nep_registration_unseal(&e->sealed, mask, a->registry->event, e->token, &i->content, &err) !=
      NEP_OK) {
    refuse(a, i, "audit-sealed", nep_error_line(&err, line, sizeof line));
    return;
  }
  const char *replaces = i->content->replaces != NULL ? i->content->replaces : "";
  nep_checked(a->f, "nonces", 1);
  if (strcmp(i->content->nonce, e->nonce) != 0)
    refuse(a, i, "audit-nonce", "the provider has signed another list than the one in the box");
  else if (strcmp(replaces, e->replaces) != 0)
    refuse(a, i, "audit-replaces", "the export names another predecessor than the box");
}

static void check_possession(audit *a, item *i)
{
  nep_error err = {0};
  char line[700];
  for (size_t k = 0; i->content != NULL && k < i->content->n_credentials; k++)
    if (strcmp(i->content->credentials[k].uuid, a->registry->uuid) == 0)
      i->credential = &i->content->credentials[k];
  if (i->credential == NULL || i->refused)
    return;
  nep_checked(a->f, "proofs of possession", 1);
  if (nep_possession_verify(a->registry->group, a->registry->uuid, i->entry->nonce, i->credential,
                            &err) != NEP_OK)
    refuse(a, i, "audit-possession", nep_error_line(&err, line, sizeof line));
}

/* ---- the line of one person: items[from .. to-1] ---- */

static void refuse_all(audit *a, size_t from, size_t to, const char *code, const char *reason)
{
  for (size_t k = from; k < to; k++) {
    a->items[k].final = false;
    refuse(a, &a->items[k], code, reason);
  }
}

/* The one that replaces `nonce` ("" for a first one); *several when there are more. */
static item *successor(const audit *a, size_t from, size_t to, const char *nonce, bool *several)
{
  item *found = NULL;
  for (size_t k = from; k < to; k++)
    if (strcmp(a->items[k].entry->replaces, nonce) == 0) {
      *several = *several || found != NULL;
      found = &a->items[k];
    }
  return found;
}

/* A circle cannot be: a nonce is the hash of what names its predecessor. Each step takes an item
   that was not taken yet, so the walk ends. */
static void follow(audit *a, size_t from, size_t to)
{
  bool several = false;
  size_t length = 0;
  item *last = NULL, *i = successor(a, from, to, "", &several);
  while (i != NULL && !several && !i->followed) {
    i->followed = true;
    length++;
    last = i;
    i = successor(a, from, to, i->entry->nonce, &several);
  }
  nep_checked(a->f, "lines of registrations", 1);
  if (several)
    refuse_all(a, from, to, "audit-fork", "two registrations of one person replace the same one");
  else if (length != to - from)
    refuse_all(a, from, to, "audit-chain",
               "the line from the person's first registration to the latest is broken");
  else if (last->credential == NULL)
    refuse_all(a, from, to, "audit-elections",
               "the person's latest registration does not name this election");
  else
    last->final = true;
}

static void check_person(audit *a, size_t from, size_t to)
{
  bool whole = true;
  a->counts->persons++;
  for (size_t k = from; k < to; k++)
    whole = whole && !a->items[k].refused;
  if (whole)
    follow(a, from, to);
  else
    refuse_all(a, from, to, "audit-chain",
               "another registration of the same person is refused, so the latest is not known");
}

static int by_person(const void *a, const void *b)
{
  const item *x = a, *y = b;
  if (x->person == NULL || y->person == NULL)
    return (x->person != NULL) - (y->person != NULL);
  int order = strcmp(x->person, y->person);
  return order != 0 ? order : strcmp(x->entry->nonce, y->entry->nonce);
}

static void check_persons(audit *a)
{
  size_t from = 0, to;
  qsort(a->items, a->n, sizeof *a->items, by_person);
  while (from < a->n && a->items[from].person == NULL)
    from++;
  for (; from < a->n; from = to) {
    for (to = from + 1; to < a->n && strcmp(a->items[from].person, a->items[to].person) == 0; to++)
      ;
    check_person(a, from, to);
  }
}

/* ---- all together ---- */

static int by_credential(const void *a, const void *b)
{
  const item *x = *(item *const *)a, *y = *(item *const *)b;
  return strcmp(x->credential->credential, y->credential->credential);
}

static void check_distinct(audit *a, item **finals, size_t n)
{
  qsort(finals, n, sizeof *finals, by_credential);
  nep_checked(a->f, "credentials distinct", n);
  for (size_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && by_credential(&finals[from], &finals[to]) == 0; to++)
      ;
    for (size_t k = from; to - from > 1 && k < to; k++)
      refuse(a, finals[k], "audit-duplicate", "several persons have registered this credential");
  }
}

static nep_status make_list(audit *a, item *const *finals, size_t n, nep_buf *credentials,
                            nep_error *err)
{
  const char **texts = nep_alloc(n + 1, sizeof *texts);
  uint64_t *weights = nep_alloc(n + 1, sizeof *weights);
  size_t kept = 0;
  for (size_t k = 0; k < n; k++)
    if (!finals[k]->refused) {
      weights[kept] = nep_registry_on_roll(a->registry, finals[k]->person)->weight;
      texts[kept++] = finals[k]->credential->credential;
    }
  a->counts->credentials = kept;
  nep_status status =
      kept > 0
          ? nep_credentials_make(a->registry->group, texts, a->registry->weighted ? weights : NULL,
                                 kept, credentials, err)
          : nep_fail(err, NEP_E_STATE, "no-credentials", "registrations", "none is left");
  free(weights);
  free(texts);
  return status;
}

static void audit_free(audit *a)
{
  for (size_t k = 0; k < a->n; k++) {
    nep_registration_free(a->items[k].content);
    nep_free_string(a->items[k].person);
  }
  free(a->items);
}

nep_status nep_registry_audit(const nep_registry *r, const nep_element *masks,
                              const nep_registry_rules *rules, nep_findings *f,
                              nep_registry_counts *counts, nep_buf *credentials, nep_error *err)
{
  audit a = {.registry = r, .rules = rules, .f = f, .counts = counts, .n = r->n_entries};
  item **finals = nep_alloc(a.n + 1, sizeof *finals);
  size_t n = 0;
  *counts = (nep_registry_counts){.registrations = a.n};
  a.items = nep_alloc(a.n + 1, sizeof *a.items);
  for (size_t k = 0; k < a.n; k++) {
    a.items[k].entry = &r->entries[k];
    check_token(&a, &a.items[k]);
    check_box(&a, &a.items[k], &masks[k]);
    check_possession(&a, &a.items[k]);
  }
  check_persons(&a);
  for (size_t k = 0; k < a.n; k++) {
    if (a.items[k].final)
      finals[n++] = &a.items[k];
    counts->replaced += a.items[k].followed && !a.items[k].final && !a.items[k].refused;
  }
  check_distinct(&a, finals, n);
  nep_status status = make_list(&a, finals, n, credentials, err);
  free(finals);
  audit_free(&a);
  return status;
}
