#include "server/signer/purpose.h"

#include <string.h>

#include "records/receipt.h"
#include "records/tags.h"

static nep_promise promise_of(nep_signed_chain chain, const char *uuid, uint64_t height,
                              const char *event, bool of_all)
{
  nep_promise p = {.is_made = true, .of_all = of_all, .event = {.chain = chain, .height = height}};
  memcpy(p.event.uuid, uuid, sizeof p.event.uuid);
  memcpy(p.event.event, event, sizeof p.event.event);
  return p;
}

static nep_status check_cast_receipt(const json_t *m, nep_promise *promise, nep_error *err)
{
  nep_cast_receipt r = {0};
  nep_status status = nep_cast_receipt_read(m, &r, err);
  *promise = promise_of(NEP_SIGNED_ARCHIVE, r.uuid, r.height, r.event, false);
  return status;
}

static nep_status check_registration_receipt(const json_t *m, nep_promise *promise, nep_error *err)
{
  *promise = (nep_promise){.is_made = false};
  nep_registration_receipt r = {0};
  return nep_registration_receipt_read(m, &r, err);
}

static nep_status check_refusal(const json_t *m, nep_promise *promise, nep_error *err)
{
  *promise = (nep_promise){.is_made = false};
  nep_refusal r = {0};
  return nep_refusal_read(m, &r, err);
}

static nep_status check_head_of(nep_signed_chain chain, const json_t *m, nep_promise *promise,
                                nep_error *err)
{
  nep_head r = {0};
  nep_status status = nep_head_read(m, &r, err);
  *promise = promise_of(chain, r.uuid, r.height, r.event, true);
  return status;
}

static nep_status check_head(const json_t *m, nep_promise *promise, nep_error *err)
{
  return check_head_of(NEP_SIGNED_ARCHIVE, m, promise, err);
}

static nep_status check_casts_head(const json_t *m, nep_promise *promise, nep_error *err)
{
  return check_head_of(NEP_SIGNED_CASTS, m, promise, err);
}

static const struct purpose {
  nep_signed_purpose purpose;
  const char *tag;
  nep_status (*check)(const json_t *message, nep_promise *promise, nep_error *err);
} purposes[] = {
    {NEP_SIGN_CAST_RECEIPT, NEP_TAG_CAST_RECEIPT, check_cast_receipt},
    {NEP_SIGN_REGISTRATION_RECEIPT, NEP_TAG_REGISTRATION_RECEIPT, check_registration_receipt},
    {NEP_SIGN_REFUSAL, NEP_TAG_REFUSAL, check_refusal},
    {NEP_SIGN_HEAD, NEP_TAG_HEAD, check_head},
    {NEP_SIGN_CASTS_HEAD, NEP_TAG_CASTS_HEAD, check_casts_head},
};

static const struct purpose *purpose_named(const char *name)
{
  for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
    if (strcmp(nep_purpose_name(purposes[i].purpose), name) == 0)
      return &purposes[i];
  return NULL;
}

const char *nep_purpose_tag(const char *name)
{
  const struct purpose *p = purpose_named(name);
  return p ? p->tag : NULL;
}

nep_status nep_purpose_check(const char *name, const json_t *message, nep_promise *promise,
                             nep_error *err)
{
  const struct purpose *p = purpose_named(name);
  if (!p)
    return nep_fail(err, NEP_E_DENIED, "purpose", "purpose", "is none that this process signs for");
  return p->check(message, promise, err);
}
