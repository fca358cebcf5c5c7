#!/usr/bin/env python3
"""scripts/verify-event.sh: an event in parts with GNU parallel; a killed part is found and redone."""

import os
import shutil
import tempfile

from setting import (BALLOTS_OF_SECONDS, SOURCE, VERIFY, archive, case, command, finish, killing_verifier,
                     make_big, make_event, merge, negative, read_json, run, without_taken)

SCRIPT = os.path.join(SOURCE, "scripts", "verify-event.sh")


def parts_run(out):
    """Part numbers in parallel's log, with their exit codes and signals."""
    with open(os.path.join(out, "parallel.log"), encoding="utf-8") as file:
        rows = [line.split("\t") for line in file.read().splitlines()[1:]]
    return [(int(row[0]), row[6], row[7]) for row in rows]


def several_machines(event, scratch):
    """As with --sshlogin, whose ssh starts in another folder; all names are relative to the one we stand in."""
    ssh = os.path.join(scratch, "ssh")
    with open(os.open(ssh, os.O_WRONLY | os.O_CREAT, 0o755), "w", encoding="utf-8") as file:
        file.write("""#!/bin/sh
while [ "$1" != -- ]; do shift; done
shift
cd / && exec sh -c "$*"
""")
    done = command("env", "-C", scratch, "bash", SCRIPT, "-n", 2, "-p", "--sshlogin far", os.path.basename(event),
                   "out of far", NEP_VERIFY=os.path.relpath(VERIFY, scratch), PARALLEL_SSH=ssh)
    out = os.path.join(scratch, "out of far")
    case("relative names hold on other machines, too", done.returncode == 0 and "verdict: valid" in done.stdout and
         sorted(parts_run(out)) == [(1, "0", "0"), (2, "0", "0")], done.stdout[-300:] + done.stderr)
    with open(os.path.join(out, "parallel.log"), encoding="utf-8") as file:
        case("where the parts ran", [row.split("\t")[1] for row in file][1:] == ["far", "far"])


def other_number(event, scratch):
    """Reports and states are of one number of parts."""
    out = os.path.join(scratch, "other number")
    names = lambda: sorted(os.listdir(out))  # noqa: E731

    def run_in(parts, *options):
        return command("bash", SCRIPT, *options, "-n", parts, event, out, NEP_VERIFY=VERIFY)

    def check(what):
        before, done = names(), run_in(4)
        case(f"another number of parts is refused {what}", done.returncode == 2 and names() == before and
             "was begun with 3 parts; give -n 3, or another OUT, or -a for all again" in done.stderr, done.stderr)
    run_in(3)
    check("over reports and states")
    for name in ("parallel.log", "part-1.json", "part-2.json", "part-3.json"):
        os.remove(os.path.join(out, name))
    check("over states alone")
    case("and the right one goes on", run_in(3).returncode == 0 and merge(out)[1]["taken_over"]["ballots"] > 0)
    for part in (1, 2, 3):
        os.remove(os.path.join(out, f"part-{part}.state"))
    check("over reports alone")
    for parts in (4, 2):
        done = run_in(parts, "-a")
        case(f"with -a {parts} parts take the place of others", done.returncode == 0 and "valid" in done.stdout and
             [n for n in names() if n.endswith(".json")] == [f"part-{k + 1}.json" for k in range(parts)],
             done.stdout[-300:] + done.stderr)


def signed(event, scratch):
    """Who may sign the reports is demanded with -s."""
    out, key, nobody = os.path.join(scratch, "signed"), os.path.join(scratch, "key"), "0" * 64
    run("client-cli/nep-admin", "keygen", "--out", key)

    def with_signers(*keys):
        options = [word for k in keys for word in ("-s", k)]
        return command("bash", SCRIPT, "-n", 2, *options, event, out, "--key", key, NEP_VERIFY=VERIFY)
    with_signers()
    public = read_json(os.path.join(out, "part-1.json"))["key"]
    for what, code, keys in (("the key that signs", 0, [public]), ("one of two", 0, [nobody, public]),
                             ("another key", 1, [nobody])):
        done = with_signers(*keys)
        case(f"reports must be signed: {what}", done.returncode == code and
             ("report-signer" in done.stdout) == (code == 1), done.stdout[-300:] + done.stderr)


def refused(event, scratch):
    """Nothing is done, and the message says why and what to do."""
    out = os.path.join(scratch, "refused")

    def says(what, words, *arguments):
        done = command("bash", SCRIPT, *arguments, NEP_VERIFY=VERIFY)
        case(f"refused: {what}", done.returncode == 2 and all(w in done.stderr for w in words) and
             not os.path.exists(out), f"{done.returncode}\n{done.stderr}")
    says("no folder for the reports", ["usage:"], event)
    says("no event", ["usage:"], "", out)
    for number in ("0", "x", "-1", "", "03", "100001"):
        says(f"-n '{number}'", [f"-n {number}:", "whole number from 1 to 100000", "leave -n out"], "-n", number,
             event, out)
    for key in ("", "ab", "G" * 64):
        says(f"-s '{key}'", [f"-s {key}:", "64 hexadecimal digits"], "-s", key, event, out)
    for option in ("--shard", "--report=x", "--state", "--jobs=2", "--repo", "--st=x"):
        says(f"{option}, which the script sets", [f"{option}:", "leave it out"], event, out, "--casts", option, "x")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        event = make_event(os.path.join(scratch, "the event"))
        make_big(os.path.join(event, "big.bel"), BALLOTS_OF_SECONDS)
        _, fresh = archive(event)
        out, mark = os.path.join(scratch, "the reports"), os.path.join(scratch, "mark")
        verifier = killing_verifier(os.path.join(scratch, "verifier"), 1, mark)
        first = command("bash", SCRIPT, "-n", 3, "-p", "--jobs 2", event, out, NEP_VERIFY=verifier)
        with open(os.path.join(mark, "status"), encoding="ascii") as file:
            case("a part is killed in the middle", file.read() == "137\n")
        case("the others are not joined without it", first.returncode == 1 and "shard-missing" in first.stdout and
             "part 1 of 3" in first.stdout and "refused" in first.stdout, first.stdout + first.stderr)
        case("parallel has noted the part that failed",
             sorted(p[0] for p in parts_run(out) if p[1:] != ("0", "0")) == [1], str(parts_run(out)))
        second = command("bash", SCRIPT, "-n", 3, event, out, NEP_VERIFY=verifier)
        case("called again, it redoes this part and no other", second.returncode == 1 and
             sorted(p[0] for p in parts_run(out)) in ([1, 1, 2, 3], [1, 2, 3]), str(parts_run(out)))
        code, report = merge(out)
        case("the report is that of one process", code == 1 and without_taken(report) == without_taken(fresh) and
             "verdict: invalid" in second.stdout, second.stdout[-300:] + second.stderr)
        case("the part went on where it was killed", report["taken_over"]["ballots"] > 0, str(report["taken_over"]))
        os.remove(os.path.join(out, "part-2.json"))
        lost = command("bash", SCRIPT, "-n", 3, event, out, NEP_VERIFY=VERIFY)
        case("a part whose report is gone is redone, and no other", lost.returncode == 1 and
             [p[0] for p in parts_run(out)][-1] == 2 and sorted(p[0] for p in parts_run(out))[-3:] == [1, 2, 3] and
             without_taken(merge(out)[1]) == without_taken(fresh), str(parts_run(out)) + lost.stdout[-300:])
        shutil.copy(negative("sum-out-of-range"), os.path.join(event, "new.bel"))
        third = command("bash", SCRIPT, "-n", 3, event, out, NEP_VERIFY=VERIFY)
        case("when the event has grown, old reports are not passed off as its own", third.returncode == 1 and
             "event-differs" in third.stdout, third.stdout[-300:])
        fourth = command("bash", SCRIPT, "-a", "-n", 3, event, out, NEP_VERIFY=VERIFY)
        _, fresh = archive(event)
        case("with -a all parts are done again", fourth.returncode == 1 and
             without_taken(merge(out)[1]) == without_taken(fresh), fourth.stdout[-300:] + fourth.stderr)
        case("from their states", merge(out)[1]["taken_over"]["ballots"] > 0)
        killer = killing_verifier(os.path.join(scratch, "killer"), 2, os.path.join(scratch, "another mark"))
        fifth = command("bash", SCRIPT, "-a", "-n", 3, event, out, NEP_VERIFY=killer)
        case("with -a no old report stands for a part that was killed", fifth.returncode == 1 and
             "shard-missing" in fifth.stdout and "part 2 of 3" in fifth.stdout, fifth.stdout + fifth.stderr)
        good = make_event(os.path.join(scratch, "good"), bad=False)
        done = command("bash", SCRIPT, good, os.path.join(scratch, "good-out"), NEP_VERIFY=VERIFY)
        case("a valid event: exit code 0", done.returncode == 0 and "verdict: valid" in done.stdout,
             done.stdout[-300:] + done.stderr)
        failed = command("bash", SCRIPT, "-p", "--no-such-option", good, os.path.join(scratch, "good-out"),
                         NEP_VERIFY=VERIFY)
        case("when parallel fails, old reports make no success of it", failed.returncode == 2 and
             "verdict: valid" in failed.stdout and "parallel ended with" in failed.stderr,
             failed.stdout[-300:] + failed.stderr)
        other_number(good, scratch)
        signed(good, scratch)
        several_machines(good, scratch)
        refused(good, scratch)
    finish()


main()
