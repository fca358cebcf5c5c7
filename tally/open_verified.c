#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

static nep_status check_next(const nep_verified *v, nep_event_type next, nep_error *err)
{
  bool before_end = v->phase == NEP_EVENT_SETUP || v->phase == NEP_EVENT_BALLOT;
  bool tallied = v->phase == NEP_EVENT_ENCRYPTED_TALLY || v->phase == NEP_EVENT_END_SHUFFLES ||
                 v->phase == NEP_EVENT_PARTIAL_DECRYPTION;
  bool fits = next == NEP_EVENT_ENCRYPTED_TALLY ? v->phase == NEP_EVENT_END_BALLOTS
              : next == NEP_EVENT_PARTIAL_DECRYPTION || next == NEP_EVENT_RESULT ? tallied
                                                                                 : before_end;
  return fits ? NEP_OK
              : nep_fail(err, NEP_E_STATE, "phase", "archive",
                         "a %s event may not follow its last event, which is %s",
                         nep_event_name(next), nep_event_name(v->phase));
}

nep_status nep_open_verified(const char *path, nep_event_type next, nep_archive **a,
                             nep_verified **v, nep_error *err)
{
  *v = NULL;
  nep_status s = nep_archive_open(path, a, err);
  if (s == NEP_OK)
    s = nep_valid_archive(path, v, err);
  if (s == NEP_OK)
    s = check_next(*v, next, err);
  return s;
}
