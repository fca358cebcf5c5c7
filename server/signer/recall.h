/* Requests about the memory of one chain (server/signer/frame.h says their shapes). Each appends
   the answer; on an error nothing is appended. */
#ifndef NEP_SIGNER_RECALL_H
#define NEP_SIGNER_RECALL_H

#include <jansson.h>

#include "server/signer/memory.h"

NEP_MUST_USE nep_status nep_recall_known(nep_memory *m, nep_signed_chain chain,
                                         const json_t *messages, nep_buf *answer, nep_error *err);

/* Each event must name as its parent the event that the memory holds one height below. */
NEP_MUST_USE nep_status nep_recall_events(nep_memory *m, nep_signed_chain chain,
                                          const json_t *messages, nep_buf *answer, nep_error *err);

NEP_MUST_USE nep_status nep_recall_list(nep_memory *m, nep_signed_chain chain,
                                        const json_t *messages, nep_buf *answer, nep_error *err);

#endif
