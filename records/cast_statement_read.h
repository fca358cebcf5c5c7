/* Inside records/: the two readings of a cast statement (records/cast_statement.h). */
#ifndef NEP_RECORDS_CAST_STATEMENT_READ_H
#define NEP_RECORDS_CAST_STATEMENT_READ_H

#include "records/cast_statement.h"

/* Statements as devices write them, read from their start without a tree of JSON values, which
   takes several times as long. False for whatever else stands there, which is left to the general
   reading; what this one takes is the same there. *out starts as zeros. */
NEP_MUST_USE bool nep_cast_statement_scan(const nep_group *g, nep_bytes text,
                                          nep_cast_statement *out);

/* The general reading, which names the fault. *out starts as zeros. */
NEP_MUST_USE nep_status nep_cast_statement_read(const nep_group *g, nep_bytes text,
                                                nep_cast_statement *out, nep_error *err);

#endif
