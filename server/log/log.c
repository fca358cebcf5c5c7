#include "server/log/log.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "protocol/json.h"

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static _Atomic nep_log_level least_level = NEP_LOG_INFO;
static _Atomic int descriptor = STDERR_FILENO;

bool nep_log_level_parse(const char *name, nep_log_level *out)
{
  for (unsigned i = 0; i < sizeof level_names / sizeof *level_names; i++)
    if (strcmp(level_names[i], name) == 0) {
      *out = (nep_log_level)i;
      return true;
    }
  return false;
}

const char *nep_log_level_check(const char *name)
{
  nep_log_level level;
  return nep_log_level_parse(name, &level) ? NULL : "must be error, warning, info or debug";
}

void nep_log_set_level(nep_log_level least)
{
  atomic_store(&least_level, least);
}

void nep_log_set_descriptor(int fd)
{
  atomic_store(&descriptor, fd);
}

nep_log_line nep_log_begin(nep_log_level level, const char *event)
{
  nep_log_line l = {.wanted = level <= atomic_load(&least_level)};
  if (!l.wanted)
    return l;
  char now[21];
  nep_clock_text(nep_clock_now(), now);
  nep_buf_printf(&l.text, "{\"time\":\"%s\",\"level\":\"%s\"", now, level_names[level]);
  nep_log_text(&l, "event", event);
  return l;
}

static void add_key(nep_log_line *l, const char *key)
{
  nep_buf_printf(&l->text, ",\"%s\":", key);
}

void nep_log_text(nep_log_line *l, const char *key, const char *value)
{
  if (!l->wanted)
    return;
  char *clean = nep_strdup(value);
  if (!nep_is_utf8(clean, strlen(clean)))
    for (char *c = clean; *c; c++)
      if ((unsigned char)*c >= 0x80)
        *c = '?';
  add_key(l, key);
  nep_json_write_string(&l->text, clean, strlen(clean));
  free(clean);
}

void nep_log_number(nep_log_line *l, const char *key, int64_t value)
{
  if (!l->wanted)
    return;
  add_key(l, key);
  nep_buf_printf(&l->text, "%lld", (long long)value);
}

void nep_log_end(nep_log_line *l)
{
  if (l->wanted) {
    nep_buf_str(&l->text, "}\n");
    nep_status written = nep_fd_write(atomic_load(&descriptor), l->text.data, l->text.len, NULL);
    (void)written; /* nowhere is left to say that the log cannot be written */
  }
  nep_buf_free(&l->text);
}

void nep_log_error(nep_log_level level, const char *event, const nep_error *err)
{
  nep_log_line l = nep_log_begin(level, event);
  nep_log_text(&l, "code", err->code);
  nep_log_text(&l, "where", err->where);
  nep_log_text(&l, "reason", err->reason);
  if (err->advice[0])
    nep_log_text(&l, "advice", err->advice);
  nep_log_end(&l);
}
