#include "base/clock.h"
#include "server/http/exchange.h"

void nep_exchange_refuse(nep_exchange *x, unsigned status, const nep_error *err, nep_bytes extra)
{
  const char *allow = x->request.reply.allow;
  nep_reply_problem(&x->request.reply, status, err, extra);
  x->request.reply.allow = allow;
  x->error = *err;
}

static unsigned status_of_failure(const nep_exchange *x, nep_status status)
{
  if (status == NEP_E_DENIED && x->request.route->flags & NEP_ROUTE_SESSION)
    return 401;
  return nep_http_status_of(status);
}

/* Runs on a worker thread, or on the connection's own for what never waits. */
static void run_endpoint(nep_exchange *x)
{
  nep_error err = {0};
  nep_buf extra = {0};
  nep_status status = x->request.route->endpoint(&x->request, &extra, &err);
  if (status != NEP_OK)
    nep_exchange_refuse(x, status_of_failure(x, status), &err, nep_buf_bytes(&extra));
  nep_buf_free(&extra);
}

static void refuse_busy(nep_exchange *x)
{
  nep_error err = {0};
  nep_fail(&err, NEP_E_BUSY, "busy", NULL, "too many requests are waiting");
  nep_advise(&err, "send the same request again in a few seconds");
  nep_exchange_refuse(x, 503, &err, (nep_bytes){"", 0});
}

static void on_worker(void *ctx)
{
  nep_exchange *x = ctx;
  nep_metrics_move(x->http->site.metrics, NEP_GAUGE_QUEUED, -1);
  /* Whoever asked has probably given up: work for nobody would only lengthen the queue. */
  if (nep_clock_ms() > x->deadline_ms)
    refuse_busy(x);
  else
    run_endpoint(x);
  MHD_resume_connection(x->connection);
}

/* The result of a cast or of a published challenge, on a thread of the service. The answer's form
   depends on what happened to it, never on what is in it. */
static void on_cast(void *ctx, nep_status status, bool created, const nep_buf *json,
                    const nep_error *err)
{
  nep_exchange *x = ctx;
  nep_buf text = {0};
  if (status == NEP_OK) {
    nep_buf_add(&text, json->data, json->len);
    nep_reply_json(&x->request.reply, created ? 201 : 200, &text);
  } else {
    if (json && json->len > 0) {
      nep_buf_str(&text, "{\"refusal\":");
      nep_buf_add(&text, json->data, json->len);
      nep_buf_char(&text, '}');
    }
    nep_exchange_refuse(x, nep_http_status_of(status), err, nep_buf_bytes(&text));
    nep_buf_free(&text);
  }
  MHD_resume_connection(x->connection);
}

static void submit_cast(nep_exchange *x)
{
  nep_error err = {0};
  nep_request *r = &x->request;
  nep_status (*submit)(nep_service *, const char *, nep_bytes, nep_cast_done *, void *,
                       nep_error *) =
      r->route->runs == NEP_RUNS_IN_CASTING ? nep_cast_submit : nep_challenge_submit;
  nep_status status = submit(r->site->service, r->uuid, nep_buf_bytes(&r->body), on_cast, x, &err);
  if (status == NEP_OK)
    return; /* on_cast may have run already: nothing of x may be touched */
  nep_exchange_refuse(x, nep_http_status_of(status), &err, (nep_bytes){"", 0});
  MHD_resume_connection(x->connection);
}

static void submit_to_workers(nep_exchange *x)
{
  nep_http *h = x->http;
  nep_metrics_move(h->site.metrics, NEP_GAUGE_QUEUED, 1);
  if (nep_workers_submit(h->workers, on_worker, x))
    return;
  nep_metrics_move(h->site.metrics, NEP_GAUGE_QUEUED, -1);
  refuse_busy(x);
  MHD_resume_connection(x->connection);
}

void nep_exchange_perform(nep_exchange *x, bool *suspended)
{
  nep_http *h = x->http;
  nep_route_runs runs = x->request.route->runs;
  x->stage = NEP_STAGE_ANSWERED;
  x->deadline_ms = nep_clock_ms() + h->config->limits_request_ms;
  nep_watch_move(h->watch, x->watched, INT64_MAX, NULL, NULL);
  *suspended = false;
  if (x->cut_off)
    return; /* the client has been told that nothing was done */
  atomic_fetch_add(&h->entering, 1);
  if (atomic_load(&h->closed)) {
    refuse_busy(x);
  } else if (runs == NEP_RUNS_HERE) {
    run_endpoint(x);
  } else {
    *suspended = true;
    MHD_suspend_connection(x->connection);
    if (runs == NEP_RUNS_ON_WORKER)
      submit_to_workers(x);
    else
      submit_cast(x);
  }
  atomic_fetch_sub(&h->entering, 1);
}
