#include "base/process.h"

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

void nep_process_start(void)
{
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
