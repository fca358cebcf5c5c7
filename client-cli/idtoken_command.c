#include "client-cli/idtoken_command.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "records/idtoken.h"

enum { WORDS_MAX = 64 };

extern char **environ;

/* One word from *p on; false when a quote is not closed. */
static bool take_word(const char **p, nep_buf *word)
{
  char quote = '\0';
  for (; **p != '\0' && (quote != '\0' || **p != ' '); ++*p) {
    if (quote == '\0' && (**p == '\'' || **p == '"'))
      quote = **p;
    else if (**p == quote)
      quote = '\0';
    else
      nep_buf_char(word, **p);
  }
  return quote == '\0';
}

nep_status nep_command_split(const char *command, char ***words, size_t *n, nep_error *err)
{
  char **list = nep_alloc(WORDS_MAX + 2, sizeof *list);
  const char *p = command;
  nep_status status = NEP_OK;
  *n = 0;
  for (;;) {
    nep_buf word = {0};
    p += strspn(p, " ");
    if (*p == '\0')
      break;
    if (*n == WORDS_MAX || !take_word(&p, &word)) {
      nep_buf_free(&word);
      status = nep_fail(err, NEP_E_INPUT, "usage", "--id-token-command",
                        _("has an open quote or more than %d words"), WORDS_MAX);
      break;
    }
    list[(*n)++] = nep_buf_take(&word, NULL);
  }
  if (status == NEP_OK && *n == 0)
    status = nep_fail(err, NEP_E_INPUT, "usage", "--id-token-command", _("is empty"));
  if (status != NEP_OK) {
    nep_command_free(list);
    list = NULL;
  }
  *words = list;
  return status;
}

void nep_command_free(char **words)
{
  if (words == NULL)
    return;
  for (char **w = words; *w != NULL; w++)
    free(*w);
  free(words);
}

static nep_status start(char **words, pid_t *pid, int *output, nep_error *err)
{
  int ends[2];
  posix_spawn_file_actions_t actions;
  if (pipe2(ends, 0) != 0)
    return nep_fail(err, NEP_E_IO, "id-token-command", words[0], _("cannot be started: %s"),
                    strerror(errno));
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  int failed = posix_spawnp(pid, words[0], &actions, NULL, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  *output = ends[0];
  if (failed == 0)
    return NEP_OK;
  close(ends[0]);
  return nep_fail(err, NEP_E_IO, "id-token-command", words[0], _("cannot be started: %s"),
                  strerror(failed));
}

/* Reads all that the program prints; more than a token's length is read and dropped, and refused.
 */
static bool read_output(int fd, nep_buf *token)
{
  char chunk[1024];
  bool fits = true;
  for (;;) {
    ssize_t n = read(fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    fits = fits && token->len + (size_t)n <= NEP_IDTOKEN_MAX + 2;
    if (fits)
      nep_buf_secret_add(token, chunk, (size_t)n);
  }
  nep_wipe(chunk, sizeof chunk);
  while (token->len > 0 && strchr("\r\n ", token->data[token->len - 1]) != NULL)
    token->data[--token->len] = '\0';
  return fits && token->len > 0;
}

static bool ended_well(pid_t pid)
{
  int result;
  while (waitpid(pid, &result, 0) < 0)
    if (errno != EINTR)
      return false;
  return WIFEXITED(result) && WEXITSTATUS(result) == 0;
}

nep_status nep_idtoken_from_command(const char *command, const char *nonce, nep_buf *token,
                                    nep_error *err)
{
  char **words = NULL;
  size_t n;
  pid_t pid;
  int output = -1;
  nep_status status = nep_command_split(command, &words, &n, err);
  if (status != NEP_OK)
    return status;
  words[n] = nep_strdup(nonce);
  status = start(words, &pid, &output, err);
  if (status == NEP_OK) {
    bool printed = read_output(output, token);
    close(output);
    if (!ended_well(pid))
      status = nep_fail(err, NEP_E_DENIED, "id-token-command", words[0],
                        _("did not end well: you are not signed in"));
    else if (!printed || strpbrk(token->data, " \t\r\n") != NULL)
      status = nep_fail(err, NEP_E_DENIED, "id-token-command", words[0],
                        _("did not print one ID token of at most %d characters"), NEP_IDTOKEN_MAX);
  }
  nep_command_free(words);
  return status;
}
