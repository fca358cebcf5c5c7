#include "tally/verify_commands.h"

static const nep_elsewhere list[] = {
    {"order of each voter's ballots", "nep-verify casts UUID.casts FILE.bel"},
    {"who was registered, and that the list is theirs",
     "nep-verify acts --trust TRUST.json VERDICT.json FILE.bel"},
    {"who signed for the setup and for the tally",
     "nep-verify acts --trust TRUST.json --casts UUID.casts ACTS.json... FILE.bel"},
    {"that mirrors saw the same record",
     "nep-verify acts, nep-verify mirror --key HEX COUNTERSIGNATURE.json FILE.bel"},
    {"that a voter's ballot is in it", "nep-voter check, nep-verify receipt RECEIPT.json FILE.bel"},
};

const nep_elsewhere *nep_checked_elsewhere(size_t *n)
{
  *n = sizeof list / sizeof *list;
  return list;
}
