#!/usr/bin/env python3
"""The cast statements of many ballots: a fault in one of them is found and named wherever it stands, and
what is found depends neither on the number of threads nor on the engine."""

import functools
import json
import os
import tempfile

from cases import case, compact, finish, records, run
from record_files import casts_of

BALLOTS, VOTERS = 83, 60


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


@functools.lru_cache
def engines():
    """Those of this machine."""
    ifma = run("tally/nep-verify", "archive", "--engine", "ifma", "no-such-file.bel")
    return ["portable"] + (["ifma"] if "no-such-file" in ifma.stderr else [])


class Statements:
    def __init__(self, folder):
        made = run("bench/make-event", "--voters", VOTERS, "--ballots", BALLOTS, "--candidates", 1, "--casts",
                   "--out", folder)
        case("an archive with its statements", made.returncode == 0, made.stderr)
        self.archive, self.path = os.path.join(folder, "000001.bel"), os.path.join(folder, "forged.casts")
        self.served = read(os.path.join(folder, "000001.casts"))
        listed = list(records(self.served))
        self.first, self.texts = listed[0], [body for name, body in listed[1:] if name.endswith(".data.json")]
        case("one for each ballot", len(self.texts) == BALLOTS and casts_of(self.first, self.texts) == self.served)

    def verify(self, data, *options):
        done = run("tally/nep-verify", "casts", *options, write(self.path, data), self.archive)
        return done.returncode, done.stdout, done.stderr

    def said(self, name, data, code, *wanted):
        """Every way of running it says the same."""
        ways = {(engine, jobs): self.verify(data, "--json", "--engine", engine, "--jobs", jobs)
                for engine in engines() for jobs in (1, 5)}
        one = ways["portable", 1]
        case(name, all(way == one for way in ways.values()) and one[0] == code and all(w in one[1] + one[2] for w in wanted),
             "\n".join(f"{way}: {what}" for way, what in ways.items())[:3000])

    def signed_wrong(self, at):
        """A signature that is well formed and another's."""
        statement, other = json.loads(self.texts[at]), json.loads(self.texts[(at + 1) % BALLOTS])
        statement["signature"] = other["signature"]
        return self.texts[:at] + [compact(statement)] + self.texts[at + 1:]


def name(at):
    """The ballot's, in faults: the Setup event is the first."""
    return f"ballot {at + 1} (tracker"


def faults(s):
    for at in (0, 16, BALLOTS - 1):
        s.said(f"the signature of statement {at} is another's", casts_of(s.first, s.signed_wrong(at)), 1, "casts-signature")
        code, said, _ = s.verify(casts_of(s.first, s.signed_wrong(at)))
        named = [line for line in said.splitlines() if "casts-signature" in line]
        case(f"and it alone is named, {at}", code == 1 and len(named) == 1 and name(at) in named[0], said)
    every = list(s.texts)
    for at in range(0, BALLOTS, 3):
        every[at] = s.signed_wrong(at)[at]
    code, said, _ = s.verify(casts_of(s.first, every))
    named = [line for line in said.splitlines() if "casts-signature" in line]
    case("every third: each is named, in order",
         code == 1 and len(named) == len(range(0, BALLOTS, 3))
         and all(name(at) in line for at, line in zip(range(0, BALLOTS, 3), named)), said)
    s.said("one that cannot be read", casts_of(s.first, s.texts[:20] + [b"{}"] + s.texts[21:]), 1, "casts-statement")
    s.said("one for another ballot", casts_of(s.first, s.texts[:20] + [s.texts[21], s.texts[20]] + s.texts[22:]), 1,
           "casts-statement")
    s.said("the last ones withheld", casts_of(s.first, s.texts[:-3]), 1, "casts-missing")
    s.said("one too many", casts_of(s.first, s.texts + s.texts[:1]), 1, "casts-extra")
    s.said("a file cut short", s.served[:-512], 1, "ends inside")


with tempfile.TemporaryDirectory() as scratch:
    statements = Statements(scratch)
    statements.said("all of them hold", statements.served, 0, "valid", str(BALLOTS))
    faults(statements)
    for wrong in (("--engine", "none"), ("--jobs", 0)):
        exit_code, said_out, why = statements.verify(statements.served, *wrong)
        case(f"{wrong[0]} {wrong[1]} is no verdict", exit_code == 2 and said_out == "" and why != "", (exit_code, said_out, why))
finish()
