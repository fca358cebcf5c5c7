#include "base/status.h"

#include <stdio.h>
#include <string.h>

/* Ends a text that was cut at `size` on a character boundary. */
static void cut_whole_character(char *text, size_t size)
{
  size_t n = strnlen(text, size);
  if (n + 1 < size)
    return;
  size_t start = n;
  while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
    start--;
  if (start == 0)
    return;
  unsigned char lead = (unsigned char)text[start - 1];
  size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (n - (start - 1) < want)
    text[start - 1] = '\0';
}

nep_status nep_fail(nep_error *err, nep_status status, const char *code, const char *where,
                    const char *reason, ...)
{
  if (!err)
    return status;
  err->status = status;
  snprintf(err->code, sizeof err->code, "%s", code);
  snprintf(err->where, sizeof err->where, "%s", where ? where : "");
  va_list args;
  va_start(args, reason);
  vsnprintf(err->reason, sizeof err->reason, reason, args);
  va_end(args);
  err->advice[0] = '\0';
  cut_whole_character(err->where, sizeof err->where);
  cut_whole_character(err->reason, sizeof err->reason);
  return status;
}

nep_status nep_advise(nep_error *err, const char *advice, ...)
{
  if (!err)
    return NEP_E_INTERNAL;
  va_list args;
  va_start(args, advice);
  vsnprintf(err->advice, sizeof err->advice, advice, args);
  va_end(args);
  cut_whole_character(err->advice, sizeof err->advice);
  return err->status;
}

nep_status nep_inside(nep_error *err, nep_status status, const char *outer, ...)
{
  if (!err)
    return status;
  char inner[sizeof err->where], place[sizeof err->where];
  memcpy(inner, err->where, sizeof inner);
  va_list args;
  va_start(args, outer);
  vsnprintf(place, sizeof place, outer, args);
  va_end(args);
  size_t used = strlen(place);
  memcpy(err->where, place, used + 1);
  if (inner[0])
    snprintf(err->where + used, sizeof err->where - used, "%s%s", inner[0] == '[' ? "" : ".",
             inner);
  cut_whole_character(err->where, sizeof err->where);
  return status;
}

const char *nep_error_line(const nep_error *err, char *out, unsigned long size)
{
  snprintf(out, size, "%s%s%s%s%s", err->where, err->where[0] ? ": " : "", err->reason,
           err->advice[0] ? "; " : "", err->advice);
  cut_whole_character(out, size);
  return out;
}

const char *nep_status_name(nep_status status)
{
  static const char *const names[] = {"ok",     "input",       "check", "state", "not-found",
                                      "denied", "unsupported", "io",    "busy",  "internal"};
  return (unsigned)status < sizeof names / sizeof *names ? names[status] : "unknown";
}
