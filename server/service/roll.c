#include "server/service/roll.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "server/service/csv.h"

void nep_roll_fault_add(nep_roll *roll, int64_t line, const char *field, const char *reason, ...)
{
  char text[256];
  va_list args;
  if (roll->n_faults++ >= NEP_ROLL_REPORTED_MAX)
    return;
  va_start(args, reason);
  vsnprintf(text, sizeof text, reason, args);
  va_end(args);
  if (roll->faults == NULL)
    roll->faults = nep_alloc(NEP_ROLL_REPORTED_MAX, sizeof *roll->faults);
  roll->faults[roll->n_faults - 1] = (nep_roll_fault){line, field, nep_strdup(text)};
}

/* The texts of rows were allocated here. */
static void free_text(const char *text)
{
  free((char *)(uintptr_t)text);
}

void nep_roll_free(nep_roll *roll)
{
  size_t named = roll->n_faults < NEP_ROLL_REPORTED_MAX ? roll->n_faults : NEP_ROLL_REPORTED_MAX;
  for (size_t i = 0; i < roll->n_rows; i++) {
    free_text(roll->rows[i].identifier);
    free_text(roll->rows[i].name);
    free_text(roll->rows[i].birth_date);
  }
  for (size_t i = 0; i < named; i++)
    free(roll->faults[i].reason);
  free(roll->rows);
  free(roll->faults);
  *roll = (nep_roll){0};
}

/* ---- the header ---- */

typedef struct columns {
  size_t n;
  bool birth_date, weight;
} columns;

static nep_status bad_header(nep_error *err)
{
  (void)nep_fail(err, NEP_E_INPUT, "roll-header", "line 1",
                 "the columns are not the expected ones");
  return nep_advise(err, "begin the file with identifier,name,birth_date,weight (the last two may "
                         "be left out)");
}

static nep_status read_header(nep_csv *csv, columns *out, nep_error *err)
{
  *out = (columns){.n = 2};
  if (!nep_csv_next(csv) || csv->fault != NULL || csv->n_fields < 2 || csv->n_fields > 4 ||
      strcmp(nep_csv_field(csv, 0), "identifier") != 0 ||
      strcmp(nep_csv_field(csv, 1), "name") != 0)
    return bad_header(err);
  if (out->n < csv->n_fields && strcmp(nep_csv_field(csv, out->n), "birth_date") == 0) {
    out->birth_date = true;
    out->n++;
  }
  if (out->n < csv->n_fields && strcmp(nep_csv_field(csv, out->n), "weight") == 0) {
    out->weight = true;
    out->n++;
  }
  return out->n == csv->n_fields ? NEP_OK : bad_header(err);
}

/* ---- rows ---- */

static bool check_form(nep_roll *roll, const nep_csv *csv, const columns *cols)
{
  if (csv->fault != NULL) {
    nep_roll_fault_add(roll, csv->line, "row", "%s", csv->fault);
    return false;
  }
  if (csv->n_fields != cols->n) {
    nep_roll_fault_add(roll, csv->line, "row", "it has %zu columns, the header has %zu",
                       csv->n_fields, cols->n);
    return false;
  }
  static const char *const names[] = {"identifier", "name"};
  for (size_t i = 0; i < csv->n_fields; i++) {
    const char *text = nep_csv_field(csv, i);
    if (nep_is_utf8(text, strlen(text)))
      continue;
    nep_roll_fault_add(roll, csv->line, i < 2 ? names[i] : "row", "it is not valid UTF-8");
    return false;
  }
  return true;
}

static void read_row(nep_roll *roll, const nep_csv *csv, const columns *cols,
                     const nep_roll_rules *rules)
{
  int64_t weight = 0;
  if (!check_form(roll, csv, cols))
    return;
  const char *identifier = nep_csv_field(csv, 0), *name = nep_csv_field(csv, 1);
  const char *birth = cols->birth_date ? nep_csv_field(csv, 2) : "";
  bool known = nep_roll_check_identifier(roll, rules, csv->line, identifier);
  bool good = nep_roll_check_name(roll, csv->line, name) && known;
  if (known && !nep_roll_check_birth(roll, rules, csv->line, identifier, birth))
    good = false;
  if (cols->weight &&
      !nep_roll_check_weight(roll, rules, csv->line, nep_csv_field(csv, cols->n - 1), &weight))
    good = false;
  if (!good)
    return;
  if (roll->n_rows == roll->room) {
    roll->room = roll->room == 0 ? 1024 : 2 * roll->room;
    roll->rows = nep_realloc(roll->rows, roll->room, sizeof *roll->rows);
  }
  roll->rows[roll->n_rows++] = (nep_roll_row){
      .line = csv->line,
      .identifier = nep_strdup(identifier),
      .name = nep_strdup(name),
      .birth_date = *birth == 0 ? NULL : nep_strdup(birth),
      .weight = weight,
  };
}

/* ---- the same person twice in one file ---- */

static int by_identifier(const void *a, const void *b)
{
  const nep_roll_row *const *x = a, *const *y = b;
  int order = strcmp((*x)->identifier, (*y)->identifier);
  return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static void find_repeats(nep_roll *roll)
{
  const nep_roll_row **sorted = nep_alloc(roll->n_rows, sizeof *sorted);
  for (size_t i = 0; i < roll->n_rows; i++)
    sorted[i] = &roll->rows[i];
  qsort(sorted, roll->n_rows, sizeof *sorted, by_identifier);
  for (size_t i = 1; i < roll->n_rows; i++) {
    if (strcmp(sorted[i]->identifier, sorted[i - 1]->identifier) != 0)
      continue;
    nep_roll_fault_add(roll, sorted[i]->line, "identifier", "it stands on line %lld already",
                       (long long)sorted[i - 1]->line);
  }
  free(sorted);
}

nep_status nep_roll_read(nep_bytes text, const nep_roll_rules *rules, nep_roll *out, nep_error *err)
{
  nep_csv csv;
  columns cols;
  *out = (nep_roll){0};
  nep_csv_start(&csv, text);
  nep_status st = read_header(&csv, &cols, err);
  while (st == NEP_OK && nep_csv_next(&csv))
    read_row(out, &csv, &cols, rules);
  if (st == NEP_OK && out->n_rows > 0)
    find_repeats(out);
  if (st == NEP_OK && out->n_rows == 0 && out->n_faults == 0)
    st = nep_fail(err, NEP_E_INPUT, "roll-empty", "body", "the roll has no rows");
  nep_csv_free(&csv);
  return st;
}
