#include "base/process.h"

#include <argp.h>
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/exitcode.h"
#include "base/lang.h"
#include "base/random.h"

/* LeakSanitizer attaches to its own process, which a process that is not dumpable refuses. */
#ifdef __SANITIZE_ADDRESS__
enum { DUMPABLE = 1 };
#else
enum { DUMPABLE = 0 };
#endif

/* What a thread frees with one ballot it needs for the next: malloc would give it back to the
   system and fetch it again, page by page (doc/DESIGN.md §12 says what that took). */
static void keep_memory(void)
{
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
  (void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

/* argp answers --version with it. */
static void name_version(void)
{
  static char version[128];
  snprintf(version, sizeof version, "%s (National Election Portal) %s",
           program_invocation_short_name, PACKAGE_VERSION);
  argp_program_version = version;
}

void nep_process_start(void)
{
  keep_memory();
  name_version();
  struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, DUMPABLE, 0, 0, 0) != 0) {
    perror("cannot switch off core dumps");
    exit(NEP_EXIT_CANNOT);
  }
  umask(077);
  signal(SIGPIPE, SIG_IGN);
  nep_random_start();
  nep_lang_start();
}
