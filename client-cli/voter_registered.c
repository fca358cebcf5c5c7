/* nep-voter check --registered: after the freeze a voter finds the own credential in the list, in
   time to object. */
#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "client-cli/paper_signed.h"
#include "client-cli/registration_receipt.h"
#include "client-cli/say.h"
#include "client-cli/trust_pin.h"
#include "client-cli/voter.h"

typedef struct looked {
  nep_summary summary;
  nep_paper paper;
  nep_trust *trust;
  nep_registry_verdict verdict;
  const char *claims_until; /* borrowed from the summary; NULL when the server names none */
  char credential[NEP_ELEMENT_TEXT_MAX];
  bool listed;
  nep_receipt_kept receipt;
  nep_error worthless; /* why the receipt is */
} looked;

static nep_status check_frozen(looked *l, nep_error *err)
{
  l->claims_until = json_string_value(json_object_get(l->summary.json, "claims_until"));
  if (l->summary.setup_hash[0] != '\0')
    return NEP_OK;
  nep_fail(err, NEP_E_STATE, "not-frozen", l->summary.uuid,
           _("the list of credentials is not final yet: %s"), nep_phase_name(l->summary.phase));
  return nep_advise(err, "%s",
                    _("ask again when registration has ended and the list is published"));
}

/* At registration the server's key was the first one seen; now the trust file says whose it is. */
static nep_status look_at_receipt(nep_voter *v, looked *l, nep_error *err)
{
  nep_error why = {0};
  nep_status status = nep_registration_receipt_kept(v->dir, l->summary.uuid, l->credential,
                                                    l->trust, &l->receipt, &why);
  if (l->receipt == NEP_RECEIPT_WORTHLESS) {
    l->worthless = why;
    return NEP_OK;
  }
  if (status != NEP_OK)
    *err = why;
  return status;
}

static nep_status look(nep_voter *v, looked *l, nep_error *err)
{
  size_t place;
  const char *uuid = l->summary.uuid;
  nep_status status = check_frozen(l, err);
  if (status == NEP_OK)
    status = nep_paper_get(v->http, &l->summary, &l->paper, err);
  if (status == NEP_OK)
    status = nep_trust_pin(v->http, v->dir, v->trust, &l->summary, &l->trust, err);
  if (status == NEP_OK)
    status = nep_paper_acts(v->http, &l->paper, l->trust, err);
  if (status == NEP_OK)
    status = nep_paper_verdict(v->http, &l->paper, l->trust, &l->verdict, err);
  if (status == NEP_OK)
    status = nep_voter_credential(v, l->paper.election->group, uuid, l->credential, err);
  if (status == NEP_OK)
    status = look_at_receipt(v, l, err);
  if (status == NEP_OK)
    l->listed =
        nep_credentials_find(l->paper.credentials, l->credential, strlen(l->credential), &place);
  return status;
}

static void print_json(const looked *l)
{
  nep_buf text = {0};
  static const char *const receipts[] = {[NEP_RECEIPT_NONE] = "none",
                                         [NEP_RECEIPT_HOLDS] = "holds",
                                         [NEP_RECEIPT_WORTHLESS] = "unpinned"};
  json_t *j = json_pack("{s:s,s:s,s:b,s:s,s:I,s:s?}", "uuid", l->summary.uuid, "credential",
                        l->credential, "listed", (int)l->listed, "receipt", receipts[l->receipt],
                        "credentials", (json_int_t)nep_credentials_count(l->paper.credentials),
                        "claims_until", l->claims_until);
  nep_json_write(&text, j);
  puts(text.data);
  nep_buf_free(&text);
  json_decref(j);
}

static nep_status conclude(const looked *l, nep_error *err)
{
  const char *until = l->claims_until != NULL ? l->claims_until : _("voting opens");
  if (l->receipt == NEP_RECEIPT_WORTHLESS) {
    *err = l->worthless;
    return nep_advise(err,
                      _("tell the election commission and observers before %s: whoever gave this "
                        "receipt is not the server that the commission has named"),
                      until);
  }
  if (l->listed)
    return NEP_OK;
  nep_fail(err, NEP_E_CHECK, "not-listed", l->credential,
           _("your credential is not in the list that the auditors judged and the officials "
             "signed"));
  return l->receipt == NEP_RECEIPT_HOLDS
             ? nep_advise(err,
                          _("object to the election commission before %s, with the registration "
                            "receipt in your folder"),
                          until)
             : nep_advise(err,
                          _("object to the election commission before %s; this folder holds no "
                            "receipt for this credential"),
                          until);
}

nep_status nep_voter_registered(nep_voter *v, nep_error *err)
{
  looked l = {.listed = false};
  const char *uuid;
  nep_status status = nep_voter_election(v, &uuid, err);
  if (status == NEP_OK)
    status = nep_summary_get(v->http, uuid, &l.summary, err);
  if (status == NEP_OK)
    status = look(v, &l, err);
  if (status == NEP_OK && v->json)
    print_json(&l);
  else if (status == NEP_OK && !l.listed && l.receipt == NEP_RECEIPT_WORTHLESS)
    puts(_("You are NOT on the list of those who may vote."));
  else if (status == NEP_OK && l.listed)
    printf(_("You are on the list: your credential is one of %zu that the auditors judged and the "
             "officials signed.\n"),
           nep_credentials_count(l.paper.credentials));
  if (status == NEP_OK)
    status = conclude(&l, err);
  nep_trust_free(l.trust);
  nep_paper_free(&l.paper);
  nep_summary_free(&l.summary);
  return status;
}
