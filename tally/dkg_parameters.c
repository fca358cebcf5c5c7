/* nep-trustee dkg parameters: step 6, everything public of the ceremony in one text. */
#include "tally/trustee_commands.h"

int nep_dkg_parameters_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf context = {0}, certs = {0}, polynomials = {0}, voutputs = {0}, out = {0};
  nep_status s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "certs", &certs, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "polynomials", &polynomials, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "voutputs", &voutputs, &err);
  if (s == NEP_OK)
    s = nep_threshold_parameters(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                                 nep_buf_bytes(&polynomials), nep_buf_bytes(&voutputs), &out, &err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&out), false, &err);
  nep_buf_free(&out);
  nep_buf_free(&voutputs);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  return nep_cli_end(s, &err);
}
