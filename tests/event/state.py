#!/usr/bin/env python3
"""--state: a verification that was killed goes on and gives the same report; a later one proves only what
is new; and no state makes a bad archive pass."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from setting import (BAD, VERIFY, archive, case, finish, header, make_big, make_event, negative, positive,
                     read_archive, read_json, seal_state, without_taken, write, write_archive)

BALLOTS = 900


def kill_after_note(state, *arguments):
    """Starts a verification and kills it when it has noted some ballots; the slower engine leaves time for it."""
    child = subprocess.Popen([VERIFY, "archive", "--json", "--state", state, *arguments],
                             stdout=subprocess.DEVNULL, env={**os.environ, "NEP_ENGINE": "portable"})
    while child.poll() is None:
        if os.path.exists(state) and any(a["ballots"] for a in read_json(state)["state"]["archives"].values()):
            break
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    return child.wait() == -signal.SIGKILL


def killed(scratch, big):
    code, fresh = archive(big)
    state = os.path.join(scratch, "killed.state")
    case("a verification is killed in the middle", code == 0 and kill_after_note(state, big))
    noted = read_json(state)["state"]["archives"][""]
    case("after it has noted some of the ballots", 0 < noted["ballots"] < BALLOTS, str(noted))
    code, report = archive("--state", os.path.join(scratch, "nowhere", "state"), big)
    case("a state that cannot be written is an error before the work", code == 2 and "nowhere" in report["error"])
    case("in a file of its owner's alone", os.stat(state).st_mode & 0o777 == 0o600)
    _, resumed = archive("--state", state, big)
    case("the resumed one gives the same report", without_taken(resumed) == without_taken(fresh))
    case("and says how many ballots it has not proved again", resumed["taken_over"]["ballots"] == noted["ballots"]
         and 0 < resumed["taken_over"]["checks"] < sum(resumed["checks"].values()) and
         fresh["taken_over"] == {"ballots": 0, "checks": 0}, str(resumed["taken_over"]))
    for jobs in (1, 5):
        _, again = archive("--state", state, "--jobs", jobs, big)
        case(f"all of them the next time, {jobs} threads", without_taken(again) == without_taken(fresh) and
             again["taken_over"]["ballots"] == BALLOTS, str(again["taken_over"]))
    text = subprocess.run([VERIFY, "archive", "--state", state, big], capture_output=True, text=True).stdout
    case("the text says it, too", f"run by an earlier verification, on {BALLOTS} ballots" in text)
    return state


def prefix_of(big, path, ballots):
    """The archive as it was after so many ballots."""
    records, mtime = read_archive(big)
    seen = kept = 0
    for kept, (_, body) in enumerate(records, 1):
        seen += body.startswith(b'{"parent"') and b'"type":["Ballot"]' in body
        if seen == ballots:
            break
    write_archive(path, records[:kept], mtime)
    return path


def another_response(ballot):
    """The ballot with the last digit of its first response changed."""
    end = ballot.index(b'"', ballot.index(b'"response":"') + len(b'"response":"'))
    digit = b"%d" % ((int(ballot[end - 1:end]) + 1) % 10)
    return ballot[:end - 1] + digit + ballot[end:]


def grown(scratch, big):
    """Verified on Monday, and again with what has come since."""
    monday = prefix_of(big, os.path.join(scratch, "monday.bel"), 300)
    state = os.path.join(scratch, "monday.state")
    code, report = archive("--state", state, monday)
    case("the first days' ballots", code == 0 and report["checks"]["ballot signatures"] == 300)
    kept = os.path.join(scratch, "kept.state")
    shutil.copy(state, kept)
    code, report = archive("--state", state, "--earlier", monday, big)
    case("later only what is new is proved", code == 0 and report["taken_over"]["ballots"] == 300 and
         report["checks"]["ballot signatures"] == BALLOTS and report["checks"]["earlier copy is a prefix"] == 1,
         str(report["taken_over"]))
    records, mtime = read_archive(big)
    ballots = [i for i, (_, body) in enumerate(records) if body.startswith(b'{"message"')]
    name, body = records[ballots[500]]
    bad = os.path.join(scratch, "bad.bel")
    write_archive(bad, records[:ballots[500]] + [(name, another_response(body))] + records[ballots[500] + 1:], mtime)
    shutil.copy(kept, state)
    code, report = archive("--state", state, bad)
    _, fresh = archive(bad)
    case("a bad ballot among the new ones is found", code == 1 and report["taken_over"]["ballots"] == 300 and
         without_taken(report) == without_taken(fresh) and "archive-hash" in report["codes"], str(report["codes"]))
    return monday, kept


def with_faults(scratch):
    """Ballots with a fault or warning are always verified again."""
    for name in ("ciphertext-tampered", "identity-alpha-beta", "ballot-replayed", "choice-missing"):
        state = os.path.join(scratch, name + ".state")
        _, fresh = archive("--state", state, negative(name))
        _, again = archive("--state", state, negative(name))
        case(f"{name}: the same findings, from the state", without_taken(again) == without_taken(fresh) and
             (fresh["codes"] or fresh["warnings"]) and again["taken_over"]["ballots"] > 0,
             str(again["codes"]))


def not_this_archive(scratch, big, monday, kept):
    """A state of other bytes: nothing is taken over, it is a fault, and the state stays as it was."""
    records, mtime = read_archive(big)
    changed = os.path.join(scratch, "changed.bel")
    first = next(i for i, (_, body) in enumerate(records) if body.startswith(b'{"message"'))
    write_archive(changed, records[:first] + records[first + 2:], mtime)
    short = prefix_of(big, os.path.join(scratch, "short.bel"), 200)
    forged = os.path.join(scratch, "forged.bel")
    name, body = records[first]
    write_archive(forged, records[:first] + [(name, body.replace(b'"response":"1', b'"response":"2', 1))] +
                  records[first + 1:], mtime)
    for what, path in (("of another archive", positive("Ed25519-single")), ("of which a ballot was removed", changed),
                       ("that became shorter", short), ("in which a verified ballot was altered", forged)):
        state = os.path.join(scratch, "other.state")
        shutil.copy(kept, state)
        code, report = archive("--state", state, path)
        case(f"a state and an archive {what}: archive-not-a-prefix", code == 1 and
             "archive-not-a-prefix" in report["codes"] and report["taken_over"]["checks"] == 0, str(report["codes"]))
        with open(state, "rb") as a, open(kept, "rb") as b:
            case("its notes stay as they were", a.read() == b.read())
    code, report = archive("--state", kept, monday)
    case("its own archive passes", code == 0 and report["taken_over"]["ballots"] == 300)


def refused_states(scratch, big, kept):
    with open(kept, "rb") as file:
        text = file.read()
    good = json.loads(text)["state"]
    path = os.path.join(scratch, "refused.state")

    def check(name, data, mode=0o600, *arguments):
        write(path, data)
        os.chmod(path, mode)
        code, report = archive("--state", path, *(arguments or (big,)))
        case(f"a state is refused: {name}", code == 2 and path in report["error"], str(report)[:300])
        os.chmod(path, 0o600)

    check("one number altered", text.replace(b'"ballots":300', b'"ballots":900'))
    check("cut off", text[:-20])
    check("empty", b"")
    check("others can read it", text, 0o644)
    if os.geteuid() == 0:  # nobody else can give a file away, nor open one of another user's alone
        write(path, text)
        os.chown(path, 65534, -1)
        code, report = archive("--state", path, big)
        case("a state is refused: of another user", code == 2 and "[file-owner]" in report["error"],
             str(report)[:300])
        os.remove(path)
    check("of another version", seal_state({**good, "version": "0.0.0"}))
    check("of one archive for an event", text, 0o600, os.path.dirname(big))
    entry = good["archives"][""]
    for name, change in (("ballots that are not in order", {"again": [3, 2]}), ("a ballot beyond the last", {"again": [301]}),
                         ("a hash that is none", {"sha256": "x"}), ("no bytes", {"bytes": 0}), ("a field too many", {"x": 1})):
        check(name, seal_state({**good, "archives": {"": {**entry, **change}}}))
    records, _ = read_archive(big)
    length = 512 * 3 + len(header("x", 0, 0))
    with open(big, "rb") as file:
        start = file.read(length)
    lying = {**entry, "bytes": length, "sha256": hashlib.sha256(start).hexdigest(), "ballots": len(records)}
    write(path, seal_state({**good, "archives": {"": lying}}))
    code, report = archive("--state", path, big)
    case("a state whose bytes end inside an event gives no verdict", code == 2 and "error" in report, str(report)[:300])


def whole_event(scratch, big):
    event = make_event(os.path.join(scratch, "event"))
    shutil.copy(big, os.path.join(event, "south", "big.bel"))
    state = os.path.join(scratch, "event.state")
    _, fresh = archive(event)
    case("an event's verification is killed", kill_after_note(state, event))
    _, resumed = archive("--state", state, event)
    case("the resumed one gives the same report", without_taken(resumed) == without_taken(fresh))
    case("and has taken something over", resumed["taken_over"]["ballots"] > 0, str(resumed["taken_over"]))
    _, again = archive("--state", state, event)
    done = [a for a in again["archives"] if a["taken_over"]["checks"] == sum(a["checks"].values())]
    case("archives that are finished and unchanged are not verified again",
         without_taken(again) == without_taken(fresh) and len(done) >= len(again["archives"]) - 1, str(len(done)))
    path = os.path.join(event, "north", "Ed25519-blank.bel")
    shutil.copy(path, os.path.join(scratch, "blank.bel"))
    with open(path, "rb+") as file:
        file.seek(4000)
        byte = file.read(1)
        file.seek(4000)
        file.write(bytes([byte[0] ^ 1]))
    code, report = archive("--state", state, event)
    entry = next(a for a in report["archives"] if a["name"] == "north/Ed25519-blank.bel")
    case("one that was changed afterwards, its end as it was, is verified and found", code == 1 and
         "archive-not-a-prefix" in entry["codes"] and entry["taken_over"]["checks"] == 0, str(entry["codes"]))
    os.remove(path)
    code, report = archive("--state", state, event)
    case("one that is gone is a fault of the event", {"code": "archive-missing", "object": "north/Ed25519-blank.bel",
         "reason": "it was verified before and is no longer there"} in report["faults"], str(report["faults"]))
    shutil.copy(os.path.join(scratch, "blank.bel"), path)
    shutil.copy(negative(BAD[0]), os.path.join(event, "north", "new.bel"))
    code, report = archive("--state", state, event)
    new = next(a for a in report["archives"] if a["name"] == "north/new.bel")
    case("a new one is verified", new["codes"] and new["taken_over"]["checks"] == 0, str(new["codes"]))
    code, report = archive("--shard", "1/2", "--report", os.path.join(scratch, "r"), "--state", state, event)
    case("the state of the whole is refused for a part", code == 2 and "another kind of run" in report["error"])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        os.mkdir(os.path.join(scratch, "one"))
        big = os.path.join(scratch, "one", "big.bel")
        make_big(big, BALLOTS)
        killed(scratch, big)
        monday, kept = grown(scratch, big)
        with_faults(scratch)
        not_this_archive(scratch, big, monday, kept)
        refused_states(scratch, big, kept)
        whole_event(scratch, big)
    finish()


main()
