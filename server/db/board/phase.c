#include <string.h>

#include "server/db/board/read.h"

static const char *const names[] = {"draft",  "registration", "frozen",   "open",
                                    "closed", "tallied",      "announced"};

const char *nep_phase_name(nep_phase phase)
{
  return names[phase];
}

nep_phase nep_row_phase(const nep_rows *rows, size_t row, int column)
{
  const char *text = nep_row_text(rows, row, column);
  nep_phase phase = NEP_PHASE_DRAFT;
  while (phase < NEP_PHASE_ANNOUNCED && strcmp(names[phase], text) != 0)
    phase++;
  return phase;
}
