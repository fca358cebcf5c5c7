#include "server/settings/settings.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"

/* One reading of a file. inih does not tell its handler the line, so the reader counts. */
typedef struct reading {
  const char *name;
  nep_bytes text;
  size_t at;
  int line;
  const nep_setting *table;
  size_t n;
  void *config;
  int first[NEP_SETTINGS_MAX]; /* line of each setting of the table; 0: not seen */
  nep_error *err;
  nep_status status;
} reading;

static void refuse(reading *r, const char *code, const char *reason, ...) NEP_PRINTF(3, 4);

static void refuse(reading *r, const char *code, const char *reason, ...)
{
  char where[sizeof r->err->where], text[sizeof r->err->reason];
  va_list args;
  va_start(args, reason);
  vsnprintf(text, sizeof text, reason, args);
  va_end(args);
  snprintf(where, sizeof where, "%s:%d", r->name, r->line);
  r->status = nep_fail(r->err, NEP_E_INPUT, code, where, "%s", text);
}

/* fgets for inih over the text in memory. */
static char *next_line(char *out, int room, void *ctx)
{
  reading *r = ctx;
  if (r->at >= r->text.len || r->status != NEP_OK)
    return NULL;
  const char *start = r->text.data + r->at;
  const char *end = memchr(start, '\n', r->text.len - r->at);
  size_t len = end ? (size_t)(end - start) + 1 : r->text.len - r->at;
  r->line++;
  if (len > NEP_SETTING_LINE_MAX || len >= (size_t)room) {
    refuse(r, "config-line", "the line is longer than the %d bytes allowed", NEP_SETTING_LINE_MAX);
    return NULL;
  }
  memcpy(out, start, len);
  out[len] = '\0';
  r->at += len;
  return out;
}

static void *field_of(void *config, const nep_setting *s)
{
  return (char *)config + s->offset;
}

static const char *set_number(const nep_setting *s, void *config, const char *value)
{
  size_t digits = strspn(value, "0123456789");
  if (digits == 0 || value[digits] || digits > 18 || (digits > 1 && value[0] == '0'))
    return "is not a whole number in decimal digits";
  int64_t number = strtoll(value, NULL, 10);
  if (number < s->min || number > s->max)
    return "is outside the range allowed";
  *(int64_t *)field_of(config, s) = number;
  return NULL;
}

static const char *set_text(const nep_setting *s, void *config, const char *value)
{
  const char *wrong = !*value ? "is empty" : s->check ? s->check(value) : NULL;
  if (!wrong)
    *(char **)field_of(config, s) = nep_strdup(value);
  return wrong;
}

static const char *set_list(const nep_setting *s, void *config, const char *value)
{
  nep_text_list *list = field_of(config, s);
  for (const char *at = value; *(at += strspn(at, " \t"));) {
    size_t len = strcspn(at, " \t");
    char *item = nep_strndup(at, len);
    list->items = nep_realloc(list->items, list->n + 1, sizeof *list->items);
    list->items[list->n++] = item;
    const char *wrong = s->check ? s->check(item) : NULL;
    if (wrong)
      return wrong;
    at += len;
  }
  return NULL;
}

static const char *set_value(const nep_setting *s, void *config, const char *value)
{
  switch (s->kind) {
  case NEP_SETTING_NUMBER:
    return set_number(s, config, value);
  case NEP_SETTING_LIST:
    return set_list(s, config, value);
  default:
    return set_text(s, config, value);
  }
}

static const nep_setting *setting_named(const reading *r, const char *section, const char *key)
{
  for (size_t i = 0; i < r->n; i++)
    if (strcmp(r->table[i].section, section) == 0 && strcmp(r->table[i].key, key) == 0)
      return &r->table[i];
  return NULL;
}

/* Says what is wrong with a value, and the range where that helps. The value itself is not
   repeated: it may be a connection string with a password. */
static void refuse_value(reading *r, const nep_setting *s, const char *wrong)
{
  if (s->kind == NEP_SETTING_NUMBER)
    refuse(r, "config", "[%s] %s %s (%lld to %lld)", s->section, s->key, wrong, (long long)s->min,
           (long long)s->max);
  else
    refuse(r, "config", "[%s] %s %s", s->section, s->key, wrong);
}

static int on_setting(void *ctx, const char *section, const char *key, const char *value)
{
  reading *r = ctx;
  if (r->status != NEP_OK)
    return 0;
  const nep_setting *s = setting_named(r, section, key);
  if (!s) {
    refuse(r, "config", "unknown setting [%s] %s", section, key);
    nep_advise(r->err, "the example configuration lists every setting");
    return 0;
  }
  int *first = &r->first[s - r->table];
  if (*first) {
    refuse(r, "config", "[%s] %s was set before", section, key);
    nep_advise(r->err, "keep one of this line and line %d", *first);
    return 0;
  }
  *first = r->line;
  const char *wrong = set_value(s, r->config, value);
  if (wrong)
    refuse_value(r, s, wrong);
  return wrong == NULL;
}

/* The table's own fallbacks; a needed key that is absent is refused. */
static nep_status fill_absent(reading *r)
{
  for (size_t i = 0; i < r->n; i++) {
    const nep_setting *s = &r->table[i];
    if (r->first[i])
      continue;
    if (s->needed) {
      nep_fail(r->err, NEP_E_INPUT, "config-missing", r->name, "the setting [%s] %s is missing",
               s->section, s->key);
      return nep_advise(r->err, "add the line \"%s = ...\" under [%s]", s->key, s->section);
    }
    if (s->fallback && set_value(s, r->config, s->fallback))
      return nep_fail(r->err, NEP_E_INTERNAL, "config", s->key, "the built-in value is refused");
  }
  return NEP_OK;
}

nep_status nep_settings_parse(nep_bytes text, const char *name, const nep_setting *table, size_t n,
                              void *config, nep_error *err)
{
  nep_error own;
  reading r = {.name = name,
               .text = text,
               .table = table,
               .n = n,
               .config = config,
               .err = err ? err : &own};
  if (n > NEP_SETTINGS_MAX)
    return nep_fail(err, NEP_E_INTERNAL, "config", name, "the table of settings is too long");
  if (!nep_is_utf8(text.data, text.len) || memchr(text.data, '\0', text.len))
    return nep_fail(err, NEP_E_INPUT, "config", name, "is not a text in UTF-8");
  ini_allow_multiline = false;
  ini_allow_inline_comments = false;
  ini_stop_on_first_error = true;
  ini_max_line = NEP_SETTING_LINE_MAX + 3;
  int bad_line = ini_parse_stream(next_line, &r, on_setting, &r);
  if (r.status == NEP_OK && bad_line != 0) {
    r.line = bad_line;
    refuse(&r, "config-line",
           "the line is neither \"[section]\" nor \"key = value\" nor a comment");
  }
  return r.status == NEP_OK ? fill_absent(&r) : r.status;
}

nep_status nep_settings_read(const char *file, const nep_setting *table, size_t n, void *config,
                             nep_error *err)
{
  nep_buf text = {0};
  nep_status status = nep_file_read(file, NEP_SETTINGS_FILE_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_settings_parse(nep_buf_bytes(&text), file, table, n, config, err);
  nep_buf_wipe(&text);
  return status;
}

const char *nep_settings_check_path(const char *value)
{
  return value[0] == '/' ? NULL : "must be an absolute path";
}

void nep_settings_free(const nep_setting *table, size_t n, void *config)
{
  for (size_t i = 0; i < n; i++) {
    void *field = field_of(config, &table[i]);
    if (table[i].kind == NEP_SETTING_TEXT) {
      nep_free_string(*(char **)field);
      *(char **)field = NULL;
    } else if (table[i].kind == NEP_SETTING_LIST) {
      nep_text_list *list = field;
      for (size_t k = 0; k < list->n; k++)
        free(list->items[k]);
      free(list->items);
      *list = (nep_text_list){0};
    }
  }
}
