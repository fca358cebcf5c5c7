#include "server/signer/purpose.h"

const char *nep_purpose_name(nep_signed_purpose p)
{
  switch (p) {
  case NEP_SIGN_CAST_RECEIPT:
    return "cast-receipt";
  case NEP_SIGN_REGISTRATION_RECEIPT:
    return "registration-receipt";
  case NEP_SIGN_REFUSAL:
    return "refusal";
  case NEP_SIGN_HEAD:
    return "head";
  case NEP_SIGN_CASTS_HEAD:
    return "casts-head";
  }
  return "unknown";
}

const nep_memory_requests *nep_memory_requests_of(nep_signed_chain chain)
{
  static const nep_memory_requests requests[NEP_SIGNED_CHAINS] = {
      [NEP_SIGNED_ARCHIVE] = {"known", "events", "memory"},
      [NEP_SIGNED_CASTS] = {"casts-known", "casts-events", "casts-memory"},
  };
  return &requests[chain];
}
