/* The formulas for eight points with coordinates at the bounds of what they take, against those of
   the portable field. Compiled twice, as lanes_bounds.h says. */
#ifndef NEP_TESTS_LANES_FORMULAS_H
#define NEP_TESTS_LANES_FORMULAS_H

/* The first formula that gives another point; NULL when all are right. */
const char *lanes_formulas_fault(void);

#endif
