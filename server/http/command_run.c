#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "base/exitcode.h"
#include "server/http/commands.h"
#include "server/http/server.h"

/* All threads are started with these blocked, so that only sigwait below sees them. */
static void block_stop_signals(sigset_t *stop)
{
  sigemptyset(stop);
  sigaddset(stop, SIGTERM);
  sigaddset(stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, stop, NULL);
}

static void give_up(int signal_number)
{
  (void)signal_number;
  static const char line[] = "{\"level\":\"error\",\"event\":\"stop-forced\"}\n";
  ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);
  (void)written;
  _exit(NEP_EXIT_REFUSED);
}

/* What waits for a database that does not answer must not keep the process for ever. Nothing is
   lost: what was acknowledged is committed, and the rest was never acknowledged. */
static void bound_stopping(const nep_config *c)
{
  struct sigaction action = {.sa_handler = give_up};
  sigaction(SIGALRM, &action, NULL);
  alarm((unsigned)(c->server_stop_ms / 1000) + 10);
}

/* All threads wait for a processor in place of taking it from a process that runs: the database
   amid a transaction, nep-signer amid a signature, which is what voters wait for. A system that
   refuses is only slower. */
static void let_others_finish(void)
{
  const struct sched_param none = {0};
  (void)sched_setscheduler(0, SCHED_BATCH, &none);
}

static void log_start(const nep_config *c, const nep_http *h)
{
  nep_log_line l = nep_log_begin(NEP_LOG_INFO, "started");
  nep_log_text(&l, "listen", c->server_listen);
  nep_log_number(&l, "port", nep_http_port(h));
  nep_log_end(&l);
}

static void log_event(const char *event)
{
  nep_log_line l = nep_log_begin(NEP_LOG_INFO, event);
  nep_log_end(&l);
}

static nep_status serve(const nep_config *c, const sigset_t *stop, nep_error *err)
{
  nep_service_config service_config;
  nep_service *service = NULL;
  nep_http *http = NULL;
  nep_config_for_service(c, &service_config);
  nep_status status = nep_service_start(&service_config, &service, err);
  if (status != NEP_OK)
    return status;
  status = nep_http_start(c, service, &http, err);
  if (status == NEP_OK) {
    int which = 0;
    log_start(c, http);
    sigwait(stop, &which);
    log_event("stopping");
    bound_stopping(c);
    nep_http_drain(http);
  }
  /* First whoever answers, then whoever asks, then what they asked. */
  nep_service_finish(service);
  nep_http_stop(http);
  nep_service_stop(service);
  if (status == NEP_OK)
    log_event("stopped");
  return status;
}

nep_status nep_command_run(const nep_config *c, int argc, char **argv, nep_error *err)
{
  sigset_t stop;
  nep_status status = nep_no_arguments(argc, argv, err);
  if (status == NEP_OK)
    status = nep_config_check_files(c, err);
  if (status != NEP_OK)
    return status;
  nep_log_set_level(c->level);
  block_stop_signals(&stop);
  let_others_finish();
  return serve(c, &stop, err);
}
