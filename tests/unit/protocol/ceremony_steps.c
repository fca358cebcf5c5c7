#include "tests/unit/protocol/ceremony_steps.h"

nep_buf ceremony_lines(const nep_buf list[CEREMONY_MEMBERS])
{
  nep_buf out = {0};
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
    nep_buf_add(&out, list[i].data, list[i].len);
    nep_buf_char(&out, '\n');
  }
  return out;
}

void must_succeed(nep_status status, const nep_error *err)
{
  char line[1024];
  ck_assert_msg(status == NEP_OK, "%s", nep_error_line(err, line, sizeof line));
}

void ceremony_begin(ceremony *c, const nep_group *g)
{
  static const char *const names[CEREMONY_MEMBERS] = {"Nguyễn Thị A", "B \"b\"", "C"};
  nep_error err = {0};
  char id[65];
  *c = (ceremony){.group = g};
  must_succeed(nep_threshold_context(g, names, CEREMONY_MEMBERS, 2, &c->context, &err), &err);
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
    nep_random_base58(c->seed[i], NEP_SEED_LENGTH);
    must_succeed(
        nep_threshold_cert(nep_buf_bytes(&c->context), c->seed[i], i + 1, &c->cert[i], id, &err),
        &err);
  }
  nep_buf certs = ceremony_lines(c->cert);
  must_succeed(nep_threshold_check_certs(nep_buf_bytes(&c->context), nep_buf_bytes(&certs), &err),
               &err);
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++)
    must_succeed(nep_threshold_polynomial(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                                          c->seed[i], &c->polynomial[i], &err),
                 &err);
  nep_buf_free(&certs);
}

nep_status ceremony_vinput(const ceremony *c, size_t i, nep_buf *out, nep_error *err)
{
  nep_buf certs = ceremony_lines(c->cert), polynomials = ceremony_lines(c->polynomial);
  nep_status status = nep_threshold_vinput(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                                           nep_buf_bytes(&polynomials), i + 1, out, err);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  return status;
}

nep_status ceremony_voutput(const ceremony *c, nep_bytes input, size_t i, nep_buf *out,
                            nep_error *err)
{
  nep_buf certs = ceremony_lines(c->cert);
  nep_status status = nep_threshold_voutput(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                                            input, c->seed[i], out, err);
  nep_buf_free(&certs);
  return status;
}

nep_status ceremony_parameters(const ceremony *c, nep_buf *out, nep_error *err)
{
  nep_buf certs = ceremony_lines(c->cert), polynomials = ceremony_lines(c->polynomial),
          outputs = ceremony_lines(c->voutput);
  nep_status status =
      nep_threshold_parameters(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                               nep_buf_bytes(&polynomials), nep_buf_bytes(&outputs), out, err);
  nep_buf_free(&outputs);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  return status;
}

void ceremony_finish(ceremony *c)
{
  nep_error err = {0};
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
    must_succeed(ceremony_vinput(c, i, &c->vinput[i], &err), &err);
    must_succeed(ceremony_voutput(c, nep_buf_bytes(&c->vinput[i]), i, &c->voutput[i], &err), &err);
    must_succeed(nep_threshold_dkey(nep_buf_bytes(&c->voutput[i]), &c->dkey[i], &err), &err);
  }
  must_succeed(ceremony_parameters(c, &c->threshold, &err), &err);
}

void ceremony_end(ceremony *c)
{
  nep_buf_free(&c->context);
  nep_buf_free(&c->threshold);
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
    nep_buf_free(&c->cert[i]);
    nep_buf_free(&c->polynomial[i]);
    nep_buf_free(&c->vinput[i]);
    nep_buf_free(&c->voutput[i]);
    nep_buf_free(&c->dkey[i]);
  }
}

void must_refuse(nep_status status, const nep_error *err, const char *code, const char *names)
{
  char line[1024];
  nep_error_line(err, line, sizeof line);
  ck_assert_int_ne(status, NEP_OK);
  ck_assert_msg(strcmp(err->code, code) == 0, "%s: %s", err->code, line);
  ck_assert_msg(strstr(line, names) != NULL, "%s", line);
}

nep_trustees *verified_trustees(const nep_group *g, nep_bytes text)
{
  nep_trustees *t = NULL;
  nep_findings f = {0};
  char codes[256];
  nep_trustees_verify(g, text, &t, &f);
  codes_of(&f, codes);
  ck_assert_str_eq(codes, "");
  nep_findings_free(&f);
  return t;
}
