/* nep-trustee dkg cert: step 1, a member's secret and certificate. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "tally/trustee_commands.h"

static nep_status save(const nep_arguments *a, const char *id, const char *seed, nep_bytes cert,
                       nep_error *err)
{
  char *secret = NULL, *public = NULL;
  nep_status s = nep_cli_path(nep_option(a, "out"), id, ".key", &secret, err);
  if (s == NEP_OK)
    s = nep_cli_path(nep_option(a, "out"), id, ".cert", &public, err);
  if (s == NEP_OK)
    s = nep_cli_save(secret, nep_str_bytes(seed), true, err);
  if (s == NEP_OK)
    s = nep_cli_save(public, cert, false, err);
  if (s == NEP_OK)
    printf("%s\nsecret  %s\npublic  %s\n", id, secret, public);
  free(public);
  free(secret);
  return s;
}

int nep_dkg_cert_command(const nep_arguments *a)
{
  char seed[NEP_SEED_LENGTH + 1] = "", id[65];
  unsigned long index = 0;
  nep_error err = {0};
  nep_buf context = {0}, cert = {0};
  nep_status s = nep_option_number(a, "index", 1, NEP_MEMBER_NUMBER_MAX, 0, &index, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK) {
    nep_random_base58(seed, NEP_SEED_LENGTH);
    s = nep_threshold_cert(nep_buf_bytes(&context), seed, index, &cert, id, &err);
  }
  if (s == NEP_OK)
    s = save(a, id, seed, nep_buf_bytes(&cert), &err);
  nep_buf_free(&cert);
  nep_buf_free(&context);
  nep_wipe(seed, sizeof seed);
  return nep_cli_end(s, &err);
}
