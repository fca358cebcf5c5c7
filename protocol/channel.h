/* Inside protocol/ only: messages of the key ceremony's secret channels (protocol.md §6). The
   secret is always one scalar under one name: {"secret":…} or {"decryption_key":…}. */
#ifndef NEP_PROTOCOL_CHANNEL_H
#define NEP_PROTOCOL_CHANNEL_H

#include "protocol/values.h"

/* Appends send(tag, sk, recipient, {name:value}). */
void nep_channel_send(const nep_group *g, const char *tag, const nep_scalar *sk,
                      const nep_element *recipient, const char *name, const nep_scalar *value,
                      nep_buf *out);

/* Opens a message with dk and checks that `sender` signed it for us. Codes channel-parse,
   channel-membership, channel-seal, channel-signature, channel-recipient. */
NEP_MUST_USE nep_status nep_channel_receive(const nep_group *g, const char *tag,
                                            const nep_scalar *dk, const nep_element *sender,
                                            const json_t *message, const char *name,
                                            nep_scalar *value, nep_error *err);

#endif
