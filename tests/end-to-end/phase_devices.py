"""A voter with two devices, nep-voter and the real server: voter 1 has voted once with the first."""

import base64
import hashlib
import json
import os
import shutil

from attacker import padded
from setting import trusting


def fingerprint(s):
    with open(s.state + "/trust.json", "rb") as file:
        digest = hashlib.sha256(b"NEP-1-trust\0" + file.read().strip()).digest()
    return base64.b64encode(digest).decode().rstrip("=")


def voter(s, folder, *arguments):
    return s.program("client-cli/nep-voter", "--server", s.server.url, "--ca", s.state + "/ca.pem",
                     *trusting(fingerprint(s), arguments), "--dir", f"{s.state}/devices/{folder}", "--lang", "en",
                     *arguments)


def files(s, folder):
    """Ballot and statement of the last ballot in the folder."""
    path = f"{s.state}/devices/{folder}"
    last = sorted(name for name in os.listdir(path) if name.startswith("ballot-"))[-1]
    with open(f"{path}/{last}", "rb") as ballot, open(f"{path}/{last.replace('ballot', 'statement')}", "rb") as statement:
        return ballot.read(), json.load(statement)["message"]


def second_device(s):
    """a20, a23: it goes on where the first one stopped, and says that there was one."""
    os.mkdir(f"{s.state}/devices/second", 0o700)
    shutil.copy(f"{s.state}/devices/1/credentials-{s.uuid}.txt", f"{s.state}/devices/second")
    code, said = voter(s, "second", "vote", "--election", s.uuid, "--choice-file",
                       s.state + "/electorate/choices/1-1.json")
    s.report.case("a second device of a voter votes at the first try", code == 0, said)
    s.report.case("a20 it tells of the ballot that it has not made",
                  "Another ballot with your credential was accepted at" in said and "tell the commission" in said, said)
    first, before = files(s, "1")
    _, after = files(s, "second")
    s.report.case("a23 its number follows that of the first device",
                  after["sequence"] == before["sequence"] + 1 and after["previous"] == hashlib.sha256(first).hexdigest(),
                  (before, after))
    code, said = voter(s, "second", "check", "--election", s.uuid)
    s.report.case("a20 its check names the other ballot", code == 0 and "was not cast with this folder" in said, said)
    code, said = voter(s, "1", "check", "--election", s.uuid)
    s.report.case("a20 the first device's check says that its ballot no longer counts", code == 1 and "[ballot-replaced]" in said,
                  said)
    code, said = voter(s, "1", "list")
    s.report.case("a20 the first device's list points the ballot out", code == 0 and "NOT CAST WITH THIS FOLDER" in said, said)


def last_cast(s):
    path = s.path + "/casts/last"
    python_voter = s.registered_device("python-voter")
    ask = lambda credential: s.server.post(path, {"credential": credential})
    answer = ask(python_voter.public)
    told = answer.json()
    s.report.case("the last ballot of a credential is told with its receipt",
                  answer.status == 200 and told["receipt"]["message"]["tracker"] == s.kept("last-ballot")
                  and told["statement"]["message"]["uuid"] == s.uuid, answer)
    with open(f"{s.state}/devices/8/registration.json", encoding="utf-8") as file:
        idle = json.load(file)["credentials"][0]["credential"]
    s.report.case("who has not voted is told of none", ask(idle).json() == {"statement": None, "receipt": None}, ask(idle))
    refused = s.report.refused
    refused("the last ballot of a credential that is not registered is not told", ask(s.device().public), 404)
    refused("the last ballot is not told to GET", s.server.get(path), 405)
    good = json.dumps({"credential": python_voter.public}).encode()
    for name, body in (("cut short", good[:-1]), ("followed by more", good + b"x"), ("that is a list", b"[]"),
                       ("with a key twice", b'{"credential":"x","credential":"x"}'), ("of a number", b'{"credential":1}'),
                       ("with an unknown field", b'{"credential":"x","more":1}')):
        refused(f"casts/last: JSON {name} is refused", s.server.post(path, body), 400)


def refused_order(s):
    """A refusal that later decides nothing against the server: the number was too low."""
    definition, size = s.server.get(s.path + "/definition").body, s.show()["ballot_bytes"]
    python_voter = s.registered_device("python-voter")
    ballot = python_voter.ballot(definition, [[0, 1, 1, 1, 0, 0]])
    statement = python_voter.statement(ballot, 1)
    answer = s.cast(padded(b'{"ballot":' + ballot + b',"statement":' + statement + b"}", size))
    refusal = answer.json().get("refusal", {})
    s.report.case("a23 a refused order names the statement that was refused", answer.status == 409 and
                  refusal.get("message", {}).get("statement") == hashlib.sha256(statement).hexdigest(), answer)
    afterwards = python_voter.statement(ballot, 999999)
    for name, data in (("ballot", ballot), ("statement", statement), ("afterwards", afterwards),
                       ("refusal", json.dumps(refusal, separators=(",", ":")).encode())):
        with open(f"{s.state}/order-{name}.json", "wb") as file:
            file.write(data)


def run(s):
    second_device(s)
    last_cast(s)
    refused_order(s)
