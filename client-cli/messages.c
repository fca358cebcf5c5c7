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
    {"certificate", N_("The server could not show that it is the one it should be.")},
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
    {"trust-differs",
     N_("The trust file is not the one that was published. Nothing was encrypted.")},
    {"trust-changed", N_("The trust file is not the one you confirmed. Nothing was encrypted.")},
    {"trust-event", N_("The trust file is of another event.")},
    {"trust-unconfirmed", N_("You have not confirmed who may sign in this election.")},
    {"freeze-act", N_("The officials have signed something else. Nothing was encrypted.")},
    {"not-pinned", N_("Somebody signed whom the trust file does not name for it.")},
    {"too-few-acts", N_("Not enough of the persons who must sign have signed.")},
    {"not-frozen", N_("The list of credentials is not final yet.")},
    {"not-listed", N_("You are NOT on the list of those who may vote.")},
    {"verdict-signer", N_("The list of credentials was judged by somebody who may not.")},
    {"verdict-list", N_("The auditors have judged another list of credentials.")},
    {"verdict-counts", N_("The auditors' counts do not fit the list of credentials.")},
    {"claims-period", N_("Voters can still object to the list of credentials.")},
    {"credential-form", N_("This is not a credential.")},
    {"credential-unlisted", N_("You are not on the list of those who may vote.")},
    {"archive-invalid", N_("The public record is NOT valid.")},
    {"head-differs", N_("The server shows you another record than the one it signed.")},
    {"two-heads", N_("ALARM: the server tells two stories.")},
    {"archive-shrunk", N_("ALARM: the public record has become shorter.")},
    {"archive-changed", N_("ALARM: the public record was changed.")},
    {"receipt-not-honoured", N_("ALARM: the server does not keep its receipt.")},
    {"other-election", N_("This is the record of another election.")},
    {"no-receipt", N_("There is no ballot to check.")},
    {"ballot-missing", N_("Your ballot is MISSING from the public record.")},
    {"ballot-replaced", N_("Another ballot took the place of yours.")},
    {"folder-busy", N_("The folder is in use.")},
    {"act", N_("The signed request was not accepted.")},
    {"act-time", N_("The time of the signed request was not accepted.")},
    {"signing-key", N_("The signing key cannot be used.")},
    {"roll", N_("The roll was not imported: not one row of it. These rows are wrong:")},
    {"roll-header", N_("The roll was not imported.")},
    {"roll-empty", N_("The roll was not imported.")},
    {"roll-missing", N_("The election has no roll yet.")},
    {"calendar", N_("The calendar was not accepted.")},
    {"calendar-missing", N_("The election has no calendar yet.")},
    {"calendar-fixed", N_("This part of the calendar can no longer be changed.")},
    {"election", N_("There is no such election.")},
    {"election-exists", N_("There is an election with this identifier already.")},
    {"election-key", N_("The election's key is not the trustees'.")},
    {"phase", N_("The election is not in the phase for this.")},
    {"too-early", N_("It is too early for this.")},
    {"too-late", N_("It is too late for this.")},
    {"replay", N_("The same signed request was sent before. Nothing was done.")},
    {"official", N_("The server does not know this official's key.")},
    {"official-unknown", N_("The server does not know this official's key.")},
    {"official-revoked", N_("This official's key has been revoked.")},
    {"registration", N_("The registration is malformed.")},
    {"registration-closed", N_("The time for registration is over.")},
    {"registration-event", N_("The election belongs to another event.")},
    {"registration-elections", N_("A new registration must name the elections of the old one.")},
    {"registration-replaces",
     N_("You are registered already, from another device or earlier; register --replace makes a "
        "new registration in its place.")},
    {"not-on-roll", N_("You are not on the roll of this election.")},
    {"credential-taken", N_("This credential is registered already.")},
    {"session", N_("The sign-in has expired.")},
    {"sign-in-nonce", N_("The sign-in has expired.")},
    {"busy", N_("The server is busy; try again in a moment.")},
    {"cast-queue", N_("The server is busy; try again in a moment.")},
    {"database-busy", N_("The server is busy; try again in a moment.")},
    {"rate", N_("Too many requests came from your network; try again in a moment.")},
    {"limit", N_("Too many requests came from your network; try again in a moment.")},
    {"deadline", N_("The request took too long; try again.")},
    {"outcome-unknown", N_("It is not known whether the change was stored.")},
    {"ballot-envelope", N_("The casting request has not the length of this election.")},
    {"cast-body", N_("The casting request is malformed.")},
    {"cast-statement", N_("The statement that goes with the ballot does not fit it.")},
    {"cast-signature",
     N_("The statement that goes with the ballot is not signed by your credential.")},
    {"cast-order", N_("A later ballot of your credential is stored already; this one was not.")},
    {"ballot-parse", N_("The server cannot read the ballot.")},
    {"ballot-unknown-credential", N_("Your credential is not on the list of this election.")},
    {"ballot-signature", N_("The ballot's signature does not hold.")},
    {"ballot-individual-proof", N_("A proof of the ballot does not hold.")},
    {"ballot-overall-proof", N_("A proof of the ballot does not hold.")},
    {"ballot-blank-proof", N_("A proof of the ballot does not hold.")},
    {"ballot-election", N_("The ballot is for another election.")},
    {"ballot-duplicate", N_("This very ballot is in the record already.")},
    {"choice", N_("This choice is not allowed.")},
    {"tally-mismatch", N_("The tally is not that of the ballots in the record.")},
    {"result-mismatch", N_("The result does not fit the tally and the decryptions.")},
    {"pd-missing", N_("Not enough trustees have decrypted their part.")},
    {"file-exists", N_("The file exists already and is not overwritten.")},
    {"group-unknown", N_("The election uses mathematics that this program does not know.")},
};

const char *nep_message_for(const char *code)
{
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
    if (strcmp(code, messages[i].code) == 0)
      return _(messages[i].sentence);
  return NULL;
}

/* Reasons that lower layers give to voters, and the server to officials. */
static const char *const reasons[] = {
    N_("each answer is chosen once or not at all"),
    N_("a blank vote is not allowed"),
    N_("a blank vote excludes every answer"),
    N_("too few answers are chosen"),
    N_("too many answers are chosen"),
    N_("exists already and is not overwritten"),
    N_("ended before an answer"),
    N_("it is empty"),
    N_("it has more than 200 characters"),
    N_("it has more than 100 bytes"),
    N_("it contains a control character"),
    N_("it is not a number of 12 digits"),
    N_("it is not a date of the calendar like 1990-02-28"),
    N_("the person is under 18 on the day of voting"),
    N_("it is not a whole number from 1 to 1000000000"),
    N_("it is not valid UTF-8"),
    N_("a NUL byte"),
    N_("a quotation mark is not closed"),
    N_("a quotation mark inside a field that does not begin with one"),
    N_("text after a closing quotation mark"),
};

const char *nep_reason_translated(const char *reason)
{
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (strcmp(reason, reasons[i]) == 0)
      return _(reasons[i]);
  return reason;
}
