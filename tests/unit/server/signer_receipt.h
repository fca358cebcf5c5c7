/* Messages that nep-signer signs, whatever stands on a board. */
#ifndef NEP_TESTS_SIGNER_RECEIPT_H
#define NEP_TESTS_SIGNER_RECEIPT_H

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TRACKER "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define RECEIPT(height)                                                                            \
  "{\"uuid\":\"11111111111111\",\"election_hash\":\"" HASH "\",\"tracker\":\"" TRACKER             \
  "\",\"height\":" #height ",\"event\":\"" HASH "\",\"time\":\"2026-11-23T07:00:00Z\"}"

#endif
