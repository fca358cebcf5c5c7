/* Messages in Vietnamese and English (GNU gettext, domain "nep"). */
#ifndef NEP_BASE_LANG_H
#define NEP_BASE_LANG_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) gettext(text)
#define N_(text) text

/* Chooses the language by locale. Catalogues are looked for beside the build tree of the running
   program (../po/locale), then where they were installed. */
void nep_lang_start(void);

/* Overrides the locale: "vi" or "en" (an option --lang); false for any other name. */
bool nep_lang_choose(const char *lang);

#endif
