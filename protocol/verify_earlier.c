/* An earlier copy must be a prefix (protocol.md, Appendix item 8): ballots removed together with a
   fitting tally show only so. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/verify_state.h"

static nep_status open_file(const char *path, FILE **out, nep_error *err)
{
  *out = fopen(path, "rbe");
  return *out ? NEP_OK : nep_fail(err, NEP_E_IO, "open", path, "%s", strerror(errno));
}

static void compare(FILE *earlier, FILE *now, nep_findings *f)
{
  static const char code[] = "archive-not-a-prefix";
  char a[1 << 14], b[1 << 14], object[64];
  uint64_t position = 0;
  size_t n = 0;
  while ((n = fread(a, 1, sizeof a, earlier)) > 0) {
    size_t m = fread(b, 1, n, now), same = 0;
    while (same < m && a[same] == b[same])
      same++;
    if (same < n) {
      snprintf(object, sizeof object, "byte %" PRIu64, position + same);
      (void)nep_check(f, "earlier copy is a prefix", false, code, object,
                      same < m ? "the earlier copy differs from here on"
                               : "the archive ends before the earlier copy does");
      return;
    }
    position += n;
  }
  (void)nep_check(f, "earlier copy is a prefix", true, code, "", "");
}

nep_status nep_verify_earlier(const char *path, const char *earlier, nep_findings *f,
                              nep_error *err)
{
  FILE *old = NULL, *now = NULL;
  nep_status s = open_file(earlier, &old, err);
  if (s == NEP_OK)
    s = open_file(path, &now, err);
  if (s == NEP_OK) {
    compare(old, now, f);
    if (ferror(old) || ferror(now))
      s = nep_fail(err, NEP_E_IO, "read", ferror(old) ? earlier : path, "reading failed");
  }
  if (now)
    fclose(now);
  if (old)
    fclose(old);
  return s;
}
