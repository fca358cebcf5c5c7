#include "crypto/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/pieces.h"
#include "crypto/proof_branches.h"
#include "crypto/proof_messages.h"
#include "crypto/tags.h"

/* An element that commitments are made on: public keys, and ciphertexts, beta after alpha. */
typedef struct base {
  const nep_base *fixed;
  const nep_element *e;
  bool test;
} base;

/* A commitment, in the order in which they are hashed. */
typedef struct commitment {
  size_t base;
  const nep_proof *proof;
  uint64_t shift;
} commitment;

/* What is hashed before the commitments, beside what is in the hash already. */
typedef enum rest { NOTHING, CIPHERTEXT_TEXTS, SIGNED_MESSAGE } rest;

typedef struct pending {
  nep_challenge hash;
  rest rest;
  size_t base;       /* of the ciphertext or the public key, unless rest is NOTHING */
  nep_bytes json;    /* the signed message */
  const char *tag;   /* of the signature */
  size_t first, end; /* its commitments */
  nep_scalar sum;    /* of the challenges */
  bool refused;      /* known not to hold without any arithmetic */
  bool holds;
} pending;

struct nep_batch {
  const nep_key *key; /* of what is added now */
  base *bases;
  commitment *commitments;
  pending *proofs;
  size_t n_bases, n_commitments, n_proofs;
  size_t room_bases, room_commitments, room_proofs;
  nep_commit_job *jobs; /* results of the last run: one job for each base */
};

/* Room for one more of `size` bytes in *list. */
static void *grown(void *list, size_t n, size_t *room, size_t size)
{
  if (n < *room)
    return list;
  *room = *room ? 2 * *room : 64;
  return nep_realloc(list, *room, size);
}

nep_batch *nep_batch_new(const nep_key *key)
{
  nep_batch *b = nep_alloc(1, sizeof *b);
  b->key = key;
  return b;
}

void nep_batch_use(nep_batch *b, const nep_key *key)
{
  b->key = key;
}

void nep_batch_clear(nep_batch *b)
{
  b->n_bases = b->n_commitments = b->n_proofs = 0;
  free(b->jobs);
  b->jobs = NULL;
}

void nep_batch_free(nep_batch *b)
{
  if (!b)
    return;
  free(b->jobs);
  free(b->proofs);
  free(b->commitments);
  free(b->bases);
  free(b);
}

static size_t add_base(nep_batch *b, const nep_base *fixed, const nep_element *e, bool test)
{
  b->bases = grown(b->bases, b->n_bases, &b->room_bases, sizeof *b->bases);
  b->bases[b->n_bases] = (base){fixed, e, test};
  return b->n_bases++;
}

size_t nep_batch_ciphertext(nep_batch *b, const nep_ciphertext *c, bool test)
{
  size_t alpha = add_base(b, nep_base_generator(b->key->group), &c->alpha, test);
  (void)add_base(b, b->key->y, &c->beta, test);
  return alpha;
}

static void add_commitment(nep_batch *b, size_t on, const nep_proof *p, uint64_t shift)
{
  b->commitments =
      grown(b->commitments, b->n_commitments, &b->room_commitments, sizeof *b->commitments);
  b->commitments[b->n_commitments++] = (commitment){on, p, shift};
}

/* The proof whose hash the caller starts; its branches follow. */
static pending *add_proof(nep_batch *b, rest before, size_t on)
{
  b->proofs = grown(b->proofs, b->n_proofs, &b->room_proofs, sizeof *b->proofs);
  pending *p = &b->proofs[b->n_proofs++];
  memset(p, 0, sizeof *p);
  p->rest = before;
  p->base = on;
  p->first = p->end = b->n_commitments;
  return p;
}

/* Branches `first`, `first` + 1, .. on one ciphertext: both commitments of each. */
static void add_branches(nep_batch *b, size_t ciphertext, unsigned first, size_t n,
                         const nep_proof *proofs)
{
  pending *p = &b->proofs[b->n_proofs - 1];
  for (size_t k = 0; k < n; k++) {
    add_commitment(b, ciphertext, &proofs[k], 0);
    add_commitment(b, ciphertext + 1, &proofs[k], (uint64_t)first + k);
    nep_scalar_add(b->key->group, &p->sum, &p->sum, &proofs[k].challenge);
  }
  p->end = b->n_commitments;
}

size_t nep_batch_interval(nep_batch *b, const char *tag, nep_bytes s, size_t ciphertext,
                          unsigned min, unsigned max, const nep_proof *proofs)
{
  pending *p = add_proof(b, CIPHERTEXT_TEXTS, ciphertext);
  p->refused = max < min;
  nep_interval_message(&p->hash, b->key->group, tag, s);
  if (!p->refused)
    add_branches(b, ciphertext, min, (size_t)max - min + 1, proofs);
  return b->n_proofs - 1;
}

size_t nep_batch_blank(nep_batch *b, nep_bytes s2, size_t c0, size_t cs, const nep_proof proofs[2])
{
  pending *p = add_proof(b, NOTHING, 0);
  nep_blank_message(&p->hash, b->key->group, NEP_TAG_BLANK_PROOF, s2);
  add_branches(b, c0, 0, 1, &proofs[0]);
  add_branches(b, cs, 0, 1, &proofs[1]);
  return b->n_proofs - 1;
}

size_t nep_batch_blank_overall(nep_batch *b, nep_bytes s2, size_t c0, size_t cs, unsigned min,
                               unsigned max, const nep_proof *proofs)
{
  pending *p = add_proof(b, NOTHING, 0);
  p->refused = max < min;
  nep_blank_message(&p->hash, b->key->group, NEP_TAG_BLANK_OVERALL, s2);
  if (!p->refused) {
    add_branches(b, c0, 1, 1, &proofs[0]);
    add_branches(b, cs, min, (size_t)max - min + 1, &proofs[1]);
  }
  return b->n_proofs - 1;
}

static size_t add_signature(nep_batch *b, size_t on, const char *tag, nep_bytes json,
                            const nep_proof *signature)
{
  pending *p = add_proof(b, SIGNED_MESSAGE, on);
  p->tag = tag;
  p->json = json;
  p->sum = signature->challenge;
  add_commitment(b, on, signature, 0);
  p->end = b->n_commitments;
  return b->n_proofs - 1;
}

size_t nep_batch_signature(nep_batch *b, const char *tag, const nep_element *public_key,
                           nep_bytes json, const nep_proof *signature)
{
  size_t on = add_base(b, nep_base_generator(b->key->group), public_key, false);
  return add_signature(b, on, tag, json, signature);
}

size_t nep_batch_signature_again(nep_batch *b, size_t first, const char *tag, nep_bytes json,
                                 const nep_proof *signature)
{
  return add_signature(b, b->proofs[first].base, tag, json, signature);
}

/* ---- running ---- */

/* Working memory of a run. */
typedef struct run {
  nep_element *elements;       /* the commitments, then the bases */
  nep_commit_branch *branches; /* by base */
  char *texts;                 /* of the elements, `stride` apart */
  size_t stride;
} run;

/* Sorts the commitments by base, keeping their order, into the jobs' lists of branches. */
static void make_jobs(nep_batch *b, run *r)
{
  b->jobs = nep_alloc(b->n_bases + 1, sizeof *b->jobs);
  for (size_t i = 0; i < b->n_commitments; i++)
    b->jobs[b->commitments[i].base].n++;
  size_t from = 0;
  for (size_t i = 0; i < b->n_bases; i++) {
    nep_commit_job *job = &b->jobs[i];
    size_t n = job->n;
    *job = (nep_commit_job){.fixed = b->bases[i].fixed,
                            .e = b->bases[i].e,
                            .branches = r->branches + from,
                            .test_member = b->bases[i].test};
    from += n;
  }
  for (size_t i = 0; i < b->n_commitments; i++) {
    const commitment *c = &b->commitments[i];
    nep_commit_job *job = &b->jobs[c->base];
    r->branches[(size_t)(job->branches - r->branches) + job->n++] =
        (nep_commit_branch){c->proof, c->shift, &r->elements[i]};
  }
}

static nep_bytes text_at(const run *r, size_t i)
{
  return nep_str_bytes(r->texts + i * r->stride);
}

static void finish_message(const nep_batch *b, const run *r, pending *p)
{
  size_t text = b->n_commitments + p->base;
  if (p->rest == CIPHERTEXT_TEXTS)
    nep_interval_message_end(&p->hash, text_at(r, text), text_at(r, text + 1));
  else if (p->rest == SIGNED_MESSAGE)
    nep_signature_message(&p->hash, b->key->group, p->tag, text_at(r, text), p->json);
}

static bool holds(const nep_batch *b, const run *r, pending *p)
{
  nep_scalar expected;
  if (p->refused)
    return false;
  finish_message(b, r, p);
  for (size_t i = p->first; i < p->end; i++)
    nep_challenge_element_text(&p->hash, text_at(r, i));
  nep_challenge_end(&p->hash, &expected);
  return memcmp(&p->sum, &expected, sizeof expected) == 0;
}

typedef struct hashing {
  nep_batch *batch;
  const run *run;
} hashing;

enum { HASHED_TOGETHER = 16 };

static void hash_piece(void *ctx, size_t piece)
{
  const hashing *h = ctx;
  nep_batch *b = h->batch;
  size_t first = piece * HASHED_TOGETHER;
  for (size_t i = first; i < b->n_proofs && i < first + HASHED_TOGETHER; i++)
    b->proofs[i].holds = holds(b, h->run, &b->proofs[i]);
}

void nep_batch_run_var(nep_batch *b)
{
  const nep_group *g = b->key->group;
  size_t n = b->n_commitments + b->n_bases;
  run r = {.stride = nep_element_text_longest(g) + 1};
  r.elements = nep_alloc(n + 1, sizeof *r.elements);
  r.branches = nep_alloc(b->n_commitments + 1, sizeof *r.branches);
  r.texts = nep_alloc(n + 1, r.stride);
  free(b->jobs);
  make_jobs(b, &r);
  nep_commit_many_var(g, b->jobs, b->n_bases);
  for (size_t i = 0; i < b->n_bases; i++)
    r.elements[b->n_commitments + i] = *b->bases[i].e;
  nep_element_text_many_var(g, r.elements, n, r.texts, r.stride);
  nep_verify_pieces((b->n_proofs + HASHED_TOGETHER - 1) / HASHED_TOGETHER, hash_piece,
                    &(hashing){b, &r});
  free(r.texts);
  free(r.branches);
  free(r.elements);
}

bool nep_batch_holds(const nep_batch *b, size_t proof)
{
  return b->proofs[proof].holds;
}

bool nep_batch_alpha_is_member(const nep_batch *b, size_t ciphertext)
{
  return b->jobs[ciphertext].is_member;
}

bool nep_batch_beta_is_member(const nep_batch *b, size_t ciphertext)
{
  return b->jobs[ciphertext + 1].is_member;
}
