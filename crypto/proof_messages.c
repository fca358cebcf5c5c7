#include "crypto/proof_messages.h"

void nep_interval_message(nep_challenge *hash, const nep_group *g, const char *tag, nep_bytes s)
{
  nep_challenge_start(hash, g, tag);
  nep_challenge_text(hash, s);
  nep_challenge_text(hash, nep_str_bytes("|"));
}

void nep_interval_message_end(nep_challenge *hash, nep_bytes alpha, nep_bytes beta)
{
  nep_challenge_text(hash, alpha);
  nep_challenge_text(hash, nep_str_bytes(","));
  nep_challenge_text(hash, beta);
  nep_challenge_text(hash, nep_str_bytes("|"));
}

void nep_blank_message(nep_challenge *hash, const nep_group *g, const char *tag, nep_bytes s2)
{
  nep_challenge_start(hash, g, tag);
  nep_challenge_text(hash, s2);
}

void nep_signature_message(nep_challenge *hash, const nep_group *g, const char *tag,
                           nep_bytes public_key_text, nep_bytes json)
{
  nep_challenge_start(hash, g, tag);
  nep_challenge_text(hash, public_key_text);
  nep_challenge_text(hash, nep_str_bytes("|"));
  nep_challenge_text(hash, json);
}
