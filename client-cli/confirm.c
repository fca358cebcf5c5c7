#include "client-cli/confirm.h"

#include <string.h>

#include "base/terminal.h"

static bool is_yes(const nep_buf *line)
{
  static const char *const yes[] = {"y", "Y", "yes", "c", "C", "có"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    if (line->len == strlen(yes[i]) && memcmp(line->data, yes[i], line->len) == 0)
      return true;
  return false;
}

nep_status nep_confirm(const char *question, bool *yes, nep_error *err)
{
  nep_buf line = {0};
  nep_status status = nep_ask(question, 0, 16, &line, err);
  *yes = status == NEP_OK && is_yes(&line);
  nep_buf_free(&line);
  return status;
}
