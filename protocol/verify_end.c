/* The published tally against the ballots (protocol.md, Appendix item 4), then what follows it. */
#include <inttypes.h>
#include <string.h>

#include "protocol/verify_state.h"

static void check_counts(nep_verifier *v)
{
  const nep_encrypted_tally *mine = v->count.tally;
  char reason[192];
  snprintf(reason, sizeof reason,
           "it says %" PRIu64 " ballots of weight %" PRIu64 ", the archive holds %" PRIu64
           " of weight %" PRIu64,
           v->num_tallied, v->total_weight, mine->num_tallied, mine->total_weight);
  bool same = v->num_tallied == mine->num_tallied && v->total_weight == mine->total_weight;
  (void)nep_check(&v->end, "number and weight of counted ballots", same, "tally-counts",
                  "encrypted tally", reason);
}

static void check_product(nep_verifier *v)
{
  nep_buf mine = {0};
  nep_tally_write(v->count.tally, &mine);
  v->out->tally_published =
      mine.len == v->tally_text.len && memcmp(mine.data, v->tally_text.data, mine.len) == 0;
  (void)nep_check(&v->end, "product of the counted ballots", v->out->tally_published,
                  "tally-mismatch", "encrypted tally",
                  "it is not the product of the counted ballots");
  nep_buf_free(&mine);
}

/* The published tally as a value: what follows is checked against it even when it is wrong. */
static nep_encrypted_tally *check_tally(nep_verifier *v)
{
  nep_encrypted_tally *published = NULL;
  nep_error err = {0};
  char hash[65];
  nep_status s =
      nep_sized_parse(nep_buf_bytes(&v->sized), &v->num_tallied, &v->total_weight, hash, &err);
  bool noncanonical = strcmp(err.code, "noncanonical") == 0;
  if (!nep_check(&v->end, "sized tally", s == NEP_OK, err.code, "encrypted tally", err.reason) &&
      !noncanonical)
    return NULL;
  check_counts(v);
  check_product(v);
  s = nep_tally_parse(v->out->election, nep_buf_bytes(&v->tally_text), &published, &err);
  if (s != NEP_OK && v->out->tally_published)
    return NULL; /* cannot happen: it equals what we wrote ourselves */
  if (s != NEP_OK)
    nep_fault(&v->end, "tally-parse", "encrypted tally", "%s: %s", err.where, err.reason);
  return published;
}

void nep_verify_end(nep_verifier *v)
{
  if (!v->has_sized || !v->count.tally)
    return;
  size_t faults = v->end.n_faults;
  if (v->count.impossible > 0)
    nep_fault(&v->end, "tally-impossible", "encrypted tally",
              "%" PRIu64 " counted ballots do not fit the questions", v->count.impossible);
  nep_encrypted_tally *published = check_tally(v);
  if (v->end.n_faults != faults)
    v->out->tally_published = false;
  if (published)
    nep_verify_decryptions(v, published);
  else
    nep_not_checked(v->out, "partial decryptions and result: the encrypted tally cannot be read");
  nep_tally_free(published);
}
