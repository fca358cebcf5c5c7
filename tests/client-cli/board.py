"""Archives and files of cast statements that the tests make of the events of a vector."""
import json
import os
import secrets
import sys

sys.path.append(os.path.join(os.environ["NEP_SOURCE"], "tests", "reference"))
import check as reference  # noqa: E402
from check import tar_header  # noqa: E402
from fake_server import records, sha256  # noqa: E402


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class Board:
    """An archive as a list of events, each with its data records; bytes up to every height."""

    def __init__(self, path):
        whole = list(records(path))
        self.stamp = json.loads(whole[0][1])["timestamp"]
        self.events, pending = [], []
        for name, body in whole[1:]:
            if name.endswith(".event.json"):
                self.events.append((json.loads(body), pending))
                pending = []
            else:
                pending.append(body)

    def record(self, name, body):
        return tar_header(name, len(body), self.stamp) + body + b"\0" * (-len(body) % 512)

    def build(self, events=None):
        """Chains the events anew: a list of (hash, payload hash, size), and the bytes."""
        out = self.record("BELENIOS", compact({"version": 1, "timestamp": self.stamp}))
        parent, index = None, []
        for height, (event, data) in enumerate(self.events if events is None else events):
            new = {} if parent is None else {"parent": parent}
            new.update({"height": height, "type": event["type"]})
            if "payload" in event:
                new["payload"] = event["payload"]
            text = compact(new)
            for body in data:
                out += self.record(sha256(body) + ".data.json", body)
            out += self.record(sha256(text) + ".event.json", text)
            parent = sha256(text)
            index.append((parent, event.get("payload"), len(out)))
        return index, out

    def casts(self, uuid, statements):
        """The chain of these statements: a list of (event, size), and the bytes."""
        out = self.record("NEP-CASTS", compact({"version": 1, "timestamp": self.stamp, "uuid": uuid}))
        parent, index = None, []
        for height, body in enumerate(statements):
            event = {} if parent is None else {"parent": parent}
            event.update({"height": height, "type": ["Cast"], "payload": sha256(body)})
            out += self.record(sha256(body) + ".data.json", body)
            out += self.record(sha256(compact(event)) + ".event.json", compact(event))
            parent = sha256(compact(event))
            index.append((parent, len(out)))
        return index, out


class Voters:
    """Who holds the credentials of the vector: they sign statements about their ballots."""
    GROUP = reference.group("Ed25519")

    def __init__(self, folder, uuid, election_hash):
        private = json.load(open(os.path.join(folder, "secrets", "private_creds.json"))).values()
        self.keys = {self.public(key): key for key in (reference.derive(self.GROUP, uuid, c) for c in private)}
        self.uuid, self.election_hash, self.made = uuid, election_hash, {}

    def public(self, key):
        return self.GROUP.enc(reference.gp(self.GROUP, key))

    def statement(self, ballot, sequence):
        if (ballot, sequence) not in self.made:
            public = json.loads(ballot)["message"]["credential"]
            self.made[ballot, sequence] = self.sign(self.keys[public], ballot, sequence)
        return self.made[ballot, sequence]

    def sign(self, key, ballot, sequence):
        group, witness = self.GROUP, secrets.randbelow(self.GROUP.q)
        message = {"uuid": self.uuid, "election_hash": self.election_hash, "ballot": sha256(ballot),
                   "sequence": sequence, "previous": None}
        challenge = reference.h2f(group, "NEP-1-cast-group_hash-" + group.name, self.public(key) + "|" + compact(
            message).decode() + group.enc(reference.gp(group, witness)))[0]
        return compact({"message": message, "signature": {
            "challenge": str(challenge), "response": str((witness - key * challenge) % group.q)}})
