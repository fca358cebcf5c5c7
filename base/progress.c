#include "base/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- the pace ---- */

void nep_pace_note(nep_pace *p, int64_t now_ms, uint64_t done)
{
  uint64_t last = p->n > 0 ? (p->n - 1) % NEP_PACE_SAMPLES : 0;
  if (p->n > 0 && done < p->at[last].done)
    p->n = 0;
  if (p->n == 0)
    p->began_ms = now_ms;
  else if (done == p->at[last].done || now_ms - p->at[last].ms < NEP_PACE_EVERY_MS)
    return;
  p->at[p->n % NEP_PACE_SAMPLES].ms = now_ms;
  p->at[p->n % NEP_PACE_SAMPLES].done = done;
  p->n++;
}

/* The youngest sample of at least that age is the beginning of the span, or the oldest one that is
   kept. One that has the same count is none: steps may be further apart than the span. */
double nep_pace_rate(const nep_pace *p, int64_t now_ms, uint64_t done)
{
  int64_t span = (now_ms - p->began_ms) / 2, ms = 0;
  uint64_t grown = 0;
  if (span > NEP_PACE_SPAN_MS)
    span = NEP_PACE_SPAN_MS;
  for (uint64_t i = p->n; i > 0 && p->n - i < NEP_PACE_SAMPLES; i--) {
    uint64_t place = (i - 1) % NEP_PACE_SAMPLES;
    if (p->at[place].done >= done)
      continue;
    ms = now_ms - p->at[place].ms;
    grown = done - p->at[place].done;
    if (ms >= span)
      break;
  }
  return ms > 0 ? (double)grown * 1000.0 / (double)ms : 0;
}

bool nep_pace_left(const nep_pace *p, int64_t now_ms, uint64_t done, uint64_t total,
                   double *seconds)
{
  double rate = nep_pace_rate(p, now_ms, done);
  if (rate <= 0 || total == 0 || done > total)
    return false;
  *seconds = (double)(total - done) / rate;
  return true;
}

/* ---- the line ---- */

void nep_progress_start(nep_progress *p, const char *what, uint64_t total)
{
  *p = (nep_progress){.what = what, .total = total, .shown_ms = nep_clock_ms()};
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
  double seconds;
  p->done = done;
  if (!p->visible)
    return;
  int64_t now = nep_clock_ms();
  nep_pace_note(&p->pace, now, done);
  if (now - p->shown_ms < 100)
    return;
  p->shown_ms = now;
  double rate = nep_pace_rate(&p->pace, now, done);
  if (nep_pace_left(&p->pace, now, done, p->total, &seconds)) {
    char left[32];
    duration(seconds, left);
    fprintf(stderr, "\r\033[K%s %llu/%llu (%d%%), %.0f/s, %s left", p->what,
            (unsigned long long)done, (unsigned long long)p->total,
            (int)((double)done * 100.0 / (double)p->total), rate, left);
  } else
    fprintf(stderr, "\r\033[K%s %llu, %.0f/s", p->what, (unsigned long long)done, rate);
}

void nep_progress_grow(void *progress, uint64_t n)
{
  nep_progress *p = progress;
  nep_progress_step(p, p->done + n);
}

void nep_progress_end(nep_progress *p)
{
  if (p->visible)
    fputs("\r\033[K", stderr);
}
