/* The verification of one archive that keeps notes. */
#include "base/clock.h"
#include "tally/state.h"

enum { NOTE_EVERY_MS = 1000 };

typedef struct keeper {
  nep_state *state;
  const char *name;
  int64_t next;
  nep_prefix finished;
} keeper;

static bool due(void *ctx)
{
  keeper *k = ctx;
  int64_t now = nep_clock_ms();
  if (now < k->next)
    return false;
  k->next = now + NOTE_EVERY_MS;
  return true;
}

static void keep(void *ctx, const nep_prefix *finished)
{
  keeper *k = ctx;
  nep_prefix_copy(&k->finished, finished);
  nep_state_note(k->state, k->name, finished, NULL);
}

nep_status nep_state_verify(nep_state *s, const char *name, const char *path,
                            const nep_verify_options *options, nep_prefix *finished,
                            nep_verified **out, nep_error *err)
{
  keeper k = {.state = s, .name = name, .next = nep_clock_ms() + NOTE_EVERY_MS};
  nep_verify_options with = *options;
  nep_prefix known = {0};
  if (!s)
    return nep_verify_archive(path, options, out, err);
  if (nep_state_prefix(s, name, &known))
    with.known = &known;
  with.due = due;
  with.keep = keep;
  with.keep_ctx = &k;
  nep_status status = nep_verify_archive(path, &with, out, err);
  if (finished)
    nep_prefix_copy(finished, &k.finished);
  nep_prefix_free(&k.finished);
  nep_prefix_free(&known);
  return status;
}
