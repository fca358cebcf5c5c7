"""A23 with a server that really changes the order of a voter's ballots: it signs nothing wrong, its
archive is perfect, and only the casts file shows what it did."""

import json

import disputes
from attacker import Chain, casts_of, compact, records


def parts(whole):
    """First record, the Setup's data records, the ballots of an archive."""
    listed = list(records(whole))
    data = [body for name, body in listed[1:] if name.endswith(".data.json")]
    ballots = [b for b in data if b.startswith(b'{"message":{"election_uuid"')]
    return listed[0], data[:data.index(ballots[0])], ballots


def archive_of(first, setup, ballots):
    chain = Chain(first)
    names = [chain.put(body) for body in setup]
    chain.event("Setup", names[-1])
    for ballot in ballots:
        chain.event("Ballot", chain.put(ballot))
    return chain.data


def verdict(s, name, casts, archive):
    paths = [f"{s.state}/{name}.casts", f"{s.state}/{name}.bel"]
    for path, data in zip(paths, (casts, archive)):
        with open(path, "wb") as file:
            file.write(data)
    code, said = s.program("tally/nep-verify", "casts", "--json", *paths)
    try:
        return code, json.loads(said)
    except ValueError:
        return code, {"codes": [said]}


def refused(s, name, casts, archive, wanted):
    code, found = verdict(s, "forged", casts, archive)
    s.report.case(name, code == 1 and any(wanted in c for c in found["codes"]), (code, found))


def swapped(items, i, j):
    items = list(items)
    items[i], items[j] = items[j], items[i]
    return items


def reordered(s, first, setup, ballots, head, statements):
    """The last two ballots of one credential, the older one put after the newer one."""
    owners = [json.loads(b)["message"]["credential"] for b in ballots]
    voter = s.registered_device("python-voter").public
    i, j = [at for at, owner in enumerate(owners) if owner == voter][-2:]
    archive = archive_of(first, setup, swapped(ballots, i, j))
    casts = casts_of(head, swapped(statements, i, j))
    refused(s, "a23 nep-verify casts refuses an older ballot after a newer one", casts, archive, "casts-order")
    code, said = s.program("tally/nep-verify", "archive", s.state + "/forged.bel")
    s.report.case("a23 the reordered archive alone looks perfect", code == 0, said[-500:])
    code, said = s.program("client-cli/nep-voter", "--server", "https://unused.invalid", "--dir", s.state + "/devices/1",
                           "--lang", "en", "check", "--election", s.uuid, "--archive", s.state + "/forged.bel",
                           "--casts", s.state + "/forged.casts")
    s.report.case("a23 nep-voter check refuses an older ballot after a newer one",
                  code == 1 and "casts-order" in said and "casts-invalid" in said, said)
    disputes.run(s)
    refused(s, "a23 statements in the old order do not fit the reordered archive",
            casts_of(head, statements), archive, "casts-statement")


def signed_head(s, casts):
    """The checkpoint of the statements holds against their file, and against nothing else."""
    head, key = s.server.get(s.path + "/casts/head").json(), s.server.get("/v1/key").json()["key"]
    with open(s.state + "/some.casts", "wb") as file:
        file.write(casts)

    def checkpoint(head, name, file):
        with open(s.state + "/casts-head.json", "wb") as out:
            out.write(compact(head))
        code, said = s.program("tally/nep-verify", "checkpoint", "--json", "--key", key, s.state + "/casts-head.json", file)
        found = json.loads(said.splitlines()[0])
        s.report.case(name[0], code == (1 if name[1] else 0) and found["codes"] == name[1], said)

    message = head["message"]
    s.report.case("the head of the statements counts the file's bytes", message["size"] == len(casts), message)
    checkpoint(head, ("it holds against their file", []), s.state + "/some.casts")
    checkpoint(head, ("it does not hold against the archive", ["checkpoint-chain"]), s.state + "/election.bel")
    checkpoint(s.server.get(s.path + "/head").json(), ("nor the archive's head against their file", ["checkpoint-chain"]),
               s.state + "/some.casts")
    checkpoint(dict(head, message=dict(message, size=message["size"] + 512)), ("an altered head is refused", ["signature"]),
               s.state + "/some.casts")


def run(s, whole):
    answer = s.server.get(s.path + "/casts")
    address = answer.headers.get("location", "")
    s.report.case("the casts file is found by a redirect to a height",
                  answer.status == 307 and address.startswith(s.path + "/casts?upto="), answer)
    casts = s.server.get(address).body
    code, found = verdict(s, "served", casts, whole)
    s.report.case("nep-verify casts finds the statements valid and counts its checks", code == 0
                  and found["verdict"] == "valid" and sum(found["checks"].values()) > 100, (code, found))
    signed_head(s, casts)
    first, setup, ballots = parts(whole)
    listed = list(records(casts))
    head, statements = listed[0], [body for name, body in listed[1:] if name.endswith(".data.json")]
    archive = archive_of(first, setup, ballots)
    s.report.case("the casts file follows from the statements alone", casts_of(head, statements) == casts)
    s.report.case("a smaller height is a prefix", casts.startswith(s.server.get(s.path + "/casts?upto=3").body))
    reordered(s, first, setup, ballots, head, statements)
    refused(s, "a statement withheld is named", casts_of(head, statements[:-1]), archive, "casts-missing")
    refused(s, "a statement without a ballot is named", casts_of(head, statements), archive_of(first, setup, ballots[:-1]),
            "casts-extra")
    refused(s, "a broken chain of statements is named", casts_of(head, statements, height=0), archive, "casts-chain")
    bad = statements[-1].replace(b'"response":"', b'"response":"1')
    code, found = verdict(s, "forged", casts_of(head, statements[:-1] + [bad]), archive)
    s.report.case("an altered statement is named", code == 1 and found["codes"][0] in ("casts-statement", "casts-signature"),
                  found)
    refused(s, "a casts file cut short is refused", casts[:-512], archive, "ends inside")
    other = (head[0], head[1].replace(s.uuid.encode(), b"6" * len(s.uuid)))
    refused(s, "a casts file of another election is refused", casts_of(other, statements), archive, "NEP-CASTS")
