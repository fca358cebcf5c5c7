#include "tests/unit/protocol/fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/keys.h"
#include "crypto/tags.h"

const char *const fixture_names[FIXTURES] = {
    "Ed25519-single",          "Ed25519-blank",
    "Ed25519-threshold",       "Ed25519-revote-weights-two",
    "BELENIOS-2048-single",    "BELENIOS-2048-blank",
    "BELENIOS-2048-threshold", "BELENIOS-2048-revote-weights-two",
    "RFC-3526-2048-revote-two"};

nep_buf read_vector(const char *fmt, ...)
{
  char path[1024] = NEP_TEST_VECTORS "/";
  nep_buf out = {0};
  nep_error err = {0};
  va_list args;
  va_start(args, fmt);
  vsnprintf(path + strlen(path), sizeof path - strlen(path), fmt, args);
  va_end(args);
  ck_assert_msg(nep_file_read(path, 64 << 20, &out, &err) == NEP_OK, "%s: %s", path, err.reason);
  nep_buf_str(&out, ""); /* an empty file gives an empty text, not none */
  while (out.len > 0 && out.data[out.len - 1] == '\n')
    out.data[--out.len] = '\0';
  return out;
}

static void take_records(fixture *x)
{
  size_t record = 0;
  nep_bytes before = {0};
  for (size_t at = 0; at < x->archive.len; record++) {
    const char *header = x->archive.data + at;
    size_t size = strtoul(header + 124, NULL, 8);
    nep_bytes body = {header + 512, size};
    if (record == 1)
      x->election_text = body;
    else if (record == 2)
      x->trustees_text = body;
    else if (record == 3)
      x->credentials_text = body;
    else if (strstr(header, ".event.json") && memmem(body.data, size, "[\"Ballot\"]", 10))
      x->ballots[x->n_ballots++] = before;
    before = body;
    at += 512 + (size + 511) / 512 * 512;
  }
}

fixture *fixture_open(const char *path)
{
  fixture *x = nep_alloc(1, sizeof *x);
  nep_error err = {0};
  x->archive = read_vector("%s", path);
  take_records(x);
  ck_assert_msg(nep_election_parse(x->election_text, &x->election, &err) == NEP_OK, "%s: %s", path,
                err.reason);
  nep_credentials_verify(x->election->group, x->credentials_text, 0, &x->credentials, &x->findings);
  ck_assert_ptr_nonnull(x->credentials);
  return x;
}

void fixture_close(fixture *x)
{
  nep_findings_free(&x->findings);
  nep_credentials_free(x->credentials);
  nep_election_free(x->election);
  nep_buf_free(&x->archive);
  free(x);
}

static void make_election(polling *p, const nep_group *g, const char *questions)
{
  nep_scalar x;
  nep_element y;
  nep_error err = {0};
  nep_buf template = {0}, text = {0};
  nep_scalar_random(g, &x);
  nep_element_exp_g(g, &y, &x);
  nep_buf_printf(&template,
                 "{\"name\":\"Bầu cử\",\"description\":\"\",\"administrator\":\"A\","
                 "\"credential_authority\":[\"Server\"],\"questions\":%s}",
                 questions);
  ck_assert_msg(nep_election_make(nep_buf_bytes(&template), g, &y, "NEPtestNEPtest", &text, &err) ==
                    NEP_OK,
                "%s: %s", err.where, err.reason);
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&text), &p->election, &err), NEP_OK);
  nep_buf_free(&text);
  nep_buf_free(&template);
}

polling *polling_open(const nep_group *g, const char *questions)
{
  polling *p = nep_alloc(1, sizeof *p);
  const char *texts[VOTERS];
  nep_buf list = {0};
  nep_findings f = {0};
  make_election(p, g, questions);
  for (size_t v = 0; v < VOTERS; v++) {
    nep_scalar key;
    nep_element e;
    nep_credential_new(p->credential[v]);
    nep_credential_key(g, p->election->uuid, p->credential[v], &key);
    nep_element_exp_g(g, &e, &key);
    nep_element_text(g, &e, p->public_key[v]);
    texts[v] = p->public_key[v];
  }
  ck_assert_int_eq(nep_credentials_make(g, texts, NULL, VOTERS, &list, NULL), NEP_OK);
  nep_credentials_verify(g, nep_buf_bytes(&list), 0, &p->list, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_findings_free(&f);
  nep_buf_free(&list);
  return p;
}

void polling_close(polling *p)
{
  nep_credentials_free(p->list);
  nep_election_free(p->election);
  free(p);
}

nep_buf polling_ballot(const polling *p, size_t v, size_t n)
{
  nep_choice choices[8] = {0};
  nep_buf out = {0};
  nep_error err = {0};
  for (size_t q = 0; q < p->election->n_questions; q++) {
    choices[q].blank = n == 0 && p->election->questions[q].blank;
    for (size_t i = 0; i < n; i++)
      choices[q].chosen[i] = 1;
  }
  ck_assert_msg(nep_ballot_make(p->election, p->credential[v], choices, &out, &err) == NEP_OK,
                "%s: %s", err.where, err.reason);
  return out;
}

nep_buf polling_sign(const polling *p, size_t v, const json_t *message)
{
  nep_scalar key;
  nep_buf out = {0}, text = written(message);
  nep_credential_key(p->election->group, p->election->uuid, p->credential[v], &key);
  nep_signed_write(p->election->group, NEP_TAG_BALLOT, &key, nep_buf_bytes(&text), &out);
  nep_buf_free(&text);
  return out;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void codes_of(const nep_findings *f, char codes[256])
{
  const char *all[64];
  size_t n = 0, len = 0;
  for (size_t i = 0; i < f->n_faults && n < 64; i++)
    all[n++] = f->faults[i].code;
  qsort(all, n, sizeof *all, by_name);
  codes[0] = '\0';
  for (size_t i = 0; i < n; i++)
    if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
      len += (size_t)snprintf(codes + len, 256 - len, "%s%s", len ? " " : "", all[i]);
}

bool verify_ballot(const nep_election *e, const nep_credentials *c, nep_bytes text, char codes[256])
{
  nep_findings f = {0};
  nep_ballot *b = NULL;
  size_t place;
  bool held = nep_ballot_verify(e, c, text, "ballot", &b, &place, &f);
  ck_assert_int_eq(held, f.n_faults == 0);
  ck_assert(!held || (b && place < nep_credentials_count(c)));
  codes_of(&f, codes);
  nep_ballot_free(b);
  nep_findings_free(&f);
  return held;
}

nep_buf replaced(nep_bytes text, const char *from, const char *to)
{
  nep_buf out = {0};
  const char *at = memmem(text.data, text.len, from, strlen(from));
  ck_assert_msg(at != NULL, "%s is not in the text", from);
  size_t before = (size_t)(at - text.data);
  nep_buf_add(&out, text.data, before);
  nep_buf_str(&out, to);
  nep_buf_add(&out, at + strlen(from), text.len - before - strlen(from));
  return out;
}

json_t *parsed(nep_bytes text)
{
  json_t *value = NULL;
  ck_assert_int_eq(nep_json_parse(text, &value, NULL), NEP_OK);
  return value;
}

nep_buf written(const json_t *value)
{
  nep_buf out = {0};
  nep_json_write(&out, value);
  return out;
}

nep_buf copied(nep_bytes text)
{
  nep_buf out = {0};
  nep_buf_add(&out, text.data, text.len);
  return out;
}

nep_bytes slice(nep_bytes text, size_t from, size_t len)
{
  return (nep_bytes){text.data + from, len};
}

/* `good` times a point outside the subgroup: same equations, other element. */
static char *with_torsion(const nep_group *g, const char *good, const char *small)
{
  nep_element a, b;
  char text[NEP_ELEMENT_TEXT_MAX];
  ck_assert_int_eq(nep_element_parse(g, &a, good, strlen(good), NULL), NEP_OK);
  ck_assert_int_eq(nep_element_parse(g, &b, small, strlen(small), NULL), NEP_OK);
  nep_element_mul(g, &a, &a, &b);
  nep_element_text(g, &a, text);
  return nep_strdup(text);
}

/* A point of order 8, as protocol.md §2 writes it. */
#define ORDER_8 "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"
#define ORDER_2 filled("7f", 'f', "ec") /* y = p - 1 */

/* 64 digits: head, as many `fill` as are needed, tail. */
static char *filled(const char *head, char fill, const char *tail)
{
  char *text = nep_alloc(65, 1);
  memset(text, fill, 64);
  memcpy(text, head, strlen(head));
  memcpy(text + 64 - strlen(tail), tail, strlen(tail));
  return text;
}

static char *upper_case(const char *text)
{
  char *out = nep_strdup(text);
  for (char *c = out; *c; c++)
    if (*c >= 'a')
      *c = (char)(*c - 'a' + 'A');
  return out;
}

static void bad_points(const nep_group *g, const char *good, char *out[BAD_ELEMENTS])
{
  size_t n = 0;
  out[n++] = filled("", '0', "1"); /* identity */
  out[n++] = ORDER_2;
  out[n++] = filled("", '0', ""); /* order 4 */
  out[n++] = nep_strdup(ORDER_8);
  out[n++] = filled("7f", 'f', "ee"); /* identity with y + p */
  out[n++] = filled("8", '0', "1");   /* identity with the sign of a negative x */
  out[n++] = filled("", '0', "2");    /* no point of the curve */
  out[n++] = with_torsion(g, good, ORDER_8);
  char *two = ORDER_2;
  out[n++] = with_torsion(g, good, two);
  free(two);
  out[n++] = upper_case(good);
  out[n++] = nep_sprintf("0%s", good);
  out[n++] = nep_strndup(good, 63);
  out[n++] = nep_strdup("");
  out[n] = NULL;
}

static void bad_residues(const nep_group *g, const char *good, char *out[BAD_ELEMENTS])
{
  size_t n = 0;
  nep_element one, e;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_buf groups = read_vector("groups.json");
  json_t *all = parsed(nep_buf_bytes(&groups));
  const char *p = json_string_value(json_object_get(json_object_get(all, nep_group_name(g)), "p"));
  ck_assert_ptr_nonnull(p);
  nep_element_one(g, &one);
  nep_element_text(g, &one, text);
  out[n++] = nep_strdup(text); /* identity */
  out[n++] = nep_strdup("0");
  out[n++] = nep_strdup(p);
  out[n++] = nep_sprintf("%s9", p); /* more than p */
  out[n++] = nep_sprintf("0%s", good);
  out[n++] = nep_sprintf("+%s", good);
  out[n++] = nep_sprintf("-%s", good);
  out[n++] = nep_sprintf("%s ", good);
  out[n++] = nep_strdup("0x2");
  out[n++] = nep_strdup("");
  /* a small number outside the subgroup */
  for (unsigned k = 2; k < 100; k++) {
    snprintf(text, sizeof text, "%u", k);
    ck_assert_int_eq(nep_element_parse(g, &e, text, strlen(text), NULL), NEP_OK);
    if (nep_element_is_member_var(g, &e))
      continue;
    out[n++] = nep_strdup(text);
    out[n++] = with_torsion(g, good, text);
    break;
  }
  ck_assert_uint_eq(n, 12);
  out[n] = NULL;
  json_decref(all);
  nep_buf_free(&groups);
}

void bad_elements(const nep_group *g, const char *good, char *out[BAD_ELEMENTS])
{
  if (strcmp(nep_group_name(g), "Ed25519") == 0)
    bad_points(g, good, out);
  else
    bad_residues(g, good, out);
}
