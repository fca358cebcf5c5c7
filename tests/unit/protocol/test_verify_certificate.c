/* The certificate of the credentials, which an archive may hold (protocol.md §11): no tool at hand
   writes one, so it is made here. */
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/values.h"
#include "protocol/verify.h"
#include "tests/support/run.h"

#define FIXTURE NEP_TEST_VECTORS "/positive/Ed25519-single/election.bel"

enum { ELECTION, TRUSTEES, CREDENTIALS, CERTIFICATE, SETUP, PARTS };

typedef struct certificate {
  char uuid[65];
  int length;
  char hash[65];
  nep_element verification, encryption;
  const char *tag;
  bool wrong_signature;
} certificate;

static nep_buf part[PARTS];
static const nep_group *g;
static nep_scalar key;
static certificate good;

/* The first three records of the fixture are election, trustees, credentials. */
static void start(void)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_election *e = NULL;
  bool end = false;
  ck_assert_int_eq(nep_reader_open(FIXTURE, &r, NULL), NEP_OK);
  for (int i = ELECTION; i <= CREDENTIALS; i++) {
    ck_assert_int_eq(nep_reader_next(r, &record, &end, NULL), NEP_OK);
    nep_buf_add(&part[i], record.body.data, record.body.len);
  }
  nep_reader_close(r);
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&part[ELECTION]), &e, NULL), NEP_OK);
  g = e->group;
  memcpy(good.uuid, e->uuid, strlen(e->uuid) + 1);
  nep_election_free(e);
  nep_scalar_random(g, &key);
  nep_element_exp_g(g, &good.verification, &key);
  good.encryption = good.verification;
  nep_sha256_hex(part[CREDENTIALS].data, part[CREDENTIALS].len, good.hash);
  for (const char *c = part[CREDENTIALS].data; (c = strstr(c, "\"credential\"")) != NULL; c++)
    good.length++;
  good.tag = NEP_TAG_CREDENTIALS_CERTIFICATE;
}

static void end(void)
{
  for (int i = 0; i < PARTS; i++)
    nep_buf_free(&part[i]);
}

static void write_certificate(const certificate *c)
{
  nep_buf message = {0};
  nep_scalar other;
  nep_buf_printf(&message,
                 "{\"uuid\":\"%s\",\"voter_list_length\":%d,\"public_creds_hash\":\"%s\","
                 "\"verification_key\":",
                 c->uuid, c->length, c->hash);
  nep_element_write(g, &message, &c->verification);
  nep_buf_str(&message, ",\"encryption_key\":");
  nep_element_write(g, &message, &c->encryption);
  nep_buf_char(&message, '}');
  nep_scalar_random(g, &other);
  nep_buf_clear(&part[CERTIFICATE]);
  nep_signed_write(g, c->tag, c->wrong_signature ? &other : &key, nep_buf_bytes(&message),
                   &part[CERTIFICATE]);
  nep_buf_free(&message);
}

static void write_setup(void)
{
  static const char *const names[] = {"election", "trustees", "credentials",
                                      "credentials_certificate"};
  nep_buf_clear(&part[SETUP]);
  for (int i = ELECTION; i < SETUP; i++) {
    char hash[65];
    nep_sha256_hex(part[i].data, part[i].len, hash);
    nep_buf_printf(&part[SETUP], "%s\"%s\":\"%s\"", i == ELECTION ? "{" : ",", names[i], hash);
  }
  nep_buf_char(&part[SETUP], '}');
}

/* Codes of an archive with this certificate, joined by spaces; free(). */
static char *codes(const certificate *c)
{
  char folder[] = "/tmp/nep-certificate.XXXXXX";
  nep_archive *a = NULL;
  nep_verified *v = NULL;
  nep_verify_options options = {.jobs = 1};
  nep_bytes data[PARTS];
  nep_buf found = {0};
  ck_assert_ptr_nonnull(mkdtemp(folder));
  char *path = nep_sprintf("%s/a.bel", folder);
  write_certificate(c);
  write_setup();
  for (int i = 0; i < PARTS; i++)
    data[i] = nep_buf_bytes(&part[i]);
  ck_assert_int_eq(nep_archive_create(path, 1700000000, &a, NULL), NEP_OK);
  ck_assert_int_eq(nep_archive_append(a, NEP_EVENT_SETUP, data, PARTS, NULL), NEP_OK);
  nep_archive_close(a);
  ck_assert_int_eq(nep_verify_archive(path, &options, &v, NULL), NEP_OK);
  ck_assert(nep_verified_is_valid(v) == (v->findings.n_faults == 0));
  nep_buf_str(&found, "");
  for (size_t i = 0; i < v->findings.n_faults; i++)
    nep_buf_printf(&found, "%s%s", i == 0 ? "" : " ", v->findings.faults[i].code);
  nep_verified_free(v);
  unlink(path);
  rmdir(folder);
  free(path);
  return nep_buf_take(&found, NULL);
}

static void other_uuid(certificate *c)
{
  memcpy(c->uuid, "11111111111111", 15);
}
static void other_length(certificate *c)
{
  c->length++;
}
static void other_hash(certificate *c)
{
  c->hash[0] = c->hash[0] == '0' ? '1' : '0';
}
static void other_signer(certificate *c)
{
  c->wrong_signature = true;
}
static void other_purpose(certificate *c)
{
  c->tag = NEP_TAG_BALLOT;
}
static void identity_encryption_key(certificate *c)
{
  nep_element_one(g, &c->encryption);
}
static void other_verification_key(certificate *c)
{
  nep_element_mul(g, &c->verification, &c->verification, &c->verification);
}

static void (*const alterations[])(certificate *) = {other_uuid,
                                                     other_length,
                                                     other_hash,
                                                     other_signer,
                                                     other_purpose,
                                                     identity_encryption_key,
                                                     other_verification_key};

START_TEST(a_certificate_that_fits_is_accepted)
{
  char *found = codes(&good);
  ck_assert_str_eq(found, "");
  free(found);
}
END_TEST

START_TEST(each_thing_in_a_certificate_is_checked)
{
  certificate c = good;
  alterations[_i](&c);
  char *found = codes(&c);
  ck_assert_str_eq(found, "credentials-certificate");
  free(found);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("verify_certificate");
  TCase *t = tcase_create("verify_certificate");
  tcase_add_unchecked_fixture(t, start, end);
  tcase_add_test(t, a_certificate_that_fits_is_accepted);
  tcase_add_loop_test(t, each_thing_in_a_certificate_is_checked, 0,
                      (int)(sizeof alterations / sizeof *alterations));
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
