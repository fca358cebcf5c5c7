#!/usr/bin/env python3
"""The cast statements beside the archives of an event (A23): verified with them when that is asked for, in one
process and in parts, and never taken over for others than those that were verified."""

import json
import os
import shutil
import sys
import tempfile

from setting import archive, case, compact, finish, merge, read_json, run, seal_report, without_taken, write

sys.path.insert(0, os.path.join(os.environ["NEP_SOURCE"], "tests", "support"))
from record_files import casts_of, records  # noqa: E402

ARCHIVES, BALLOTS = 3, 14
CHECK = "statements about their ballots"


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Event:
    """A copy that a test may spoil."""

    def __init__(self, made, scratch, name):
        self.folder = os.path.join(scratch, name)
        shutil.copytree(made, self.folder)
        self.scratch = scratch

    def path(self, number, kind="casts"):
        return os.path.join(self.folder, f"{number:06}.{kind}")

    def spoil(self, number):
        """One statement gets the signature of another; the file's length and end stay."""
        first, *listed = records(read(self.path(number)))
        texts = [body for name, body in listed if name.endswith(".data.json")]
        statements = [json.loads(t) for t in texts]
        statements[3]["signature"] = statements[4]["signature"]
        texts[3] = compact(statements[3])
        write(self.path(number), casts_of(first, texts))

    def flip(self, number):
        """A byte in the middle: neither length nor end shows it."""
        data = bytearray(read(self.path(number)))
        data[len(data) // 2] ^= 1
        write(self.path(number), bytes(data))

    def verify(self, *options):
        return archive("--casts", *options, self.folder)

    def entry(self, report, number):
        return next(e for e in report["archives"] if e["name"] == f"{number:06}.bel")


def whole(event):
    code, report = event.verify()
    case("an event with its statements is valid", code == 0 and report["verdict"] == "valid", report)
    case("each is held against its ballot", report["checks"].get(CHECK) == ARCHIVES * BALLOTS, report["checks"])
    case("the report says which bytes", all(e["casts"]["size"] == os.path.getsize(event.path(i + 1))
                                            for i, e in enumerate(report["archives"])))
    case("the same with three threads", event.verify("--jobs", "3") == (code, report))
    bare = archive(event.folder)
    case("who does not ask is told nothing about them", bare[0] == 0 and CHECK not in bare[1]["checks"]
         and "casts" not in bare[1]["archives"][0] and bare[1]["listing"] != report["listing"])
    one = run("tally/nep-verify", "archive", "--casts", "--json", event.path(2, "bel"))
    case("one archive alone", one.returncode == 0 and json.loads(one.stdout)["checks"][CHECK] == BALLOTS, one.stdout)


def refused(make, name, code, spoil, number=2):
    event = make(name.replace(" ", "-"))
    spoil(event)
    exit_code, report = event.verify()
    entry = event.entry(report, number)
    others = [e["verdict"] for e in report["archives"] if e is not entry]
    case(name, exit_code == 1 and code in entry["codes"] and all(c == code or c.startswith("casts-") for c in entry["codes"])
         and others == ["valid"] * (ARCHIVES - 1), json.dumps(entry["faults"]))


def faults(make):
    refused(make, "another's signature", "casts-signature", lambda e: e.spoil(2))
    refused(make, "a byte changed", "casts-hash", lambda e: e.flip(2))
    refused(make, "no file", "casts-missing", lambda e: os.remove(e.path(2)))
    refused(make, "an empty file", "casts-missing", lambda e: write(e.path(2), b""))
    refused(make, "the statements of another election", "archive-format", lambda e: shutil.copy(e.path(1), e.path(2)))
    event = make("bad-archive")
    data = read(event.path(2, "bel"))
    write(event.path(2, "bel"), data[:-512])
    _, report = event.verify()
    case("beside a bad archive they are not checked",
         any("cast statements" in text for text in event.entry(report, 2)["not_checked"]), report)


def unverified(out):
    """A report that calls an archive valid whose statements nobody verified."""
    path = f"{out}/1.json"
    kept, message = read(path), read_json(path)["message"]
    entry = next((e for e in message["archives"] if e["verdict"] == "valid"), None)
    for number in (0, 1):
        checked = entry["checks"][CHECK]
        entry["checks"][CHECK] = number
        write(path, seal_report(message))
        found = merge(out)[1]
        case(f"a valid archive of whose statements {number} were held against their ballots is refused",
             any(f["code"] == "report-shape" and f'the check "{CHECK}" was run {number} times' in f["reason"]
                 for f in found["faults"]), found)
        entry["checks"][CHECK] = checked
    entry["casts"]["sha256"] = ""
    write(path, seal_report(message))
    code, found = merge(out)
    case("a valid archive whose statements were not verified is refused",
         code == 1 and "report-shape" in found["codes"], found)
    entry["casts"] = {"size": 1}
    write(path, seal_report(message))
    case("statements without their hashes are refused", "report-shape" in merge(out)[1]["codes"])
    write(path, kept)


def parts(make):
    event = make("parts")
    event.spoil(3)
    out = os.path.join(event.scratch, "out")
    os.makedirs(out)
    shard = [run("tally/nep-verify", "archive", "--casts", "--shard", f"{k}/2", "--report", f"{out}/{k}.json", event.folder)
             for k in (1, 2)]
    case("each part has its verdict", sorted(s.returncode for s in shard) == [0, 1], [s.stderr for s in shard])
    one = run("tally/nep-verify", "archive", "--casts", "--json", event.folder)
    many = run("tally/nep-verify", "merge", "--json", "--event", event.folder, out)
    case("joined they are the report of one process, byte for byte", one.stdout and one.stdout == many.stdout, many.stdout)
    unverified(out)
    event.flip(1)
    code, found = merge("--event", event.folder, out)
    case("statements changed since are not those that were verified", code == 1 and found["codes"] == ["event-differs"], found)
    run("tally/nep-verify", "archive", "--shard", "2/2", "--report", f"{out}/2.json", event.folder)
    code, found = merge(out)
    case("a part with statements and one without do not join", code == 1 and "event-differs" in found["codes"], found)


def states(make):
    event = make("states")
    state = ["--state", os.path.join(event.scratch, "state")]
    _, first = event.verify()
    archive(*state, event.folder)
    code, report = event.verify(*state)
    case("after a run without them they are verified", code == 0 and without_taken(report) == without_taken(first))
    code, report = event.verify(*state)
    case("and then taken over", code == 0 and without_taken(report) == without_taken(first)
         and report["taken_over"]["checks"] == report["totals"]["checks"], report["taken_over"])
    event.flip(2)
    code, report = event.verify(*state)
    case("but not others", code == 1 and "casts-hash" in report["codes"], report["codes"])
    case("nor when they are not asked for", archive(*state, event.folder)[1]["checks"].get(CHECK) is None)


with tempfile.TemporaryDirectory() as scratch_folder:
    made_folder = os.path.join(scratch_folder, "made")
    made = run("bench/make-event", "--constituencies", ARCHIVES, "--voters", 9, "--ballots", BALLOTS, "--candidates", 1,
               "--casts", "--tally", "--out", made_folder)
    case("an event is made", made.returncode == 0, made.stderr)

    def fresh(name):
        return Event(made_folder, scratch_folder, name)

    whole(fresh("whole"))
    faults(fresh)
    parts(fresh)
    states(fresh)
finish()
