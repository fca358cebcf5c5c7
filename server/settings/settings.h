/* Strict INI files (inih): every setting of a program stands in one table; an unknown section or
   key, a repeated key, a bad value and a missing needed key are refused with file and line. */
#ifndef NEP_SERVER_SETTINGS_H
#define NEP_SERVER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_SETTINGS_FILE_MAX = 65536, NEP_SETTING_LINE_MAX = 2000, NEP_SETTINGS_MAX = 96 };

typedef struct nep_text_list {
  char **items;
  size_t n;
} nep_text_list;

typedef enum nep_setting_kind {
  NEP_SETTING_TEXT,   /* char *, not empty */
  NEP_SETTING_NUMBER, /* int64_t, decimal digits only */
  NEP_SETTING_LIST    /* nep_text_list, items separated by spaces */
} nep_setting_kind;

typedef struct nep_setting {
  const char *section, *key;
  nep_setting_kind kind;
  size_t offset; /* of the field in the program's configuration struct */
  const char
      *fallback; /* value when the key is absent; NULL with `needed` false: NULL, 0 or empty */
  bool needed;
  int64_t min, max;                       /* numbers */
  const char *(*check)(const char *item); /* NULL when good, else what is wrong; texts and items */
} nep_setting;

/* Fills `config` (zeroed by the caller) from the file. Free with nep_settings_free in either case.
   Codes "config", "config-line", "config-missing"; `where` is file:line. */
NEP_MUST_USE nep_status nep_settings_read(const char *file, const nep_setting *table, size_t n,
                                          void *config, nep_error *err);

/* The same from a text; `name` stands for the file in messages. */
NEP_MUST_USE nep_status nep_settings_parse(nep_bytes text, const char *name,
                                           const nep_setting *table, size_t n, void *config,
                                           nep_error *err);

/* A check of settings that are files, folders or sockets: relative to nothing. */
const char *nep_settings_check_path(const char *value);

/* Frees what the table's fields own and zeroes them. */
void nep_settings_free(const nep_setting *table, size_t n, void *config);

#endif
