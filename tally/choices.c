/* Choice files are secret: they are read without a JSON library, which would leave copies. */
#include <string.h>

#include "tally/tally_commands.h"

typedef struct cursor {
  const char *at, *end;
} cursor;

static char peek(cursor *c)
{
  while (c->at < c->end && strchr(" \t\r\n", *c->at))
    c->at++;
  return c->at < c->end ? *c->at : '\0';
}

static bool take(cursor *c, const char *token)
{
  size_t len = strlen(token);
  (void)peek(c);
  if ((size_t)(c->end - c->at) < len || memcmp(c->at, token, len) != 0)
    return false;
  c->at += len;
  return true;
}

/* [0,1,..] or "blank" */
static bool read_question(cursor *c, const nep_question *q, nep_choice *out)
{
  if (take(c, "\"blank\"")) {
    out->blank = true;
    return true;
  }
  if (!take(c, "["))
    return false;
  for (size_t i = 0; i < q->n_answers; i++) {
    if (i > 0 && !take(c, ","))
      return false;
    char digit = peek(c);
    if (digit != '0' && digit != '1')
      return false;
    out->chosen[i] = (unsigned char)(digit - '0');
    c->at++;
  }
  return take(c, "]");
}

nep_status nep_choices_read(const nep_election *e, nep_bytes text, nep_choice *out, nep_error *err)
{
  cursor c = {text.data, text.data + text.len};
  bool read = take(&c, "[");
  for (size_t q = 0; read && q < e->n_questions; q++)
    read = (q == 0 || take(&c, ",")) && read_question(&c, &e->questions[q], &out[q]);
  if (read && take(&c, "]") && peek(&c) == '\0' && c.at == c.end)
    return nep_choice_check(e, out, err);
  return nep_fail(err, NEP_E_INPUT, "choice", "choice file",
                  "expected %zu lists, each of one 0 or 1 per answer, or \"blank\"",
                  e->n_questions);
}
