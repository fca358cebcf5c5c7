#include "crypto/ed25519/engine.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ed25519/engine_check.h"
#include "crypto/engine.h"
#include "crypto/group_ops.h"

#ifdef NEP_HAVE_IFMA
/* Asked here and not in lanes/: those files are compiled for such processors and may not even be
   entered on others. The answer includes what the operating system saves of the registers. */
static bool can_run_ifma(void)
{
  const char *only = getenv("NEP_ENGINE");
  return !(only && strcmp(only, "portable") == 0) && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma");
}
#endif

static bool can_run_portable(void)
{
  return true;
}

/* Fastest first. */
static const struct choice {
  const nep_engine *engine;
  bool (*can_run)(void);
} CHOICES[] = {
#ifdef NEP_HAVE_IFMA
    {&nep_engine_ifma, can_run_ifma},
#endif
    {&nep_engine_portable, can_run_portable},
};
enum { N_CHOICES = sizeof CHOICES / sizeof CHOICES[0] };

static _Atomic(const nep_engine *) in_use;

static const nep_engine *usable_at(size_t i)
{
  for (size_t k = 0; k < N_CHOICES; k++)
    if (CHOICES[k].can_run() && i-- == 0)
      return CHOICES[k].engine;
  return NULL;
}

const char *nep_engine_at(size_t i)
{
  const nep_engine *engine = usable_at(i);
  return engine ? engine->name : NULL;
}

const char *nep_engine_at_fault(void)
{
  for (size_t i = 0; usable_at(i); i++)
    if (!nep_engine_check(usable_at(i)))
      return usable_at(i)->name;
  return NULL;
}

const nep_engine *nep_engine_in_use(void)
{
  const nep_engine *engine = atomic_load_explicit(&in_use, memory_order_relaxed);
  if (!engine) {
    engine = usable_at(0);
    atomic_store_explicit(&in_use, engine, memory_order_relaxed); /* any thread stores the same */
  }
  return engine;
}

const char *nep_engine_name(void)
{
  return nep_engine_in_use()->name;
}

unsigned nep_engine_together(const nep_group *g)
{
  return g == &nep_group_ed25519 ? nep_engine_in_use()->together : 1;
}

nep_status nep_engine_choose(const char *name, nep_error *err)
{
  const nep_engine *engine = NULL;
  bool automatic = strcmp(name, "auto") == 0;
  for (size_t i = 0; !engine && usable_at(i); i++)
    if (automatic || strcmp(usable_at(i)->name, name) == 0)
      engine = usable_at(i);
  if (engine) {
    atomic_store_explicit(&in_use, engine, memory_order_relaxed);
    return NEP_OK;
  }
  const char *reason = strcmp(name, "ifma") == 0
                           ? "this processor or this program has no AVX-512 IFMA"
                           : "there is no engine of this name";
  nep_status status = strcmp(name, "ifma") == 0 ? NEP_E_UNSUPPORTED : NEP_E_INPUT;
  status = nep_fail(err, status, "engine", NULL, "%s", reason);
  nep_advise(err, "choose auto, which finds the fastest that works, or portable");
  return status;
}
