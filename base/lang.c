#include "base/lang.h"

#include <langinfo.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool beside_program(char *out, size_t size)
{
  char exe[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n <= 0)
    return false;
  exe[n] = '\0';
  int used = snprintf(out, size, "%s/../po/locale", dirname(exe));
  return used > 0 && (size_t)used < size && access(out, R_OK) == 0;
}

/* gettext translates nothing where messages are in the "C" locale, and Vietnamese needs UTF-8. Some
   programs (Python) set LC_CTYPE alone for those that they start. */
static void need_utf8(void)
{
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    setlocale(LC_ALL, "C.UTF-8");
  else if (strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
    setlocale(LC_MESSAGES, "C.UTF-8");
}

void nep_lang_start(void)
{
  char dir[PATH_MAX + 16];
  setlocale(LC_ALL, "");
  need_utf8();
  bindtextdomain("nep", beside_program(dir, sizeof dir) ? dir : NEP_LOCALEDIR);
  bind_textdomain_codeset("nep", "UTF-8");
  textdomain("nep");
}

bool nep_lang_choose(const char *lang)
{
  if (strcmp(lang, "vi") != 0 && strcmp(lang, "en") != 0)
    return false;
  setenv("LANGUAGE", lang, 1);
  nep_lang_start();
  return true;
}
