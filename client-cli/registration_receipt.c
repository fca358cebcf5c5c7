#include "client-cli/registration_receipt.h"

#include <string.h>

#include "base/lang.h"
#include "client-cli/folder.h"
#include "records/receipt.h"

nep_status nep_registration_receipt_check(const nep_registration_file *r, nep_bytes envelope,
                                          const char *key, nep_error *err)
{
  nep_registration_receipt receipt;
  nep_status status = nep_registration_receipt_verify(envelope, key, &receipt, err);
  if (status != NEP_OK)
    return nep_inside(err, status, "%s", _("receipt of the registration"));
  bool same = strcmp(receipt.event, r->event) == 0 && strcmp(receipt.nonce, r->nonce) == 0 &&
              receipt.n_elections == r->n;
  for (size_t i = 0; same && i < r->n; i++)
    same = strcmp(receipt.elections[i], r->uuids[i]) == 0;
  return same ? NEP_OK
              : nep_fail(err, NEP_E_CHECK, "receipt-content", _("receipt of the registration"),
                         _("is not for this registration"));
}

static bool registers(const nep_registration_file *r, const char *uuid, const char *credential)
{
  for (size_t i = 0; i < r->n; i++)
    if (strcmp(r->uuids[i], uuid) == 0 && strcmp(r->credentials[i], credential) == 0)
      return r->receipt != NULL;
  return false;
}

nep_status nep_registration_receipt_kept(const char *dir, const char *uuid, const char *credential,
                                         const nep_trust *trust, nep_receipt_kept *out,
                                         nep_error *err)
{
  nep_registration_file r = {0};
  nep_error why = {0};
  *out = NEP_RECEIPT_NONE;
  if (!nep_folder_has(dir, "registration.json"))
    return NEP_OK;
  nep_status status = nep_registration_file_load(dir, "", &r, err);
  if (status == NEP_OK && registers(&r, uuid, credential)) {
    *out = NEP_RECEIPT_HOLDS;
    status = nep_registration_receipt_check(&r, nep_str_bytes(r.receipt), trust->receipts, &why);
    if (status != NEP_OK) {
      *out = NEP_RECEIPT_WORTHLESS;
      status = nep_fail(err, NEP_E_CHECK, "receipt-unpinned", _("receipt of the registration"),
                        _("is not one by the key that the trust file names, %s: %s"),
                        trust->receipts, why.reason);
    }
  }
  nep_registration_file_free(&r);
  return status;
}
