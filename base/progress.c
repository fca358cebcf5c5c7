#include "base/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

void nep_progress_start(nep_progress *p, const char *what, uint64_t total)
{
  *p = (nep_progress){.what = what, .total = total, .started_ms = nep_clock_ms()};
  p->shown_ms = p->started_ms;
  p->visible = isatty(STDERR_FILENO);
}

/* "37 s", "1:02:03"; out has 32 bytes. */
static void duration(double seconds, char out[32])
{
  unsigned long long s = seconds < 1e9 ? (unsigned long long)(seconds + 0.5) : 1000000000ULL;
  if (s < 60)
    snprintf(out, 32, "%llu s", s);
  else
    snprintf(out, 32, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
}

void nep_progress_step(nep_progress *p, uint64_t done)
{
  if (!p->visible)
    return;
  int64_t now = nep_clock_ms();
  if (now - p->shown_ms < 100)
    return;
  p->shown_ms = now;
  double seconds = (double)(now - p->started_ms) / 1000.0;
  double rate = seconds > 0 ? (double)done / seconds : 0;
  if (p->total && rate > 0 && done <= p->total) {
    char left[32];
    duration((double)(p->total - done) / rate, left);
    fprintf(stderr, "\r\033[K%s %llu/%llu (%d%%), %.0f/s, %s left", p->what,
            (unsigned long long)done, (unsigned long long)p->total,
            (int)((double)done * 100.0 / (double)p->total), rate, left);
  } else
    fprintf(stderr, "\r\033[K%s %llu, %.0f/s", p->what, (unsigned long long)done, rate);
}

void nep_progress_end(nep_progress *p)
{
  if (p->visible)
    fputs("\r\033[K", stderr);
}
