/* Sentences for the codes of errors, of the server and of our own. */
#include <stddef.h>
#include <string.h>

#include "base/lang.h"
#include "client-cli/say.h"

static const struct message {
  const char *code;
  const char *sentence;
} messages[] = {
    {"connection", N_("The server could not be reached safely.")},
    {"usage", N_("The command is not complete or not right; --help shows how it is used.")},
    {"file", N_("A file could not be used.")},
    {"file-mode", N_("A secret lies open to others.")},
    {"server-address", N_("The server's address cannot be used.")},
    {"server-answer", N_("The server's answer is not what it should be.")},
    {"answer-too-long", N_("The server's answer is longer than it may be.")},
    {"server-key-changed", N_("The key that signs the server's receipts is not the one expected.")},
    {"id-token", N_("The identity provider's statement was not accepted.")},
    {"id-token-command", N_("Signing in with the identity provider failed.")},
    {"registration-file", N_("The stored registration is damaged.")},
    {"other-event", N_("This folder belongs to another event.")},
    {"no-election", N_("There is nothing to register for.")},
    {"not-registered", N_("You are not registered.")},
    {"possession", N_("The proof that you hold the credential was not accepted.")},
    {"receipt-content", N_("The server's receipt is for something else.")},
    {"signature", N_("A signature does not hold.")},
    {"envelope", N_("A signed message is malformed.")},
    {"choice-file", N_("The choice file cannot be used.")},
    {"choice-numbers", N_("This choice cannot be understood.")},
    {"not-cast", N_("The ballot was not cast.")},
    {"not-open", N_("It is not the time to vote.")},
    {"paper-hash",
     N_("The ballot paper is not the one that the server names. Do not vote with it.")},
    {"paper-uuid", N_("The ballot paper is of another election.")},
    {"paper-key", N_("The key to encrypt with is not the trustees'. Nothing was encrypted.")},
    {"paper-length", N_("The server asks for ballots of a length that could mark yours.")},
    {"setup-changed",
     N_("The election is not the one you voted in before. Nothing was encrypted.")},
    {"credential-form", N_("This is not a credential.")},
    {"credential-unlisted", N_("You are not on the list of those who may vote.")},
    {"archive-invalid", N_("The public record is NOT valid.")},
    {"head-differs", N_("The server shows you another record than the one it signed.")},
    {"other-election", N_("This is the record of another election.")},
    {"no-receipt", N_("There is no ballot to check.")},
    {"ballot-missing", N_("Your ballot is MISSING from the public record.")},
    {"ballot-replaced", N_("Another ballot took the place of yours.")},
    {"folder-busy", N_("The folder is in use.")},
    {"act", N_("The signed request was not accepted.")},
    {"act-time", N_("The time of the signed request was not accepted.")},
    {"signing-key", N_("The signing key cannot be used.")},
    {"roll", N_("The roll was not imported: not one row of it. These rows are wrong:")},
    {"group-unknown", N_("The election uses mathematics that this program does not know.")},
};

const char *nep_message_for(const char *code)
{
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
    if (strcmp(code, messages[i].code) == 0)
      return _(messages[i].sentence);
  return NULL;
}
