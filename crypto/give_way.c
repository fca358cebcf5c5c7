#include "crypto/give_way.h"

#include <stddef.h>

#include "crypto/engine.h"

static void (*way)(void);

void nep_verification_gives_way(void (*how)(void))
{
  way = how;
}

void nep_give_way(void)
{
  if (way != NULL)
    way();
}
