#include "client-cli/say.h"

#include <string.h>

#include "base/exitcode.h"
#include "base/lang.h"

void nep_say_error(const char *program, const nep_error *err)
{
  const char *sentence = nep_message_for(err->code);
  fprintf(stderr, "%s: ", program);
  if (sentence != NULL)
    fprintf(stderr, "%s\n  ", sentence);
  if (err->where[0] != '\0') {
    nep_show(stderr, err->where);
    fputs(": ", stderr);
  }
  nep_show(stderr, nep_reason_translated(err->reason));
  fputs(" [", stderr);
  nep_show(stderr, err->code);
  fputs("]\n", stderr);
  if (err->advice[0] != '\0') {
    fprintf(stderr, "  %s ", _("What to do:"));
    nep_show(stderr, err->advice);
    fputc('\n', stderr);
  }
}

int nep_exit_code(const nep_error *err)
{
  static const char *const could_not_run[] = {"usage", "file", "file-mode", "server-address",
                                              "terminal"};
  for (size_t i = 0; i < sizeof could_not_run / sizeof *could_not_run; i++)
    if (strcmp(err->code, could_not_run[i]) == 0)
      return NEP_EXIT_CANNOT;
  switch (err->status) {
  case NEP_OK:
    return NEP_EXIT_OK;
  case NEP_E_IO:
  case NEP_E_BUSY:
  case NEP_E_INTERNAL:
    return NEP_EXIT_CANNOT;
  default:
    return NEP_EXIT_REFUSED;
  }
}
