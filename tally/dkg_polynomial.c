/* nep-trustee dkg polynomial: step 3, a member's contribution. */
#include "tally/trustee_commands.h"

int nep_dkg_polynomial_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf context = {0}, certs = {0}, seed = {0}, out = {0};
  nep_status s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "certs", &certs, &err);
  if (s == NEP_OK)
    s = nep_cli_seed(nep_option(a, "key"), &seed, &err);
  if (s == NEP_OK)
    s = nep_threshold_polynomial(nep_buf_bytes(&context), nep_buf_bytes(&certs), seed.data, &out,
                                 &err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&out), false, &err);
  nep_buf_free(&out);
  nep_buf_wipe(&seed);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  return nep_cli_end(s, &err);
}
