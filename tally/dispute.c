
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "tally/dispute_rules.h"

void nep_dispute_free(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++)
    nep_buf_free(&d->papers[i].text);
  for (size_t i = 0; i < d->n_branches; i++) {
    nep_verified_free(d->branches[i].verified);
    free(d->branches[i].events);
  }
  for (size_t i = 0; i < d->n_casts; i++)
    free(d->casts[i].list);
  for (size_t i = 0; i < d->n_sayings; i++)
    free(d->sayings[i].text);
  free(d->papers);
  free(d->branches);
  free(d->casts);
  free(d->sayings);
  memset(d, 0, sizeof *d);
}

void nep_dispute_say(nep_dispute *d, nep_saying_level level, const char *code, const char *who,
                     const char *file, const char *other, const char *text, ...)
{
  va_list args;
  char *sentence = NULL;
  va_start(args, text);
  if (vasprintf(&sentence, text, args) < 0)
    abort();
  va_end(args);
  d->sayings = nep_realloc(d->sayings, d->n_sayings + 1, sizeof *d->sayings);
  d->sayings[d->n_sayings++] = (nep_saying){
      .level = level, .code = code, .who = who, .files = {file, other}, .text = sentence};
}

bool nep_branch_has(const nep_branch *b, uint64_t height, const char *event)
{
  uint8_t hash[32];
  return height < b->n_events && nep_unhex(event, strlen(event), hash, sizeof hash) &&
         memcmp(b->events[height].hash, hash, sizeof hash) == 0;
}

void nep_dispute_judge(nep_dispute *d)
{
  nep_dispute_rule_fork(d);
  nep_dispute_rule_record(d);
  nep_dispute_rule_casts(d);
  nep_dispute_rule_refusals(d);
  nep_dispute_rule_statements(d);
  nep_dispute_rule_challenge(d);
  nep_dispute_rule_mirrors(d);
}

const char *nep_branch_voucher(const nep_dispute *d, const nep_branch *b, uint64_t height)
{
  if (b->published)
    return b->file;
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    if ((p->kind != NEP_PAPER_RECEIPT && p->kind != NEP_PAPER_HEAD) ||
        strcmp(p->receipt.uuid, b->uuid) != 0)
      continue;
    if (p->receipt.height >= height && nep_branch_has(b, p->receipt.height, p->receipt.event))
      return p->file;
  }
  return NULL;
}
