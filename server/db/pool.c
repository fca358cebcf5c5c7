/* A bounded set of connections of one role. */
#include "server/db/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

struct nep_pool {
  char *conninfo;
  pthread_mutex_t lock;
  pthread_cond_t freed;
  nep_db **idle;
  unsigned n_idle;
  unsigned n_open; /* idle and lent */
  unsigned size;
};

static nep_status check_schema(nep_db *db, void *ctx, nep_error *err)
{
  static const nep_statement newest = {
      "schema_version", "SELECT coalesce(max(number), 0)::bigint FROM nep.migrations"};
  nep_params params = {0};
  nep_rows *rows = NULL;
  (void)ctx;
  nep_status st = nep_db_run(db, &newest, &params, &rows, err);
  if (st != NEP_OK) {
    nep_advise(err, "run `nep-server migrate` first");
    return st;
  }
  int64_t found = nep_row_int(rows, 0, 0);
  nep_rows_free(rows);
  if (found == NEP_SCHEMA_VERSION)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_STATE, "schema-version", "database",
                 "the database is at migration %lld, this program needs %d", (long long)found,
                 NEP_SCHEMA_VERSION);
  return nep_advise(err, found < NEP_SCHEMA_VERSION ? "run `nep-server migrate`"
                                                    : "install the newer program");
}

nep_status nep_pool_new(const char *conninfo, unsigned size, nep_pool **out, nep_error *err)
{
  nep_pool *p = nep_alloc(1, sizeof *p);
  pthread_condattr_t monotonic;
  p->conninfo = nep_strdup(conninfo);
  p->size = size == 0 ? 1 : size;
  p->idle = nep_alloc(p->size, sizeof *p->idle);
  pthread_mutex_init(&p->lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&p->freed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  nep_status st = nep_db_transaction(p, true, check_schema, NULL, err);
  if (st != NEP_OK) {
    nep_pool_free(p);
    p = NULL;
  }
  *out = p;
  return st;
}

void nep_pool_free(nep_pool *p)
{
  if (p == NULL)
    return;
  for (unsigned i = 0; i < p->n_idle; i++)
    nep_db_close(p->idle[i]);
  pthread_cond_destroy(&p->freed);
  pthread_mutex_destroy(&p->lock);
  free(p->idle);
  free(p->conninfo);
  free(p);
}

static struct timespec deadline(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_sec += NEP_POOL_WAIT_MS / 1000;
  return t;
}

/* Reserves a place; *out stays NULL when the caller must connect. */
static bool reserve(nep_pool *p, nep_db **out)
{
  struct timespec until = deadline();
  int waited = 0;
  *out = NULL;
  pthread_mutex_lock(&p->lock);
  while (p->n_idle == 0 && p->n_open == p->size && waited == 0)
    waited = pthread_cond_timedwait(&p->freed, &p->lock, &until);
  bool found = p->n_idle > 0 || p->n_open < p->size;
  if (p->n_idle > 0)
    *out = p->idle[--p->n_idle];
  else if (found)
    p->n_open++;
  pthread_mutex_unlock(&p->lock);
  return found;
}

nep_status nep_pool_take(nep_pool *p, nep_db **out, nep_error *err)
{
  if (!reserve(p, out))
    return nep_fail(err, NEP_E_BUSY, "database-busy", "database", "all %u connections are in use",
                    p->size);
  if (*out != NULL)
    return NEP_OK;
  nep_status st = nep_db_connect(p->conninfo, out, err);
  if (st != NEP_OK)
    nep_pool_give(p, NULL);
  return st;
}

void nep_pool_give(nep_pool *p, nep_db *db)
{
  bool usable = db != NULL && PQstatus(db->conn) == CONNECTION_OK &&
                PQtransactionStatus(db->conn) == PQTRANS_IDLE;
  if (!usable)
    nep_db_close(db);
  pthread_mutex_lock(&p->lock);
  if (usable)
    p->idle[p->n_idle++] = db;
  else
    p->n_open--;
  pthread_cond_signal(&p->freed);
  pthread_mutex_unlock(&p->lock);
}
