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
  }
  return "unknown";
}
