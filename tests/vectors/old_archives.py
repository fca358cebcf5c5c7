"""Archives that another implementation made, long before anything stood beside them: they verify as they did, the
report names what no archive shows by itself, and each command that checks an addition says clearly that it is not
there. Nothing that is missing accuses anybody."""

import json
import os
import tempfile

from cases import VECTORS, case, compact, finish, header, read_archive, run, verify
from offline import Election, Failed

BESIDE = ("order of each voter's ballots", "who was registered", "who signed", "mirrors", "a voter's ballot")


def judged(command, *arguments):
    done = run("tally/nep-verify", command, "--json", *arguments)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def no_statements(folder, name, path):
    """A casts file without a statement, and none at all."""
    records, time = read_archive(path)
    uuid = json.loads(records[0][1])["uuid"]
    empty, body = os.path.join(folder, name + ".casts"), compact({"version": 1, "timestamp": time, "uuid": uuid})
    with open(empty, "wb") as file:
        file.write(header("NEP-CASTS", len(body), time) + body + bytes(-len(body) % 512))
    code, report = judged("casts", empty, path)
    said = run("tally/nep-verify", "casts", empty, path).stdout
    case(f"{name}: without statements the first ballot that lacks one is named",
         code == 1 and report["codes"] == ["casts-missing"] and "casts-missing: ballot 1 (tracker " in said, said)
    done = run("tally/nep-verify", "casts", path, path)
    case(f"{name}: an archive is no casts file", done.returncode == 1 and "NEP-CASTS" in done.stderr, done.stderr)


def archive(folder, name, trust):
    path = os.path.join(VECTORS, "positive", name, "election.bel")
    code, report = verify(path)
    said = [e["what"] for e in report["elsewhere"]]
    case(f"{name}: valid, and the report says what could not be checked",
         code == 0 and report["verdict"] == "valid" and all(any(b in w for w in said) for b in BESIDE), str(report))
    no_statements(folder, name, path)
    code, report = judged("acts", "--trust", trust, path)
    missing = " ".join(str(n) for n in report.get("not_checked", []))
    case(f"{name}: without acts the verdict is incomplete, not valid and not invalid",
         code == 1 and report.get("verdict") == "incomplete" and report["codes"] == [] and
         all(word in missing for word in ("freeze", "verdict", "countersign", "tally", "statement")), str(report))
    for option in ((), ("--published",)):
        code, report = judged("dispute", *option, path)
        case(f"{name}: the archive alone{' as published' if option else ''} accuses nobody",
             code == 0 and report["verdict"] == "nothing-shown" and not report["shown"], str(report))


with tempfile.TemporaryDirectory() as temporary:
    try:
        pinned = Election(os.path.join(temporary, "a"), "Ed25519").trust
        for old in sorted(os.listdir(os.path.join(VECTORS, "positive"))):
            if old.endswith("lists-nh"):  # not supported: vectors.py
                continue
            # The group makes no difference here, and that of the integers takes long: one of them, unless there is time.
            if old.startswith("Ed25519-") or old == "BELENIOS-2048-threshold" or os.environ.get("NEP_TEST_LONG"):
                archive(temporary, old, pinned)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
