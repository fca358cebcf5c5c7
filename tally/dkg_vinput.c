/* nep-trustee dkg vinput: step 4, what one member receives of all polynomials. */
#include "tally/trustee_commands.h"

int nep_dkg_vinput_command(const nep_arguments *a)
{
  unsigned long index = 0;
  nep_error err = {0};
  nep_buf context = {0}, certs = {0}, polynomials = {0}, out = {0};
  nep_status s = nep_option_number(a, "index", 1, NEP_MEMBER_NUMBER_MAX, 0, &index, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "certs", &certs, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "polynomials", &polynomials, &err);
  if (s == NEP_OK)
    s = nep_threshold_vinput(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                             nep_buf_bytes(&polynomials), index, &out, &err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&out), false, &err);
  nep_buf_free(&out);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  return nep_cli_end(s, &err);
}
