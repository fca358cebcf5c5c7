#!/usr/bin/env python3
"""The parts of an event: joined they are the report of one process, byte for byte; and nothing but a whole
is joined."""

import copy
import hashlib
import os
import shutil
import tempfile

from setting import (archive, case, compact, finish, hash_of, make_big, make_event, merge, read_archive, read_json,
                     run, seal_report, write, write_archive)

PARTS = 3


def verify_parts(event, out, parts=PARTS, *options):
    os.makedirs(out, exist_ok=True)
    codes = []
    for part in range(1, parts + 1):
        done = run("tally/nep-verify", "archive", "--shard", f"{part}/{parts}", "--report",
                   os.path.join(out, f"{part}.json"), *options, event)
        codes.append(done.returncode)
    return codes


def joined(event, out):
    codes = verify_parts(event, out)
    case("each part has a verdict of its own", set(codes) <= {0, 1} and 1 in codes, str(codes))
    one = run("tally/nep-verify", "archive", "--json", event)
    many = run("tally/nep-verify", "merge", "--json", out)
    case("the joined parts are the report of one process, byte for byte",
         one.stdout and one.stdout == many.stdout and one.returncode == many.returncode == 1)
    one, many = run("tally/nep-verify", "archive", event), run("tally/nep-verify", "merge", out)
    case("and the same text", one.stdout and one.stdout == many.stdout)
    reports = [os.path.join(out, f"{k}.json") for k in (3, 1, 2)]
    again = run("tally/nep-verify", "merge", "--json", *reports)
    case("in whatever order", again.stdout == run("tally/nep-verify", "merge", "--json", out).stdout)
    sizes = [sum(a["size"] for a in read_json(r)["message"]["archives"]) for r in reports]
    names = [a["name"] for r in reports for a in read_json(r)["message"]["archives"]]
    case("parts share the archives and have about the same size", len(names) == len(set(names)) and
         max(sizes) < 2 * min(sizes), str(sizes))
    whole = run("tally/nep-verify", "archive", "--json", "--report", os.path.join(out, "whole"), event)
    case("a report of everything is one part of one", "verdict" in whole.stdout and
         merge(os.path.join(out, "whole"))[1]["totals"] == merge(out)[1]["totals"])
    os.remove(os.path.join(out, "whole"))


def more_parts_than_archives(event, scratch):
    out = os.path.join(scratch, "many")
    codes = verify_parts(event, out, 11)
    last = ("--shard", "11/11", "--report", os.path.join(out, "11.json"), event)
    code, report = archive(*last)
    text = run("tally/nep-verify", "archive", *last)
    case("a part without any archive has nothing to verify and says so, and is done",
         codes[-1] == code == text.returncode == 0 and report["verdict"] == "nothing" and not report["archives"] and
         "verdict: nothing to verify (0 checks, 0 faults)" in text.stdout, f"{report} {text.stdout}")
    case("a part without any archive is a part",
         run("tally/nep-verify", "merge", "--json", out).stdout ==
         run("tally/nep-verify", "archive", "--json", event).stdout)


def message(out, part):
    return read_json(os.path.join(out, f"{part}.json"))["message"]


class Refusals:
    """Each look at the reports of one folder, changed in one way."""

    def __init__(self, out, scratch):
        self.out, self.folder = out, os.path.join(scratch, "changed")

    def check(self, name, codes, change, *options):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.out, self.folder)
        change(self.folder)
        code, report = merge(*options, self.folder)
        case(f"refused: {name}", code == 1 and report.get("verdict") == "refused" and report["codes"] == codes,
             str(report))

    def edit(self, name, codes, part, change):
        """The report of a part changed, and its hash made anew."""
        def apply(folder):
            changed = copy.deepcopy(message(folder, part))
            change(changed)
            write(os.path.join(folder, f"{part}.json"), seal_report(changed) + b"\n")
        self.check(name, codes, apply)


def refused(event, out, scratch):
    r = Refusals(out, scratch)
    path = lambda folder, part: os.path.join(folder, f"{part}.json")  # noqa: E731
    r.check("a part is missing", ["shard-missing"], lambda f: os.remove(path(f, 2)))
    r.check("a part twice", ["shard-twice"], lambda f: shutil.copy(path(f, 2), path(f, 4)))
    r.check("a part twice in place of another", ["shard-missing", "shard-twice"],
            lambda f: shutil.copy(path(f, 2), path(f, 3)))
    r.check("another number of parts", ["shard-count", "shard-missing"],
            lambda f: verify_part(event, path(f, 2), "2/2"))

    def grown(folder):
        other = os.path.join(scratch, "grown")
        shutil.copytree(event, other)
        with open(os.path.join(other, "north", "new.bel"), "wb") as file:
            file.write(b"")
        verify_part(other, path(folder, 2), "2/3")
    r.check("another set of archives", ["event-differs", "shard-missing"], grown)

    def cut(folder):
        with open(path(folder, 1), "rb+") as file:
            file.truncate(os.path.getsize(path(folder, 1)) // 2)
    r.check("a report cut in half", ["report-altered", "shard-missing"], cut)

    def altered(folder):
        with open(path(folder, 1), "rb") as file:
            text = file.read()
        write(path(folder, 1), text.replace(b'"ballots":20', b'"ballots":21', 1))
    r.check("a number altered", ["report-altered", "shard-missing"], altered)

    first = message(out, 1)["archives"][0]
    r.edit("an archive left out", ["archive-missing"], 1, lambda m: m["archives"].pop())
    r.edit("an archive in two parts", ["archive-twice"], 2, lambda m: m["archives"].append(first))
    r.edit("an archive that nobody saw in place of one", ["event-differs"], 1,
           lambda m: m["archives"][0].update(name="zzz.bel"))
    r.edit("an archive of another size", ["event-differs"], 1, lambda m: m["archives"][0].update(size=512))

    def exchanged(folder):
        a, b = message(folder, 1), message(folder, 2)
        a["archives"][0], b["archives"][0] = b["archives"][0], a["archives"][0]
        for part, m in ((1, a), (2, b)):
            write(path(folder, part), seal_report(m) + b"\n")
    r.check("archives in the wrong part", ["archive-shard"], exchanged)

    def emptied(listing):
        def apply(folder):
            for part in range(1, PARTS + 1):
                m = message(folder, part)
                m["archives"] = []
                m["listing"].update(listing)
                write(path(folder, part), seal_report(m) + b"\n")
        return apply
    r.check("no archive in any part", ["archive-missing"], emptied({}))
    none = {"archives": 0, "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    r.check("an event without any archive", ["report-shape"], emptied(none))
    r.edit("another version of the verifier", ["report-version", "shard-missing"], 1,
           lambda m: m.update(version="0.0.0"))
    bad = next(k for k in (1, 2, 3) if any(a["faults"] for a in message(out, k)["archives"]))

    def faulty(change):
        def apply(m):
            change(next(a for a in m["archives"] if a["faults"]))
        return apply
    for name, change in (
            ("a verdict that the faults do not give", lambda a: a.update(verdict="valid")),
            ("faults without their codes", lambda a: a.update(codes=[])),
            ("codes without their faults", lambda a: a.update(faults=[])),
            ("a negative number of checks", lambda a: a["checks"].update({"setup": -1})),
            ("more taken over than there is", lambda a: a["taken_over"].update(checks=10 ** 9)),
            ("a field too many", lambda a: a.update(more=1)),
            ("a hash that is none", lambda a: a.update(sha256="")),
            ("a result that is no number", lambda a: a.update(result=[["1"]]))):
        r.edit(name, ["report-shape", "shard-missing"], bad, faulty(change))
    good = next(k for k in (1, 2, 3) if any(a["verdict"] == "valid" for a in message(out, k)["archives"]))
    for name, change in (
            ("valid without its checks", {"checks": {}}),
            ("valid, and about no election", {"uuid": ""}),
            ("valid, and with more ballots than were checked", {"ballots": 10 ** 6})):
        r.edit(name, ["report-shape", "shard-missing"], good, lambda m, change=change: next(
            a for a in m["archives"] if a["verdict"] == "valid").update(change))
    r.edit("part 4 of 3", ["report-shape", "shard-missing"], 1, lambda m: m["shard"].update(number=4))
    code, report = merge(os.path.join(scratch, "no-such"))
    case("a report that cannot be read: no verdict", code == 2, str(report))
    empty = os.path.join(scratch, "empty")
    os.mkdir(empty)
    code, report = merge(empty)
    case("no report at all: no verdict", code == 2 and "no report" in report["error"], str(report))
    code, report = merge("--event", event, out)
    case("the event is as it was", code == 1 and report["verdict"] == "invalid", str(report))
    code, report = merge("--event", os.path.join(scratch, "grown"), out)
    case("refused: the event has grown since", code == 1 and report["codes"] == ["event-differs"], str(report))


def verify_part(event, report, shard, *options):
    run("tally/nep-verify", "archive", "--shard", shard, "--report", report, *options, event)


def old_reports(event, out, scratch):
    """A part that comes to no report leaves none from before."""
    report, state = os.path.join(scratch, "old.json"), os.path.join(scratch, "bad.state")
    shutil.copy(os.path.join(out, "2.json"), report)
    write(state, b"{}")
    code, answer = archive("--shard", f"2/{PARTS}", "--report", report, "--state", state, event)
    case("an old report is gone when its part could not be verified", code == 2 and state in answer["error"] and
         not os.path.exists(report), str(answer))


def report_over_something_else(scratch):
    """A wrong name behind --report must not cost an archive, a key or a state."""
    folder = make_event(os.path.join(scratch, "named"), bad=False)
    key, state = os.path.join(scratch, "own.key"), os.path.join(scratch, "own.state")
    run("client-cli/nep-admin", "keygen", "--out", key)
    archive(folder, "--state", state)
    archives = sorted(os.path.join(top, n) for top, _, names in os.walk(folder) for n in names if n.endswith(".bel"))
    for name, path, options in (("an archive of the event", archives[0], [folder]),
                                ("the first of several archives", archives[0], archives[1:]),
                                ("the key that signs", key, ["--key", key, folder]),
                                ("the state", state, [folder])):
        with open(path, "rb") as file:
            before = file.read()
        code, answer = archive("--report", path, *options)
        with open(path, "rb") as file:
            kept = file.read() == before
        case(f"refused: a report in place of {name}", code == 2 and kept and "no report of a part" in answer["error"],
             f"{code} {kept} {answer}")
    new = os.path.join(scratch, "both")
    code, answer = archive("--report", new, "--state", new, folder)
    case("refused: one file for report and state", code == 2 and not os.path.exists(new) and
         "need a file each" in answer["error"], str(answer))
    os.mkfifo(new)
    code, answer = archive("--report", new, folder)
    case("refused: a pipe that nobody reads as report", code == 2 and "no report of a part" in answer["error"], str(answer))
    shutil.move(new, os.path.join(folder, "pipe.casts"))
    shutil.copy(archives[0], os.path.join(folder, "pipe.bel"))
    code, answer = archive("--casts", folder)
    case("refused: a pipe in place of cast statements", code == 2 and "not a regular file" in answer["error"], str(answer))


def altered_afterwards(event, out, scratch):
    """Merge with --event looks at every byte, not at names and sizes alone."""
    altered = os.path.join(scratch, "altered")
    shutil.copytree(event, altered)
    path = os.path.join(altered, "north", "Ed25519-blank.bel")
    size = os.path.getsize(path)
    with open(path, "rb+") as file:
        file.seek(size // 2)
        byte = file.read(1)
        file.seek(size // 2)
        file.write(bytes([byte[0] ^ 1]))
    code, report = merge("--event", altered, out)
    case("refused: a byte in the middle of an archive is another than the one that was verified", code == 1 and
         [(f["code"], f["object"]) for f in report["faults"]] == [("event-differs", "north/Ed25519-blank.bel")],
         str(report))


def cut_back(scratch):
    """An archive that lost ballots, and by its new size belongs to another part."""
    event, out = os.path.join(scratch, "cut"), os.path.join(scratch, "cut-out")
    os.mkdir(event)
    long, other = os.path.join(event, "a.bel"), os.path.join(event, "b.bel")
    make_big(long, 30)
    make_big(other, 20)
    records, mtime = read_archive(long)

    def with_states():
        verify_part(event, os.path.join(out, "1.json"), "1/2", "--state", os.path.join(out, "1.state"))
        verify_part(event, os.path.join(out, "2.json"), "2/2", "--state", os.path.join(out, "2.state"))
        return merge("--event", event, out)
    os.mkdir(out)
    names = lambda part: [a["name"] for a in message(out, part)["archives"]]  # noqa: E731
    code, report = with_states()
    case("two archives in two parts, with states", code == 0 and names(1) == ["a.bel"], str(report))
    ballots = [i for i, (_, body) in enumerate(records) if b'"type":["Ballot"]' in body[:200]]
    write_archive(long, records[:ballots[9] + 1], mtime)
    code, report = with_states()
    case("cut back and now in the other part, whose state does not know it: archive-not-a-prefix",
         code == 1 and names(2) == ["a.bel"] and [(f["code"], f["object"]) for f in report["faults"]] ==
         [("archive-not-a-prefix", "a.bel")], str(report["faults"]))
    write_archive(long, records, mtime)
    write_archive(other, records, mtime)
    code, report = with_states()
    case("as long as before, nothing is wrong with it", not [f for f in report["faults"] if f["object"] == "a.bel"],
         str(report["faults"]))


def signed(event, scratch):
    keys = {}
    for name in ("one", "other"):
        key = os.path.join(scratch, "key-" + name)
        done = run("client-cli/nep-admin", "keygen", "--out", key)
        keys[name] = (key, done.stdout.strip())
    out = os.path.join(scratch, "signed")
    verify_parts(event, out, PARTS, "--key", keys["one"][0])
    envelope = read_json(os.path.join(out, "1.json"))
    public = envelope["key"]
    case("a signed report names the key of who signs", public in keys["one"][1] and
         set(envelope) == {"message", "key", "signature"}, str(keys["one"][1]))
    code, report = merge("--signer", public, out)
    case("signed parts are joined", code == 1 and report["verdict"] == "invalid", str(report))
    case("also when nobody asks whose", merge(out)[1] == report)
    for wrong in (public[:-1], public.upper(), "xyz"):
        code, answer = merge("--signer", wrong, out)
        case(f"refused: {wrong[:8]}… can be nobody's key", code == 2 and "--signer" in answer["error"], str(answer))
    r = Refusals(out, scratch)
    other = os.path.join(scratch, "other-report")
    verify_part(event, other, "2/3", "--key", keys["other"][0])
    its = read_json(other)["key"]
    replaced = lambda folder: shutil.copy(other, os.path.join(folder, "2.json"))  # noqa: E731
    r.check("signed by somebody else", ["report-signer", "shard-missing"], replaced, "--signer", public)
    shutil.rmtree(r.folder)
    shutil.copytree(out, r.folder)
    replaced(r.folder)
    case("unless both are named", merge("--signer", public, "--signer", its, r.folder)[1] == report)

    def without(folder):
        write(os.path.join(folder, "2.json"), seal_report(message(folder, 2)))
    r.check("not signed", ["report-signer", "shard-missing"], without, "--signer", public)

    def altered(folder):
        changed = read_json(os.path.join(folder, "2.json"))
        changed["message"]["archives"][0]["voted"] += 1
        write(os.path.join(folder, "2.json"), compact(changed))
    for options in ((), ("--signer", public)):
        r.check(f"altered after it was signed {options and 'and the signer named'}",
                ["report-altered", "shard-missing"], altered, *options)
    case("a hash is no signature", hash_of("NEP-1-shard-report", message(out, 1)) !=
         hash_of("NEP-1-unsigned-report", message(out, 1)))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        event = make_event(os.path.join(scratch, "event"))
        out = os.path.join(scratch, "out")
        joined(event, out)
        more_parts_than_archives(event, scratch)
        refused(event, out, scratch)
        old_reports(event, out, scratch)
        report_over_something_else(scratch)
        altered_afterwards(event, out, scratch)
        cut_back(scratch)
        signed(event, scratch)
        code, _ = archive(event)
        case("nothing of this has changed the event", code == 1)
    finish()


main()
