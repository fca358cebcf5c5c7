#include "protocol/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void free_list(nep_finding *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    free(list[i].code);
    free(list[i].object);
    free(list[i].reason);
  }
  free(list);
}

void nep_findings_free(nep_findings *f)
{
  if (!f)
    return;
  free_list(f->faults, f->n_faults);
  free_list(f->warnings, f->n_warnings);
  free(f->checks);
  *f = (nep_findings){0};
}

/* Room for `more` entries: the list's capacity is the power of two at or above its length. */
static void *grown(void *list, size_t n, size_t more, size_t size)
{
  size_t cap = 1;
  while (cap < n)
    cap *= 2;
  if (list && n + more <= cap)
    return list;
  while (cap < n + more)
    cap *= 2;
  return nep_realloc(list, cap, size);
}

void nep_checked(nep_findings *f, const char *name, uint64_t n)
{
  for (size_t i = 0; i < f->n_checks; i++)
    if (f->checks[i].name == name || strcmp(f->checks[i].name, name) == 0) {
      f->checks[i].run += n;
      return;
    }
  f->checks = grown(f->checks, f->n_checks, 1, sizeof *f->checks);
  f->checks[f->n_checks++] = (struct nep_check_count){name, n};
}

static void add(nep_finding **list, size_t *n, const char *code, const char *object,
                const char *reason, va_list args) NEP_PRINTF(5, 0);

static void add(nep_finding **list, size_t *n, const char *code, const char *object,
                const char *reason, va_list args)
{
  char text[512];
  vsnprintf(text, sizeof text, reason, args);
  *list = grown(*list, *n, 1, sizeof **list);
  (*list)[(*n)++] =
      (nep_finding){nep_strdup(code), nep_strdup(object ? object : ""), nep_strdup(text), false};
}

void nep_fault(nep_findings *f, const char *code, const char *object, const char *reason, ...)
{
  va_list args;
  va_start(args, reason);
  add(&f->faults, &f->n_faults, code, object, reason, args);
  va_end(args);
}

void nep_limit(nep_findings *f, const char *code, const char *object, const char *reason, ...)
{
  va_list args;
  va_start(args, reason);
  add(&f->faults, &f->n_faults, code, object, reason, args);
  va_end(args);
  f->faults[f->n_faults - 1].limit = true;
}

void nep_warning(nep_findings *f, const char *code, const char *object, const char *reason, ...)
{
  va_list args;
  va_start(args, reason);
  add(&f->warnings, &f->n_warnings, code, object, reason, args);
  va_end(args);
}

static void move_list(nep_finding **to, size_t *n_to, nep_finding **from, size_t *n_from)
{
  if (*n_from > 0) {
    *to = grown(*to, *n_to, *n_from, sizeof **to);
    memcpy(*to + *n_to, *from, *n_from * sizeof **from);
    *n_to += *n_from;
  }
  free(*from);
  *from = NULL;
  *n_from = 0;
}

void nep_findings_merge(nep_findings *a, nep_findings *b)
{
  move_list(&a->faults, &a->n_faults, &b->faults, &b->n_faults);
  move_list(&a->warnings, &a->n_warnings, &b->warnings, &b->n_warnings);
  for (size_t i = 0; i < b->n_checks; i++)
    nep_checked(a, b->checks[i].name, b->checks[i].run);
  nep_findings_free(b);
}

bool nep_check(nep_findings *f, const char *check, bool held, const char *code, const char *object,
               const char *reason)
{
  nep_checked(f, check, 1);
  if (!held)
    nep_fault(f, code, object, "%s", reason);
  return held;
}

nep_status nep_findings_status(const nep_findings *f, nep_error *err)
{
  if (f->n_faults == 0)
    return NEP_OK;
  const nep_finding *first = &f->faults[0];
  if (f->n_faults == 1)
    return nep_fail(err, NEP_E_CHECK, first->code, first->object, "%s", first->reason);
  return nep_fail(err, NEP_E_CHECK, first->code, first->object, "%s (and %zu more faults)",
                  first->reason, f->n_faults - 1);
}
