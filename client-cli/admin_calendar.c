/* nep-admin calendar: when registration closes, when voting opens and closes. */
#include "base/clock.h"
#include "base/lang.h"
#include "client-cli/admin.h"
#include "protocol/json.h"

static nep_status take(const char *time, const char *key, const char *option, json_t *calendar,
                       nep_error *err)
{
  int64_t seconds;
  if (time == NULL) {
    nep_fail(err, NEP_E_INPUT, "usage", option,
             _("is needed: you sign all three times of the calendar"));
    return nep_advise(err, "%s",
                      _("nep-admin show prints those that the server has; give the ones that the "
                        "commission has decided"));
  }
  if (!nep_clock_parse(time, &seconds))
    return nep_fail(err, NEP_E_INPUT, "usage", option,
                    _("\"%s\" is not a time such as 2026-11-23T07:00:00Z"), time);
  json_object_set_new(calendar, key, json_string(time));
  return NEP_OK;
}

nep_status nep_admin_calendar_body(const nep_admin *a, nep_buf *body, nep_error *err)
{
  json_t *calendar = json_object();
  nep_status status =
      take(a->registration_closes, "registration_closes", "--registration-closes", calendar, err);
  if (status == NEP_OK)
    status = take(a->opens, "opens", "--opens", calendar, err);
  if (status == NEP_OK)
    status = take(a->closes, "closes", "--closes", calendar, err);
  if (status == NEP_OK)
    nep_json_write(body, calendar);
  json_decref(calendar);
  return status;
}

nep_status nep_admin_calendar(nep_admin *a, nep_error *err)
{
  nep_buf body = {0};
  nep_status status = nep_admin_calendar_body(a, &body, err);
  if (status == NEP_OK)
    status = nep_admin_send(a, NEP_ACT_CALENDAR, nep_buf_bytes(&body), err);
  nep_buf_free(&body);
  return status;
}
