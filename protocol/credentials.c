#include "protocol/credentials.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/spread.h"
#include "crypto/hash.h"
#include "protocol/scan.h"

/* Credentials are chosen by voters' devices, so the table is keyed: nobody can aim at one slot. */
struct nep_credentials {
  const nep_group *group;
  nep_buf texts;     /* all texts, one after the other */
  uint64_t *start;   /* n + 1 places in texts */
  uint64_t *weights; /* NULL when all weigh 1 */
  uint32_t *slots;   /* place + 1, 0 for free */
  size_t n, cap, n_slots;
  uint64_t total;
  unsigned char key[crypto_shorthash_KEYBYTES];
};

/* Elements that are decoded and tested together. */
enum { AT_ONCE = 64 };

void nep_credentials_free(nep_credentials *c)
{
  if (!c)
    return;
  free(c->slots);
  free(c->weights);
  free(c->start);
  nep_buf_free(&c->texts);
  free(c);
}

size_t nep_credentials_count(const nep_credentials *c)
{
  return c->n;
}

size_t nep_credentials_bytes(const nep_credentials *c)
{
  return sizeof *c + c->texts.cap + (c->cap + 1) * sizeof *c->start +
         c->n_slots * sizeof *c->slots + (c->weights ? c->cap * sizeof *c->weights : 0);
}

uint64_t nep_credentials_total_weight(const nep_credentials *c)
{
  return c->total;
}

uint64_t nep_credentials_weight(const nep_credentials *c, size_t place)
{
  return c->weights ? c->weights[place] : 1;
}

nep_bytes nep_credentials_text(const nep_credentials *c, size_t place)
{
  uint64_t from = c->start[place];
  return (nep_bytes){c->texts.data + from, (size_t)(c->start[place + 1] - from)};
}

/* Slot that holds the text, or the free one where it would go. */
static size_t slot_of(const nep_credentials *c, const char *text, size_t len)
{
  unsigned char hash[crypto_shorthash_BYTES];
  uint64_t h;
  crypto_shorthash(hash, (const unsigned char *)text, len, c->key);
  memcpy(&h, hash, sizeof h);
  for (size_t i = h & (c->n_slots - 1);; i = (i + 1) & (c->n_slots - 1)) {
    if (c->slots[i] == 0)
      return i;
    nep_bytes there = nep_credentials_text(c, c->slots[i] - 1);
    if (there.len == len && memcmp(there.data, text, len) == 0)
      return i;
  }
}

bool nep_credentials_find(const nep_credentials *c, const char *text, size_t len, size_t *place)
{
  uint32_t found = c->slots[slot_of(c, text, len)];
  *place = found ? found - 1 : SIZE_MAX;
  return found != 0;
}

/* ---- reading: the canonical form of this list is rigid enough to be read as it comes, without a
   tree of JSON values that would take ten times its size ---- */

/* Canonical whole number with at most 18 digits; a minus sign is read so that the weight is named
   as the fault. */
static bool take_number(nep_bytes *text, int64_t *out)
{
  bool negative = nep_scan_skip(text, "-");
  size_t len = 0;
  while (len < text->len && text->data[len] >= '0' && text->data[len] <= '9')
    len++;
  bool is_zero = len > 0 && text->data[0] == '0';
  if (len == 0 || len > 18 || (is_zero && (len > 1 || negative)))
    return false;
  int64_t n = 0;
  for (size_t i = 0; i < len; i++)
    n = n * 10 + (text->data[i] - '0');
  text->data += len;
  text->len -= len;
  *out = negative ? -n : n;
  return true;
}

static void keep(nep_credentials *c, nep_bytes credential, int64_t weight)
{
  if (c->n + 1 >= c->cap) {
    c->cap = c->cap ? 2 * c->cap : 64;
    c->start = nep_realloc(c->start, c->cap + 1, sizeof *c->start);
    if (c->weights)
      c->weights = nep_realloc(c->weights, c->cap, sizeof *c->weights);
  }
  c->start[c->n] = c->texts.len;
  nep_buf_add(&c->texts, credential.data, credential.len);
  c->start[c->n + 1] = c->texts.len;
  if (c->weights)
    c->weights[c->n] = weight < 0 || weight > NEP_WEIGHT_MAX ? 0 : (uint64_t)weight;
  c->n++;
}

static void check_weight(const nep_credentials *c, bool present, int64_t weight, nep_findings *f)
{
  char object[48];
  snprintf(object, sizeof object, "credential %zu", c->n + 1);
  nep_check(f, "credential weights", present == (c->weights != NULL), "credentials-weight", object,
            "the weight must be given for all credentials or for none");
  if (!present)
    return;
  nep_check(f, "credential weights", weight >= 0, "credentials-weight", object,
            "the weight is below 0");
  if (weight > NEP_WEIGHT_MAX)
    nep_limit(f, "credentials-weight", object, "the weight is above %d", NEP_WEIGHT_MAX);
}

static bool read_one(nep_credentials *c, nep_bytes *text, nep_findings *f)
{
  nep_bytes credential;
  int64_t weight = 1;
  if (!nep_scan_skip(text, "{\"credential\":\"") ||
      !nep_scan_plain(text, NEP_ELEMENT_TEXT_MAX - 1, &credential))
    return false;
  bool present = nep_scan_skip(text, ",\"weight\":");
  if ((present && !take_number(text, &weight)) || !nep_scan_skip(text, "}"))
    return false;
  if (c->n == 0 && present)
    c->weights = nep_alloc(64, sizeof *c->weights);
  check_weight(c, present, weight, f);
  keep(c, credential, weight);
  return true;
}

/* False at the first place that is not the canonical list. */
static bool read_list(nep_credentials *c, nep_bytes text, nep_findings *f)
{
  if (!nep_scan_skip(&text, "["))
    return false;
  if (!nep_scan_skip(&text, "]")) {
    do {
      if (c->n >= UINT32_MAX - 1 || !read_one(c, &text, f))
        return false;
    } while (nep_scan_skip(&text, ","));
    if (!nep_scan_skip(&text, "]"))
      return false;
  }
  return text.len == 0;
}

/* Gives back what the growing lists have in reserve. */
static void shrink(nep_credentials *c)
{
  if (c->n == 0)
    return;
  c->texts.cap = c->texts.len + 1;
  c->texts.data = nep_realloc(c->texts.data, c->texts.cap, 1);
  c->start = nep_realloc(c->start, c->n + 1, sizeof *c->start);
  if (c->weights)
    c->weights = nep_realloc(c->weights, c->n, sizeof *c->weights);
}

/* Table of all texts; each that stands there already is a fault. */
static void index_all(nep_credentials *c, nep_findings *f)
{
  for (c->n_slots = 16; c->n_slots < c->n + c->n / 2;)
    c->n_slots *= 2;
  c->slots = nep_alloc(c->n_slots, sizeof *c->slots);
  for (size_t i = 0; i < c->n; i++) {
    nep_bytes text = nep_credentials_text(c, i);
    size_t slot = slot_of(c, text.data, text.len);
    if (c->slots[slot]) {
      char object[48];
      snprintf(object, sizeof object, "credential %zu", i + 1);
      nep_fault(f, "credentials-duplicate", object, "the same as credential %" PRIu32,
                c->slots[slot]);
    } else {
      c->slots[slot] = (uint32_t)(i + 1);
    }
    c->total += nep_credentials_weight(c, i);
  }
  nep_checked(f, "credentials distinct", c->n);
}

/* ---- elements (protocol.md §8 and §12 g): in the group, not the identity. Tested by several
   threads, told in the order of the list. ---- */

typedef enum verdict { SOUND, NOT_PARSED, NOT_A_MEMBER, THE_IDENTITY } verdict;

typedef struct elements {
  const nep_credentials *list;
  unsigned char *verdicts; /* of each place */
} elements;

/* Decodes the elements of n places, and tests the memberships of those that are any, together. */
static void decode_some_var(const nep_credentials *c, size_t first, size_t n, nep_element *e,
                            const char **refusal, bool *is_member)
{
  nep_bytes text[AT_ONCE] = {{0}};
  nep_commit_job job[AT_ONCE];
  for (size_t i = 0; i < n; i++)
    text[i] = nep_credentials_text(c, first + i);
  nep_element_parse_many_var(c->group, e, text, n, refusal);
  for (size_t i = 0; i < n; i++) /* one that is refused is the identity, and nobody asks for it */
    job[i] = (nep_commit_job){.e = &e[i], .test_member = true};
  nep_commit_many_var(c->group, job, n);
  for (size_t i = 0; i < n; i++)
    is_member[i] = job[i].is_member;
}

/* Piece k is the AT_ONCE places from k * AT_ONCE on, the last one has fewer. */
static nep_status test_piece(void *ctx, size_t piece, nep_error *err)
{
  const elements *all = ctx;
  const nep_credentials *c = all->list;
  nep_element e[AT_ONCE];
  const char *refusal[AT_ONCE];
  bool is_member[AT_ONCE];
  size_t first = piece * AT_ONCE, n = c->n - first < AT_ONCE ? c->n - first : AT_ONCE;
  (void)err;
  decode_some_var(c, first, n, e, refusal, is_member);
  for (size_t i = 0; i < n; i++)
    all->verdicts[first + i] = refusal[i]                            ? NOT_PARSED
                               : !is_member[i]                       ? NOT_A_MEMBER
                               : nep_element_is_one(c->group, &e[i]) ? THE_IDENTITY
                                                                     : SOUND;
  return NEP_OK;
}

static void tell(const elements *all, nep_findings *f)
{
  static const struct {
    const char *code, *reason;
  } faults[] = {[NOT_PARSED] = {"credentials-parse", "not the canonical text of an element"},
                [NOT_A_MEMBER] = {"credentials-membership", "not in the subgroup of prime order"},
                [THE_IDENTITY] = {"credentials-identity", "the identity element"}};
  size_t found[THE_IDENTITY + 1] = {0}, n = all->list->n;
  for (size_t i = 0; i < n; i++) {
    verdict v = all->verdicts[i];
    char object[48];
    found[v]++;
    if (v == SOUND)
      continue;
    snprintf(object, sizeof object, "credential %zu", i + 1);
    nep_fault(f, faults[v].code, object, "%s", faults[v].reason);
  }
  nep_checked(f, "credential encodings", n);
  nep_checked(f, "credential group memberships", n - found[NOT_PARSED]);
  nep_checked(f, "credentials not the identity", n - found[NOT_PARSED] - found[NOT_A_MEMBER]);
}

static void check_elements(const nep_credentials *c, unsigned jobs, nep_findings *f)
{
  elements all = {.list = c, .verdicts = nep_alloc(c->n, 1)};
  nep_error err;
  if (nep_spread((c->n + AT_ONCE - 1) / AT_ONCE, jobs, test_piece, &all, &err) != NEP_OK)
    abort(); /* no piece fails */
  tell(&all, f);
  free(all.verdicts);
}

/* Text that is JSON but not canonical: says so and gives its canonical form, so that one fault
   gives one report. False when it is no JSON. */
static bool canonical_of(nep_bytes text, nep_buf *out, nep_findings *f)
{
  json_t *value;
  nep_error err = {0};
  if (nep_json_parse(text, &value, &err)) {
    nep_fault(f, "credentials-parse", "credentials", "%s", err.reason);
    return false;
  }
  bool canonical = nep_json_is_canonical(value, text);
  if (canonical)
    nep_fault(f, "credentials-parse", "credentials",
              "not a list of credentials and weights in their order");
  else
    nep_fault(f, "noncanonical", "credentials", "the text is not in canonical form");
  nep_json_write(out, value);
  json_decref(value);
  return !canonical;
}

static nep_credentials *new_list(const nep_group *g)
{
  nep_credentials *c = nep_alloc(1, sizeof *c);
  c->group = g;
  nep_random_bytes(c->key, sizeof c->key);
  return c;
}

void nep_credentials_verify(const nep_group *g, nep_bytes text, unsigned jobs,
                            nep_credentials **out, nep_findings *f)
{
  nep_buf canonical = {0};
  nep_findings weights = {0};
  nep_credentials *c = new_list(g);
  *out = NULL;
  nep_checked(f, "credentials canonical", 1);
  bool read = read_list(c, text, &weights);
  if (!read && canonical_of(text, &canonical, f)) {
    nep_findings_free(&weights);
    nep_credentials_free(c);
    c = new_list(g);
    read = read_list(c, nep_buf_bytes(&canonical), &weights);
    if (!read)
      nep_fault(f, "credentials-parse", "credentials", "not a list of credentials and weights");
  }
  if (read) {
    nep_findings_merge(f, &weights);
    shrink(c);
    index_all(c, f);
    check_elements(c, jobs, f);
    *out = c;
  } else {
    nep_credentials_free(c);
  }
  nep_findings_free(&weights);
  nep_buf_free(&canonical);
}
