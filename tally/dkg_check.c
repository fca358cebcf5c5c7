/* nep-trustee dkg check: step 2, the certificates of all members. */
#include <stdio.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "tally/trustee_commands.h"

/* What the members compare aloud before they go on. */
static void print_fingerprint(const nep_buf *certs)
{
  char hex[65], fingerprint[44];
  nep_sha256_hex(certs->data, certs->len, hex);
  if (nep_tracker(hex, fingerprint))
    printf("all certificates hold\nfingerprint  %s\n", fingerprint);
}

int nep_dkg_check_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf context = {0}, certs = {0};
  nep_status s = nep_ceremony_text(a, "context", &context, &err);
  if (s == NEP_OK)
    s = nep_ceremony_text(a, "certs", &certs, &err);
  if (s == NEP_OK)
    s = nep_threshold_check_certs(nep_buf_bytes(&context), nep_buf_bytes(&certs), &err);
  if (s == NEP_OK)
    print_fingerprint(&certs);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  return nep_cli_end(s, &err);
}
