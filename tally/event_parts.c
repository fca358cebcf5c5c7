/* Which part of an event an archive belongs to: a function of the list alone. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tally/event_list.h"

typedef struct by_size_entry {
  const nep_event_file *file;
  size_t place;
} by_size_entry;

static int by_size(const void *a, const void *b)
{
  const by_size_entry *x = a, *y = b;
  if (x->file->size != y->file->size)
    return x->file->size < y->file->size ? 1 : -1;
  return strcmp(x->file->name, y->file->name);
}

/* The first of the parts with the fewest bytes. An empty file is work, too. */
static unsigned lightest(const uint64_t *load, unsigned of)
{
  unsigned best = 0;
  for (unsigned i = 1; i < of; i++)
    if (load[i] < load[best])
      best = i;
  return best;
}

unsigned *nep_event_list_parts(const nep_event_list *l, unsigned of)
{
  by_size_entry *order = nep_alloc(l->n + 1, sizeof *order);
  uint64_t *load = nep_alloc(of, sizeof *load);
  unsigned *part = nep_alloc(l->n + 1, sizeof *part);
  for (size_t i = 0; i < l->n; i++)
    order[i] = (by_size_entry){&l->files[i], i};
  qsort(order, l->n, sizeof *order, by_size);
  for (size_t i = 0; i < l->n; i++) {
    unsigned to = lightest(load, of);
    load[to] += order[i].file->size + 1;
    part[order[i].place] = to + 1;
  }
  free(load);
  free(order);
  return part;
}
