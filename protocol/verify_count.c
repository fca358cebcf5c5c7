/* Accounts for ballots in archive order: the last one of each credential, the product
   (protocol.md §10). The ciphertexts of faulty ballots count too when they can be read, so that one
   fault gives one report and not a wrong tally as well. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/verify_ballots.h"

void nep_ballot_count_start(nep_ballot_count *c, const nep_election *e,
                            const nep_credentials *credentials, nep_archive_reader *reader,
                            const nep_chain *chain)
{
  c->election = e;
  c->credentials = credentials;
  c->reader = reader;
  c->chain = chain;
  c->tally = nep_tally_new(e);
  c->unknown = nep_hash_map_new(sizeof(nep_last_ballot));
  c->last = nep_alloc(nep_credentials_count(credentials) + 1, sizeof *c->last);
}

void nep_ballot_count_free(nep_ballot_count *c)
{
  nep_tally_free(c->tally);
  nep_hash_map_free(c->unknown);
  free(c->last);
  memset(c, 0, sizeof *c);
}

/* Zero, which only the integer groups can write, has no inverse: such a ballot stays out. */
static bool has_zero(const nep_election *e, const nep_ballot *b)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  for (size_t q = 0; q < b->n_answers; q++) {
    for (size_t i = 0; i < b->answers[q].n_choices; i++) {
      const nep_ciphertext *c = &b->answers[q].choices[i];
      if (nep_element_text(e->group, &c->alpha, text) == 1 && text[0] == '0')
        return true;
      if (nep_element_text(e->group, &c->beta, text) == 1 && text[0] == '0')
        return true;
    }
  }
  return false;
}

static void count(nep_ballot_count *c, const nep_ballot *b, bool multiply, uint64_t weight)
{
  if (multiply) {
    nep_tally_add(c->tally, b, weight);
  } else {
    c->tally->num_tallied++;
    c->tally->total_weight += weight;
    c->impossible++;
  }
}

/* Takes the ballot at `where` out of the product again: a later one has replaced it. */
static nep_status uncount(nep_ballot_count *c, const nep_last_ballot *where, uint64_t weight,
                          nep_error *err)
{
  if (!where->multiplied) {
    c->tally->num_tallied--;
    c->tally->total_weight -= weight;
    c->impossible--;
    return NEP_OK;
  }
  nep_buf text = {0};
  nep_findings ignored = {0}; /* reported when the ballot was read first */
  nep_ballot *b = NULL;
  uint8_t hash[32];
  nep_status s = nep_reader_body_at(c->reader, where->offset, where->length, &text, err);
  if (s == NEP_OK) {
    nep_sha256_of(text.data, text.len, hash);
    nep_ballot_parse(c->election, nep_buf_bytes(&text), "replaced ballot", &b, &ignored);
    bool same = !where->hash_ok || nep_chain_knows(c->chain, hash);
    if (!same || !b || !nep_tally_fits(c->election, b))
      s = nep_fail(err, NEP_E_IO, "read", "archive", "the file was changed while it was read");
  }
  if (s == NEP_OK)
    nep_tally_remove(c->tally, b, weight);
  nep_ballot_free(b);
  nep_findings_free(&ignored);
  nep_buf_free(&text);
  return s;
}

static nep_status replace(nep_ballot_count *c, nep_last_ballot *last, const nep_ballot *b,
                          bool sound, nep_last_ballot where, uint64_t weight, nep_error *err)
{
  nep_status s = last->length > 0 ? uncount(c, last, weight, err) : NEP_OK;
  if (s != NEP_OK)
    return s;
  where.multiplied = nep_tally_fits(c->election, b) && (sound || !has_zero(c->election, b));
  count(c, b, where.multiplied, weight);
  *last = where;
  return NEP_OK;
}

nep_status nep_ballot_count_add(nep_ballot_count *c, const nep_ballot *ballot, size_t place,
                                bool sound, nep_last_ballot where, nep_error *err)
{
  if (place != SIZE_MAX) {
    c->voted += c->last[place].length == 0;
    return replace(c, &c->last[place], ballot, sound, where,
                   nep_credentials_weight(c->credentials, place), err);
  }
  uint8_t credential[32];
  bool found;
  nep_last_ballot last;
  nep_sha256_of(ballot->credential, strlen(ballot->credential), credential);
  uint8_t *slot = nep_hash_map_put(c->unknown, credential, &found);
  memcpy(&last, slot, sizeof last);
  nep_status s = replace(c, &last, ballot, sound, where, 1, err);
  memcpy(slot, &last, sizeof last);
  return s;
}
