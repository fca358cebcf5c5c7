"""usage: swapped.py; the environment is that of scripts/election.sh. A real server behind a proxy that
shows one voter something else: another key, other trustees, another list, other acts, another receipt. The voter's
program refuses before it encrypts, or keeps what was not acknowledged. Honest requests through the same proxy go
well."""

import hashlib
import json
import os
import sys

from attacker import Official, compact
from proxy import Proxy
from setting import Setting, trusting

VICTIM = "5"  # registered, and has not voted


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sha(data):
    return hashlib.sha256(data).hexdigest()


class Cheat:
    def __init__(self):
        self.s = Setting()
        self.proxy = Proxy(self.s)
        get = lambda part: self.s.server.get(f"{self.s.path}/{part}").body
        self.papers = {name: get(name) for name in ("definition", "trustees", "credentials", "trust")}
        self.acts = json.loads(get("documents/freeze-acts"))
        self.officials = [Official("", f"{self.s.state}/pinned/{name}.key") for name in ("thu-ky", "chu-tich")]

    def voter(self, folder, *arguments):
        fingerprint = os.environ["NEP_FINGERPRINT"]
        return self.s.program("client-cli/nep-voter", "--server", self.proxy.url, "--ca", self.s.state + "/ca.pem",
                              *trusting(fingerprint, arguments), "--dir", f"{self.s.state}/devices/{folder}", "--lang", "en",
                              *arguments)

    def votes(self, folder, choice="1-1"):
        return self.voter(folder, "vote", "--election", self.s.uuid, "--choice-file",
                          f"{self.s.state}/electorate/choices/{choice}.json")

    def made(self, folder, kind="ballot"):
        return sorted(n for n in os.listdir(f"{self.s.state}/devices/{folder}") if n.startswith(kind + "-"))

    def setup_hash(self, papers):
        return sha(b'{"election":"%s","trustees":"%s","credentials":"%s"}' % tuple(
            sha(papers[k]).encode() for k in ("definition", "trustees", "credentials")))

    def shown(self, acts=None, **swapped):
        """The lies: papers, and a page of the election that fits them."""
        papers = dict(self.papers, **swapped)
        page = dict(self.s.show(), election_hash=sha(papers["definition"]), setup_hash=self.setup_hash(papers),
                    credentials_hash=sha(papers["credentials"]))
        lies = {self.s.path: compact(page)}
        lies.update({f"{self.s.path}/{name}": body for name, body in swapped.items()})
        if acts is not None:
            lies[self.s.path + "/documents/freeze-acts"] = compact(acts)
        return lies, papers

    def act(self, papers, **changed):
        message = dict(self.acts[0]["message"], election_hash=sha(papers["definition"]), trustees_hash=sha(papers["trustees"]),
                       credentials_hash=sha(papers["credentials"]), setup_hash=self.setup_hash(papers))
        return dict(message, **changed)

    def refuses(self, name, lies, code, *command):
        """The voter's program ends with 1 and this code, and has encrypted nothing."""
        self.proxy.lie(lies)
        done, said = self.voter(VICTIM, *command) if command else self.votes(VICTIM)
        self.s.report.case(name, done == 1 and f"[{code}]" in said and self.proxy.told() > 0 and not self.made(VICTIM),
                           (done, said[-600:]))


def other_key(c):
    """Trustees whose shares the operator has: an election key of its own in definition and trustees."""
    trustees = read(c.s.state + "/operator-trustees.json").strip()
    definition = json.loads(c.papers["definition"])
    definition["public_key"] = json.loads(trustees)[0][1]["verification_key"]["message"]["message"]["public_key"]
    return {"definition": compact(definition), "trustees": trustees}


def setups(c):
    """a25: what one voter is shown."""
    swapped = other_key(c)
    stranger = Official("stranger")
    c.refuses("a25 another election key and its trustees under the true acts are refused", c.shown(**swapped)[0], "freeze-act")
    lies, papers = c.shown(**swapped)
    forged = [stranger.envelope("NEP-1-freeze", c.act(papers)), Official("").envelope("NEP-1-freeze", c.act(papers))]
    c.refuses("a25 and under acts that strangers have signed", c.shown(forged, **swapped)[0], "not-pinned")
    lying = c.officials[0].envelope("NEP-1-freeze", c.act(papers))
    c.refuses("a25 and under the act of one official who lies", c.shown([lying], **swapped)[0], "too-few-acts")
    c.refuses("a25 and beside the act of another official for the true one", c.shown([lying, c.acts[1]], **swapped)[0], "freeze-act")
    c.refuses("a25 another definition alone is refused", c.shown(definition=swapped["definition"])[0], "paper-key")
    c.refuses("a25 a definition that the page does not name is refused",
              {c.s.path + "/definition": swapped["definition"]}, "paper-hash")
    trust = json.loads(c.papers["trust"])
    trust["officials"] = [{"name": "a", "key": stranger.public}, {"name": "b", "key": Official("").public}]
    c.refuses("a25 a trust file with other officials is refused", c.shown(forged, trust=compact(trust), **swapped)[0], "trust-differs")
    return lying


def lists(c):
    short = read(c.s.state + "/short/credentials.json").strip()
    verdict = compact(json.loads(read(c.s.state + "/short/verdict.json")))
    check = ("check", "--registered", "--election", c.s.uuid)
    lies, papers = c.shown(credentials=short)
    c.refuses("a25 a list without the voter under the true acts is refused", lies, "freeze-act", *check)
    lies = c.shown([o.envelope("NEP-1-freeze", c.act(papers)) for o in c.officials], credentials=short)[0]
    c.refuses("a list under the auditors' verdict on another one is refused", lies, "verdict-list", *check)
    lies[c.s.path + "/documents/verdict"] = verdict
    c.refuses("a registration withheld from auditors and officials is found by the voter", lies, "not-listed", *check)
    c.refuses("and who is left out does not vote", lies, "credential-unlisted")
    c.proxy.honest()
    done, said = c.voter(VICTIM, *check)
    c.s.report.case("the same voter is in the true list", done == 0, said)


def receipts(c):
    """A ballot counts as cast for the device only with the pinned signer's word about exactly this ballot."""
    ballots, own = c.s.path + "/ballots", read(f"{c.s.state}/devices/2/{c.made('2', 'receipt')[0]}")
    stranger = Official("")
    c.proxy.lie({ballots: compact(stranger.envelope("NEP-1-cast-receipt", json.loads(own)["message"]))})
    code, said = c.votes("4", "4-1")
    c.s.report.case("a receipt by another key is refused", code == 1 and c.proxy.told() > 0 and c.made("4")
                    and not c.made("4", "receipt"), said)
    c.proxy.lie({ballots: own})
    code, said = c.votes("4", "4-1")
    c.s.report.case("the true receipt of another voter's ballot is refused, and no other ballot was made", code == 1
                    and "[receipt-content]" in said and len(c.made("4")) == 1 and not c.made("4", "receipt"), said)
    c.proxy.withhold(ballots)
    code, said = c.votes("4", "4-1")
    c.s.report.case("a ballot that is withheld and called refused is not called accepted", code == 1
                    and c.proxy.kept(ballots) and "[closed]" in said and not c.made("4", "refusal"), said)
    withheld = c.proxy.kept(ballots)[0]
    c.proxy.honest()
    code, said = c.votes("4", "4-1")
    c.s.report.case("the voter casts another one at the honest server", code == 0 and len(c.made("4", "receipt")) == 1, said)
    return withheld


def late(c, withheld):
    """a23: the ballot that was withheld comes after the one that the voter made later."""
    answer = c.s.cast(withheld)
    c.s.report.case("a23 nep-server does not append what was withheld after a newer ballot",
                    answer.status == 409 and answer.code() == "cast-order", answer)
    ballot, _, statement = withheld.rstrip(b" ")[len(b'{"ballot":'):-1].rpartition(b',"statement":')
    credential = json.loads(ballot)["message"]["credential"]
    columns = lambda body: f"'{sha(body)}', decode('{body.hex()}', 'hex')"
    number, nothing = json.loads(statement)["message"]["sequence"], "repeat('0', 64)"
    with open(c.s.state + "/late.sql", "w", encoding="ascii") as file:
        file.write(f"""SET session_replication_role = replica;
INSERT INTO board.events (uuid, height, type, hash, parent, payload, body, archive_end, at,
  credential, sequence, statement_hash, statement, cast_event, cast_parent, casts_end)
VALUES ('{c.s.uuid}', 1000, 'Ballot', {nothing}, {nothing}, {columns(ballot)}, 512, now(),
  '{credential}', {number}, {columns(statement)}, {nothing}, {nothing}, 512);
""")


if __name__ == "__main__":
    cheat = Cheat()
    setups(cheat)
    lists(cheat)
    late(cheat, receipts(cheat))
    sys.exit(1 if cheat.s.report.failed or not cheat.s.report.passed else 0)
