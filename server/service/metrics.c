/* Counters of the services in Prometheus' text form. */
#include "server/service/cast.h"
#include "server/service/inside.h"

static void counter(nep_buf *text, const char *name, const char *help, uint64_t value)
{
  nep_buf_printf(text, "# HELP %s %s\n# TYPE %s counter\n%s %llu\n", name, help, name, name,
                 (unsigned long long)value);
}

static void outcome(nep_buf *text, const char *label, uint64_t value)
{
  nep_buf_printf(text, "nep_casts_total{outcome=\"%s\"} %llu\n", label, (unsigned long long)value);
}

void nep_service_metrics(nep_service *s, nep_buf *text)
{
  nep_counters *c = &s->counters;
  nep_buf_str(text, "# HELP nep_casts_total Ballots received, by what became of them.\n"
                    "# TYPE nep_casts_total counter\n");
  outcome(text, "accepted", atomic_load(&c->cast_accepted));
  outcome(text, "repeated", atomic_load(&c->cast_repeated));
  outcome(text, "refused", atomic_load(&c->cast_refused));
  outcome(text, "invalid", atomic_load(&c->cast_invalid));
  outcome(text, "failed", atomic_load(&c->cast_failed));
  counter(text, "nep_cast_transactions_total", "Transactions that stored ballots.",
          atomic_load(&c->cast_transactions));
  nep_buf_printf(text,
                 "# HELP nep_cast_queue Ballots received and not answered yet.\n"
                 "# TYPE nep_cast_queue gauge\nnep_cast_queue %u\n",
                 nep_caster_waiting(s->caster));
  nep_buf_printf(text,
                 "# HELP nep_list_memory_bytes Memory of elections whose lists are at hand.\n"
                 "# TYPE nep_list_memory_bytes gauge\nnep_list_memory_bytes %zu\n",
                 nep_setups_bytes(s->setups));
  counter(text, "nep_registrations_total", "Registrations stored.", atomic_load(&c->registrations));
  counter(text, "nep_sessions_total", "Sessions opened.", atomic_load(&c->sessions));
  counter(text, "nep_challenges_total", "Challenges published.", atomic_load(&c->challenges));
  counter(text, "nep_acts_total", "Acts of officials performed.", atomic_load(&c->acts));
}
