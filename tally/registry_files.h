/* What both commands on a registry read first. */
#ifndef NEP_TALLY_REGISTRY_FILES_H
#define NEP_TALLY_REGISTRY_FILES_H

#include "records/registry_share.h"
#include "records/trust.h"
#include "tally/cli.h"

/* Reads --export and --trust; refuses an export of another event. Free both in either case. */
NEP_MUST_USE nep_status nep_registry_files(const nep_arguments *a, nep_registry **registry,
                                           nep_trust **trust, nep_error *err);

#endif
