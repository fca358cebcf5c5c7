/* Fixed bases with tables, and the commitments of proofs for verification of public data. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/group_ops.h"

nep_base *nep_base_new(const nep_group *g, const nep_element *e)
{
  nep_base *b = nep_alloc(1, sizeof *b);
  b->group = g;
  b->element = *e;
  b->table = g->table_new(g, e);
  return b;
}

void nep_base_free(nep_base *b)
{
  if (!b)
    return;
  b->group->table_free(b->table);
  free(b);
}

const nep_element *nep_base_element(const nep_base *b)
{
  return &b->element;
}

void nep_base_exp(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  b->group->table_exp(b, r, s);
}

void nep_base_exp_var(const nep_base *b, nep_element *r, const nep_scalar *s)
{
  b->group->table_exp_var(b, r, s);
}

/* The generators' tables live as long as the process; a global pointer keeps them reachable, so a
   leak checker does not complain. */
enum { MAX_GROUPS = 3 };
static nep_base *generators[MAX_GROUPS];
static pthread_once_t once[MAX_GROUPS] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};

static void make_generator(size_t i)
{
  const nep_group *g = nep_group_at(i);
  nep_element e;
  nep_element_generator(g, &e);
  generators[i] = nep_base_new(g, &e);
}

static void make_0(void)
{
  make_generator(0);
}

static void make_1(void)
{
  make_generator(1);
}

static void make_2(void)
{
  make_generator(2);
}

const nep_base *nep_base_generator(const nep_group *g)
{
  static void (*const make[MAX_GROUPS])(void) = {make_0, make_1, make_2};
  size_t i = 0;
  while (strcmp(nep_group_at(i)->name, g->name) != 0)
    i++;
  pthread_once(&once[i], make[i]);
  return generators[i];
}

void nep_element_exp_g_var(const nep_group *g, nep_element *r, const nep_scalar *s)
{
  nep_base_exp_var(nep_base_generator(g), r, s);
}

void nep_element_of_number_var(const nep_group *g, nep_element *r, uint64_t number)
{
  nep_scalar s;
  nep_scalar_set(g, &s, number);
  nep_element_exp_g_var(g, r, &s);
}

void nep_commit_var(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                    const nep_scalar *c, const nep_scalar *shift, nep_element *out)
{
  if (n > 0)
    fixed->group->commit_var(fixed, e, n, r, c, shift, out);
}

void nep_commit_many_var(const nep_group *g, nep_commit_job *jobs, size_t n_jobs)
{
  if (n_jobs > 0)
    g->commit_many_var(g, jobs, n_jobs);
}
