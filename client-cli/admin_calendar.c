/* nep-admin calendar: when registration closes, when voting opens and closes. */
#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/lang.h"
#include "client-cli/admin.h"
#include "client-cli/summary.h"
#include "protocol/json.h"

static nep_status take(const char *given, const json_t *current, const char *key,
                       const char *option, json_t *calendar, nep_error *err)
{
  const char *time = given != NULL ? given : json_string_value(json_object_get(current, key));
  int64_t seconds;
  if (time == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", option,
                    _("is needed: the election has no calendar yet"));
  if (!nep_clock_parse(time, &seconds))
    return nep_fail(err, NEP_E_INPUT, "usage", option,
                    _("\"%s\" is not a time such as 2026-11-23T07:00:00Z"), time);
  json_object_set_new(calendar, key, json_string(time));
  return NEP_OK;
}

nep_status nep_admin_calendar_body(const nep_admin *a, const void *current, nep_buf *body,
                                   nep_error *err)
{
  json_t *calendar = json_object();
  nep_status status = take(a->registration_closes, current, "registration_closes",
                           "--registration-closes", calendar, err);
  if (status == NEP_OK)
    status = take(a->opens, current, "opens", "--opens", calendar, err);
  if (status == NEP_OK)
    status = take(a->closes, current, "closes", "--closes", calendar, err);
  if (status == NEP_OK)
    nep_json_write(body, calendar);
  json_decref(calendar);
  return status;
}

nep_status nep_admin_calendar(nep_admin *a, nep_error *err)
{
  nep_summary summary = {0};
  nep_buf body = {0};
  const char *uuid;
  bool all = a->registration_closes != NULL && a->opens != NULL && a->closes != NULL;
  nep_status status = nep_admin_uuid(a, &uuid, err);
  if (status == NEP_OK && !all)
    status = nep_summary_get(a->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = nep_admin_calendar_body(a, json_object_get(summary.json, "calendar"), &body, err);
  if (status == NEP_OK)
    status = nep_admin_send(a, NEP_ACT_CALENDAR, nep_buf_bytes(&body), err);
  nep_buf_free(&body);
  nep_summary_free(&summary);
  return status;
}
