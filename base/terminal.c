#include "base/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/memory.h"

static nep_status read_line(size_t max, nep_buf *answer, nep_error *err)
{
  for (;;) {
    char c;
    ssize_t n = read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return nep_fail(err, NEP_E_IO, "terminal", "standard input", "cannot read: %s",
                      strerror(errno));
    if (n == 0 && answer->len == 0)
      return nep_fail(err, NEP_E_INPUT, "terminal", "standard input", "ended before an answer");
    if (n == 0 || c == '\n')
      return NEP_OK;
    if (answer->len == max)
      return nep_fail(err, NEP_E_INPUT, "terminal", "standard input",
                      "the line is longer than %zu bytes", max);
    nep_buf_secret_add(answer, &c, 1);
    nep_wipe(&c, 1);
  }
}

nep_status nep_ask(const char *question, int hidden, size_t max, nep_buf *answer, nep_error *err)
{
  struct termios before, silent;
  int on_terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
  if (on_terminal) {
    fputs(question, stderr);
    fflush(stderr);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (hidden)
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  nep_status status = read_line(max, answer, err);
  if (on_terminal && hidden) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
  }
  if (status == NEP_OK && answer->len > 0 && answer->data[answer->len - 1] == '\r')
    answer->data[--answer->len] = '\0';
  return status;
}
