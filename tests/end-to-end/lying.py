"""usage: lying.py acts NAME | share; the environment is that of operator.sh. What officials, an observer and a trustee
can sign or send who do not use our programs: acts over another record, a setup that nobody published, a wrong
factor."""

import hashlib
import json
import os
import sys

from attacker import Device, Official, compact, records, reference

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
    """Trustee 1 signs a factor of another trustee among its own, and the whole share of that one as its own."""
    folder = f"{STATE}/ceremony/trustee-1"
    seed_file = next(n for n in os.listdir(folder) if n.endswith(".key"))
    with open(f"{folder}/{seed_file}", encoding="ascii") as file:
        signing_key = reference.pki_sk(Device.GROUP, file.read().strip())
    own, other = (json.loads(load(f"share-{n}.json")["decryption"])["message"] for n in (1, 2))
    number = json.loads(load("share-1.json")["owned"])["owner"]

    def send(name, message):
        signature = reference.sig_make(Device.GROUP, "partial_decryption", signing_key, message)
        text = reference.dumps({"message": message, "signature": signature})
        payload = hashlib.sha256(text.encode()).hexdigest()
        save(name, {"decryption": text, "owned": compact({"owner": number, "payload": payload}).decode()})

    send("honest-share.json", own)
    own[0][0] = other[0][0]
    send("lying-share.json", own)
    send("lying-owner.json", other)


if __name__ == "__main__":
    {"acts": acts, "share": share}[sys.argv[1]](*sys.argv[2:])
