#include "protocol/json_memory.h"

#include <jansson.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/memory.h"

/* Before each block stands how long it is. */
typedef struct block {
  size_t size;
  alignas(max_align_t) unsigned char bytes[];
} block;

static void *allocate(size_t size)
{
  block *b = nep_alloc(1, sizeof *b + size);
  b->size = size;
  return b->bytes;
}

static void wipe_and_free(void *bytes)
{
  if (bytes == NULL)
    return;
  block *b = (block *)(void *)((unsigned char *)bytes - offsetof(block, bytes));
  nep_wipe(b->bytes, b->size);
  free(b);
}

void nep_json_wipes(void)
{
  json_set_alloc_funcs(allocate, wipe_and_free);
}
