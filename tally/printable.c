#include <stdbool.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "tally/cli.h"

/* Control characters could move the cursor and write a verdict of their own: C0, DEL, and C1, which
   UTF-8 writes as C2 80 .. C2 9F. */
char *nep_printable(const char *text)
{
  char *copy = nep_strdup(text);
  bool utf8 = nep_is_utf8(text, strlen(text));
  for (unsigned char *c = (unsigned char *)copy; *c; c++) {
    if (*c < 0x20 || *c == 0x7f || (*c >= 0x80 && !utf8)) {
      *c = '?';
    } else if (*c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) {
      *c = '?';
      *++c = '?';
    }
  }
  return copy;
}
