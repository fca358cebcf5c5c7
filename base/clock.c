#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t nep_clock_now(void)
{
  return (int64_t)time(NULL);
}

int64_t nep_clock_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void nep_clock_text(int64_t seconds, char out[21])
{
  time_t t = (time_t)seconds;
  struct tm tm;
  gmtime_r(&t, &tm);
  if (strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &tm) != 20)
    memcpy(out, "0000-00-00T00:00:00Z", 21);
}

bool nep_clock_parse(const char *text, int64_t *seconds)
{
  static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
  if (strlen(text) != sizeof shape - 1)
    return false;
  for (size_t i = 0; i < sizeof shape - 1; i++)
    if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
      return false;
  struct tm tm = {0};
  if (!strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm))
    return false;
  int64_t value = (int64_t)timegm(&tm);
  char again[21];
  nep_clock_text(value, again);
  if (strcmp(again, text) != 0)
    return false;
  *seconds = value;
  return true;
}
