/* Signing in with the identity provider's program. */
#ifndef NEP_CLIENT_IDTOKEN_COMMAND_H
#define NEP_CLIENT_IDTOKEN_COMMAND_H

#include "base/buf.h"
#include "base/status.h"

/* Runs `command` (a program and its arguments, separated by spaces; '..' and ".." keep spaces) with
   the nonce as one more argument at the end, without a shell, and appends what it prints, the ID
   token, without its newline. The program may talk to the person through the terminal. */
NEP_MUST_USE nep_status nep_idtoken_from_command(const char *command, const char *nonce,
                                                 nep_buf *token, nep_error *err);

/* Splits a command as above into a NULL-terminated list with room for one more; code "usage". Free
   with nep_command_free. */
NEP_MUST_USE nep_status nep_command_split(const char *command, char ***words, size_t *n,
                                          nep_error *err);
void nep_command_free(char **words);

#endif
