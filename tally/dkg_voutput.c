/* nep-trustee dkg voutput: step 5, a member checks its shares and makes its decryption key. */
#include "tally/trustee_commands.h"

static nep_status save(const nep_arguments *a, nep_bytes voutput, nep_error *err)
{
  nep_buf dkey = {0};
  nep_status s = nep_threshold_dkey(voutput, &dkey, err);
  if (s == NEP_OK)
    s = nep_cli_save_both(nep_option(a, "dkey"), nep_buf_bytes(&dkey), nep_option(a, "out"),
                          voutput, err);
  nep_buf_wipe(&dkey);
  return s;
}

int nep_dkg_voutput_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf context = {0}, certs = {0}, vinput = {0}, seed = {0}, out = {0};
  nep_status s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "certs", &certs, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "vinput", &vinput, &err);
  if (s == NEP_OK)
    s = nep_cli_seed(nep_option(a, "key"), &seed, &err);
  if (s == NEP_OK)
    s = nep_threshold_voutput(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                              nep_buf_bytes(&vinput), seed.data, &out, &err);
  if (s == NEP_OK)
    s = save(a, nep_buf_bytes(&out), &err);
  nep_buf_free(&out);
  nep_buf_wipe(&seed);
  nep_buf_free(&vinput);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  return nep_cli_end(s, &err);
}
