/* Inside service/ only: work on something that one thread does at a time, and that may take long.
   Who comes while it is under way waits when it is short: then it is soon done. Nobody waits for
   what is long, and few long ones are under way at once, because the other threads have voters to
   answer. */
#ifndef NEP_SERVER_SERVICE_TURNS_H
#define NEP_SERVER_SERVICE_TURNS_H

#include <stdbool.h>

#include "base/status.h"

typedef struct nep_turns nep_turns;

/* What one thread does; on its stack while it does it. */
typedef struct nep_turn {
  int kind;
  const char *uuid; /* kind and election say what is worked on */
  bool is_long;
  struct nep_turn *next;
} nep_turn;

nep_turns *nep_turns_new(unsigned long_at_once); /* never NULL */
void nep_turns_free(nep_turns *all);             /* NULL allowed; nothing is under way */

/* Waits while the same is under way and short. False when it is long, or this is long and there are
   enough of those: then there is no turn. */
NEP_MUST_USE bool nep_turn_begin(nep_turns *all, nep_turn *mine);
void nep_turn_end(nep_turns *all, const nep_turn *mine);

#endif
