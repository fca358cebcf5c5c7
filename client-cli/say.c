#include "client-cli/say.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/encode.h"
#include "base/exitcode.h"
#include "base/lang.h"

/* Decodes one character of well-formed UTF-8; returns its length. */
static size_t next_character(const unsigned char *p, uint32_t *c)
{
  size_t len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
  *c = len == 1 ? *p : *p & (0xffu >> (len + 1));
  for (size_t i = 1; i < len; i++)
    *c = *c << 6 | (p[i] & 0x3f);
  return len;
}

static bool is_harmless(uint32_t c)
{
  bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
                   c == 0x200f || c == 0x061c;
  return !control && !direction && c != 0x2028 && c != 0x2029;
}

void nep_show(FILE *to, const char *text)
{
  const unsigned char *p = (const unsigned char *)text;
  if (!nep_is_utf8(text, strlen(text))) {
    fputc('?', to);
    return;
  }
  while (*p != '\0') {
    uint32_t c;
    size_t len = next_character(p, &c);
    if (is_harmless(c))
      fwrite(p, 1, len, to);
    else
      fputc('?', to);
    p += len;
  }
}

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
