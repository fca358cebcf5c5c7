"""usage: lying.py acts NAME | share; the environment is that of operator.sh. What officials, an observer and a trustee
can sign or send who do not use our programs: acts over another record, a setup that nobody published, a wrong
factor."""

import hashlib
import json
import os
import sys

from attacker import Official, compact
from casts import records

STATE = os.environ["NEP_STATE"]


def load(name):
    with open(f"{STATE}/{name}", encoding="utf-8") as file:
        return json.load(file)


def save(name, value):
    with open(f"{STATE}/{name}", "wb") as file:
        file.write(compact(value) + b"\n")


def person(name):
    return Official(name, f"{STATE}/pinned/{name}.key")


def acts(name):
    """Everybody signs the tally of the record NAME; the first official also another list than was published."""
    with open(f"{STATE}/{name}.bel", "rb") as file:
        listed = list(records(file.read()))
    bodies = [body for _, body in listed]
    end = next(body for body in bodies if b'"type":["EndBallots"]' in body)
    tally = json.loads(next(body for body in bodies if body.startswith(b'{"num_tallied"')))["encrypted_tally"]
    for who in ("thu-ky", "chu-tich", "quan-sat"):
        message = dict(load(f"acts/tally-{who}.json")["message"], end_ballots=hashlib.sha256(end).hexdigest(), tally_hash=tally)
        save(f"lying-{who}.json", person(who).envelope("NEP-1-tally-act", message))
    audit = next(n for n in sorted(os.listdir(STATE)) if n.startswith("audit-"))
    message = dict(load(f"{audit}/freeze-thu-ky.json")["message"], credentials_hash="0" * 64)
    save("lying-freeze.json", person("thu-ky").envelope("NEP-1-freeze", message))


def share():
    """Trustee 1 sends another factor under its own proof, and trustee 2's share as its own."""
    own, other = load("share-1.json"), load("share-2.json")
    wrong, right = json.loads(own["decryption"]), json.loads(other["decryption"])
    wrong["decryption_factors"][0][0] = right["decryption_factors"][0][0]
    number = json.loads(own["owned"])["owner"]

    def sent(text):
        payload = hashlib.sha256(text.encode()).hexdigest()
        return {"decryption": text, "owned": compact({"owner": number, "payload": payload}).decode()}

    save("lying-share.json", sent(compact(wrong).decode()))
    save("lying-owner.json", sent(other["decryption"]))


if __name__ == "__main__":
    {"acts": acts, "share": share}[sys.argv[1]](*sys.argv[2:])
