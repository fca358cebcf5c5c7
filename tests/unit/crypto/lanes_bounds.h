/* The field of eight lanes at the bounds of its limbs, against the portable field. Compiled twice:
   with the processor's instructions, entered only where it has them, and with a model of them in
   plain C (model/immintrin.h), which every machine can run. */
#ifndef NEP_TESTS_LANES_BOUNDS_H
#define NEP_TESTS_LANES_BOUNDS_H

/* The first operation whose value or whose limbs' bound is wrong; NULL when all are right. */
const char *lanes_bounds_fault(void);

#endif
