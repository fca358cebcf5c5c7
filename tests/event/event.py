#!/usr/bin/env python3
"""nep-verify archive over a whole event: the report is that of the single archives, whatever the number
of threads; and nothing is overlooked."""

import os
import pty
import shutil
import subprocess
import tempfile

from setting import (BAD, GOOD, VECTORS, VERIFY, archive, case, finish, make_big, make_event, negative, positive,
                     read_archive, run, write, write_archive)


def threads(folder):
    reports = {}
    for jobs in (1, 2, 5):
        reports[jobs] = run("tally/nep-verify", "archive", "--json", "--jobs", jobs, folder).stdout
    case("the report does not depend on the number of threads", reports[1] and len(set(reports.values())) == 1)
    other = run("tally/nep-verify", "archive", "--json", "--engine", "portable", folder).stdout
    case("nor on the engine", other == reports[1])
    texts = {run("tally/nep-verify", "archive", "--jobs", j, folder).stdout for j in (1, 2, 5)}
    case("nor does the text", len(texts) == 1 and "verdict: invalid" in texts.pop())


def of_the_archive(alone):
    """What a report says of one archive; what no archive shows is not said for each of an event's."""
    return [(key, value) for key, value in alone.items() if key != "elsewhere"]


def as_alone(folder):
    code, report = archive(folder)
    entries = {os.path.basename(e["name"])[:-4]: e for e in report["archives"]}
    case("every *.bel below the folder is in the report, sorted",
         sorted(entries) == sorted(GOOD + BAD) and
         [e["name"] for e in report["archives"]] == sorted((e["name"] for e in report["archives"]),
                                                          key=lambda n: n.encode()), str(entries.keys()))
    for name in GOOD + BAD:
        _, alone = archive(positive(name) if name in GOOD else negative(name))
        held = all(entries[name][key] == value for key, value in of_the_archive(alone))
        case(f"{name} is reported as it is alone", held and alone["verdict"] == entries[name]["verdict"])
    total = report["totals"]
    case("the totals are the sums",
         total["archives"] == len(entries) and total["valid"] == len(GOOD) + 1 and total["invalid"] == 3 and
         total["ballots"] == sum(e["ballots"] for e in entries.values()) and
         total["voted"] == sum(e["voted"] for e in entries.values()) > 0 and
         total["checks"] == sum(report["checks"].values()) ==
         sum(sum(e["checks"].values()) for e in entries.values()), str(total))
    case("one bad archive makes the event invalid, exit code 1", code == 1 and report["verdict"] == "invalid" and
         {"ballot-signature", "tally-mismatch", "archive-format"} <= set(report["codes"]), str(report["codes"]))


def all_negative(scratch):
    """All archives with one fault each: of one election, which is said, and with their own codes."""
    code, report = archive(os.path.join(VECTORS, "negative"))
    wrong = []
    for e in report["archives"]:
        _, alone = archive(os.path.join(VECTORS, "negative", e["name"]))
        if any(e[key] != value for key, value in of_the_archive(alone)):
            wrong.append(e["name"])
    case("each negative archive has the same findings in the event as alone",
         code == 1 and len(report["archives"]) > 40 and not wrong, str(wrong))
    case("an election that is there twice is a fault of the event", "election-twice" in report["codes"])
    twice = os.path.join(scratch, "twice")
    os.mkdir(twice)
    for name in ("a.bel", "b.bel"):
        shutil.copy(positive("Ed25519-single"), os.path.join(twice, name))
    code, report = archive(twice)
    case("even when both are valid", code == 1 and report["totals"]["valid"] == 2 and
         [f["object"] for f in report["faults"]] == ["b.bel"], str(report))


def what_is_given(scratch, good):
    code, report = archive(good)
    case("valid archives only: exit code 0", code == 0 and report["verdict"] == "valid", str(report))
    empty = os.path.join(scratch, "empty")
    os.mkdir(empty)
    code, report = archive(empty)
    case("an empty folder is an error and no verdict", code == 2 and "no *.bel" in report["error"], str(report))
    code, report = archive(os.path.join(scratch, "nowhere"))
    case("so is a folder that is not there", code == 2 and "error" in report)
    files = [positive(n) for n in GOOD]
    code, report = archive(*files)
    case("several files are an event", code == 0 and [e["name"] for e in report["archives"]] == sorted(files))
    code, report = archive(files[0], files[0])
    case("the same file twice is refused", code == 2 and "twice" in report["error"], str(report))
    code, report = archive(files[0], good)
    case("a folder among several files is refused", code == 2 and "one folder" in report["error"], str(report))
    for option, value in (("--shard", "1/2"), ("--shard", "0/2"), ("--shard", "3/2"), ("--shard", "1/2x"),
                          ("--shard", "1"), ("--key", "x")):
        more = ["--report", os.path.join(scratch, "r")] if value != "1/2" and option == "--shard" else []
        code, report = archive(option, value, *more, good)
        case(f"{option} {value} {'with' if more else 'without'} --report is refused", code == 2 and "error" in report)


def unreadable(scratch):
    code, report = archive("--report", os.path.join(scratch, "nowhere", "r"), positive("Ed25519-single"))
    case("a report that cannot be written is an error before the work", code == 2 and "nowhere" in report["error"])
    folder = make_event(os.path.join(scratch, "unreadable"), bad=False)
    link = os.path.join(folder, "gone.bel")
    os.symlink(os.path.join(scratch, "nowhere.bel"), link)
    code, report = archive(folder)
    case("an archive that cannot be opened: no verdict", code == 2 and "gone.bel" in report["error"], str(report))
    os.remove(link)
    write(link, b"")
    code, report = archive(folder)
    case("an empty file is a bad archive", code == 1 and report["codes"] == ["archive-format"] and
         report["totals"]["valid"] == len(GOOD), str(report["codes"]))


def earlier(scratch):
    now = make_event(os.path.join(scratch, "now"), bad=False)
    before = os.path.join(scratch, "before")
    shutil.copytree(now, before)
    code, report = archive("--earlier", before, now)
    case("an earlier copy of the event", code == 0 and
         report["checks"]["earlier copy is a prefix"] == len(GOOD), str(report["codes"]))
    path = os.path.join(before, "north", "Ed25519-blank.bel")
    records, mtime = read_archive(path)
    write_archive(path, records[:-1] + [("0" * 64 + ".event.json", b"{}")], mtime)
    shutil.copy(path, os.path.join(before, "removed.bel"))
    code, report = archive("--earlier", before, now)
    case("of which an archive differs, and one is gone", code == 1 and
         report["codes"] == ["archive-missing", "archive-not-a-prefix"], str(report["codes"]))
    code, report = archive("--earlier", path, now)
    case("an earlier file for a folder is refused", code == 2 and "--earlier" in report["error"])


def on_a_terminal(folder):
    """What a person sees while it runs; nothing when nobody looks."""
    done = run("tally/nep-verify", "archive", folder)
    case("no progress when standard error is no terminal", done.stderr == "", done.stderr)
    master, slave = pty.openpty()
    child = subprocess.Popen([VERIFY, "archive", folder], stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    child.wait()
    text = shown.decode()
    case("progress on a terminal, with rate and time left", "bytes" in text and "/s" in text and "left" in text,
         repr(text[-200:]))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = make_event(os.path.join(scratch, "event"))
        as_alone(folder)
        all_negative(scratch)
        what_is_given(scratch, make_event(os.path.join(scratch, "good"), bad=False))
        unreadable(scratch)
        earlier(scratch)
        make_big(os.path.join(folder, "big.bel"), 150)
        threads(folder)
        make_big(os.path.join(folder, "bigger.bel"), 600)
        on_a_terminal(folder)
    finish()


main()
