#include "server/http/reply.h"

#include <string.h>
#include <unistd.h>

#include "protocol/json.h"

enum { RETRY_SECONDS = 2 };

void nep_reply_clear(nep_reply *r)
{
  if (r->status != 0 && r->file >= 0)
    close(r->file);
  nep_buf_free(&r->body);
  *r = (nep_reply){.file = -1};
}

void nep_reply_json(nep_reply *r, unsigned status, nep_buf *json)
{
  nep_reply_clear(r);
  r->status = status;
  r->media = NEP_MEDIA_JSON;
  r->body = *json;
  *json = (nep_buf){0};
}

unsigned nep_http_status_of(nep_status status)
{
  switch (status) {
  case NEP_OK:
    return 200;
  case NEP_E_INPUT:
    return 400;
  case NEP_E_DENIED:
    return 403;
  case NEP_E_NOT_FOUND:
    return 404;
  case NEP_E_STATE:
    return 409;
  case NEP_E_CHECK:
  case NEP_E_UNSUPPORTED:
    return 422;
  case NEP_E_IO:
  case NEP_E_BUSY:
    return 503;
  case NEP_E_INTERNAL:
    break;
  }
  return 500;
}

const char *nep_http_title(unsigned status)
{
  static const struct {
    unsigned status;
    const char *title;
  } titles[] = {
      {400, "Malformed request"},   {401, "Sign-in needed"},     {403, "Not allowed"},
      {404, "Not found"},           {405, "Method not allowed"}, {408, "Request took too long"},
      {409, "Not possible now"},    {411, "Length needed"},      {413, "Body too large"},
      {414, "Address too long"},    {415, "Wrong media type"},   {416, "Range not satisfiable"},
      {422, "Check failed"},        {429, "Too many requests"},  {431, "Too many header lines"},
      {500, "Fault of the server"}, {503, "Not available now"},
  };
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
    if (titles[i].status == status)
      return titles[i].title;
  return "Refused";
}

static void add_member(nep_buf *b, const char *key, const char *value)
{
  nep_buf_printf(b, ",\"%s\":", key);
  nep_json_write_string(b, value, strlen(value));
}

static void add_extra(nep_buf *b, nep_bytes extra)
{
  if (extra.len <= 2 || extra.data[0] != '{' || extra.data[extra.len - 1] != '}')
    return;
  nep_buf_char(b, ',');
  nep_buf_add(b, extra.data + 1, extra.len - 2);
}

/* What went wrong inside is for the log; whoever asked learns what it means for them. A fault may
   come after the commit (the signer does not answer), so nothing is said about what was stored;
   that sending the same bytes again does harm to nobody is what each endpoint guarantees. */
static bool is_our_fault(const nep_error *err)
{
  return err->status == NEP_E_INTERNAL || err->status == NEP_E_IO;
}

static void write_problem(nep_buf *b, unsigned status, const nep_error *err, nep_bytes extra)
{
  nep_buf_str(b, "{\"type\":\"urn:nep:problem:");
  nep_buf_printf(b, "%s\"", err->code);
  add_member(b, "title", nep_http_title(status));
  nep_buf_printf(b, ",\"status\":%u", status);
  if (is_our_fault(err)) {
    add_member(b, "detail", "the server could not finish this now and promises nothing");
    add_member(b, "advice", "send the same request again later: nothing is done twice");
  } else {
    add_member(b, "detail", err->reason);
    if (err->where[0])
      add_member(b, "field", err->where);
    if (err->advice[0])
      add_member(b, "advice", err->advice);
  }
  add_member(b, "code", err->code);
  add_extra(b, extra);
  nep_buf_char(b, '}');
}

void nep_reply_problem(nep_reply *r, unsigned status, const nep_error *err, nep_bytes extra)
{
  nep_buf text = {0};
  write_problem(&text, status, err, extra);
  nep_reply_json(r, status, &text);
  r->media = NEP_MEDIA_PROBLEM;
  if (status == 503 || status == 429)
    r->retry_after = RETRY_SECONDS;
}
