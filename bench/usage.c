/* usage: usage COMMAND...; runs it with its output thrown away and prints processor seconds and
   peak bytes. A small program of its own, because Linux counts what a process was before exec to
   its peak: under an interpreter every small program would look as large as that. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exitcode.h"

static double seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

int main(int argc, char **argv)
{
  struct rusage u;
  int status;
  pid_t child = argc > 1 ? fork() : -1;
  if (child == 0) {
    if (freopen("/dev/null", "w", stdout))
      execv(argv[1], argv + 1);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &u) != child)
    return NEP_EXIT_CANNOT;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return WIFEXITED(status) ? WEXITSTATUS(status) : NEP_EXIT_CANNOT;
  printf("%.3f %ld\n", seconds(u.ru_utime) + seconds(u.ru_stime), u.ru_maxrss * 1024);
  return NEP_EXIT_OK;
}
