/* Partial decryptions and result (protocol.md, Appendix items 6 and 7). */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/verify_state.h"

/* One partial decryption per owner; an invalid one is reported (protocol.md §12 f). */
static void check_decryption(nep_verifier *v, const nep_encrypted_tally *published, size_t number,
                             const nep_kept_decryption *kept, bool *present, size_t *n_valid)
{
  const nep_trustees *tr = v->out->trustees;
  char object[64], payload[65];
  size_t owner = 0, faults = v->end.n_faults;
  nep_error err = {0};
  nep_factors *factors = NULL;
  snprintf(object, sizeof object, "partial decryption %zu", number);
  nep_status s = nep_owned_parse(tr, nep_buf_bytes(&kept->owned), &owner, payload, &err);
  bool noncanonical = strcmp(err.code, "noncanonical") == 0;
  if (!nep_check(&v->end, "owners of partial decryptions", s == NEP_OK, err.code, object,
                 err.reason) &&
      !noncanonical)
    return;
  if (!nep_check(&v->end, "one partial decryption per trustee", !present[owner - 1], "pd-duplicate",
                 object, "its trustee has another one before it"))
    return;
  (void)nep_decryption_verify(published, tr, owner, nep_buf_bytes(&kept->object), &factors,
                              &v->end);
  present[owner - 1] = factors != NULL;
  if (factors && v->end.n_faults == faults)
    v->out->factors[(*n_valid)++] = factors;
  else
    nep_factors_free(v->out->election, factors);
}

static void check_numbers(nep_verifier *v, const nep_encrypted_tally *published, size_t n_factors)
{
  nep_verified *out = v->out;
  nep_element **products = NULL;
  nep_error err = {0};
  nep_status s =
      nep_factors_combine(out->trustees, out->election, (const nep_factors *const *)out->factors,
                          n_factors, &products, &err);
  if (!nep_check(&v->end, "enough partial decryptions", s == NEP_OK, "pd-missing", "result",
                 err.reason)) {
    nep_not_checked(out, "the result: partial decryptions are missing");
    return;
  }
  size_t faults = v->end.n_faults;
  s = nep_result_parse(out->election, nep_buf_bytes(&v->result), &out->result, &err);
  if (nep_check(&v->end, "result", s == NEP_OK, err.code, "result", err.reason))
    nep_result_verify(published, products, v->total_weight, out->result, &v->end);
  if (v->end.n_faults != faults) {
    nep_result_free(out->election, out->result);
    out->result = NULL;
  }
  nep_products_free(out->election, products);
}

void nep_verify_decryptions(nep_verifier *v, const nep_encrypted_tally *published)
{
  nep_verified *out = v->out;
  size_t faults = v->end.n_faults, n_valid = 0;
  bool present[NEP_OWNERS_MAX] = {false};
  if (!out->trustees)
    return;
  out->factors = nep_alloc(v->n_decryptions + 1, sizeof *out->factors);
  for (size_t i = 0; i < v->n_decryptions; i++)
    check_decryption(v, published, i + 1, &v->decryptions[i], present, &n_valid);
  if (!v->has_result)
    return;
  if (v->end.n_faults != faults)
    nep_not_checked(out, "the result: a partial decryption is wrong");
  else
    check_numbers(v, published, n_valid);
}
