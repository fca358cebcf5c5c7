/* Inside records/: a ballot with its statement, apart from all others and among them. */
#ifndef NEP_RECORDS_CASTS_CHECK_H
#define NEP_RECORDS_CASTS_CHECK_H

#include "records/cast_statement.h"
#include "records/casts_verify.h"

/* Zero-initialise, may be used again; the entry holds memory. */
typedef struct nep_cast_pair {
  nep_cast_ballot ballot;
  nep_cast_entry entry;
  /* What is to be said of the two without any other: */
  nep_cast_statement statement;
  bool well; /* the statement can be read */
  bool held; /* it is about the ballot and by its credential */
  nep_error why;
} nep_cast_pair;

/* Judges n pairs, at most NEP_RING_TOGETHER_MAX, which fill the lanes of the engine together; each
   gets the verdict that it would get alone. Thread-safe. */
void nep_casts_judge(const nep_verified *v, nep_cast_pair *const *pairs, size_t n);

/* What the order was made for. */
const nep_verified *nep_casts_order_of(const nep_casts_order *o);

/* Then, one after the other in their order: the findings about each, its number among those of its
   credential included. */
void nep_casts_account(nep_casts_order *o, const nep_cast_pair *pair, nep_findings *f);

#endif
