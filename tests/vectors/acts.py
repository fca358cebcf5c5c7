"""nep-verify acts: what officials, observers, auditors and mirrors signed beside an archive, held against
it and the trust file by anybody. Each kind of fault is named, and what was not given is not "valid". An
archive without any of it is valid by itself, and says what it does not show."""

import hashlib
import json
import os
import tempfile

from cases import VECTORS, case, compact, finish, read_archive, run, verify
from offline import Election, Failed, must

VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (0, [[0, 1, 0], [1, 0]])]


def acts(election, files, casts=None, archive=None, trust=None):
    """Exit code and report."""
    done = run("tally/nep-verify", "acts", "--json", "--trust", trust or election.trust,
               *(["--casts", casts] if casts else []), *files, archive or election.bel)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def freeze_act(election, name, out):
    """An official's own tool signs what a server publishes."""
    records, _ = read_archive(election.bel)
    names = {n[:64]: b for n, b in records}
    setup = next(json.loads(b) for n, b in records if b.startswith(b'{"election":'))
    options = []
    for kind in ("election", "trustees", "credentials"):
        path = election.path("published-" + kind)
        with open(path, "wb") as file:
            file.write(names[setup[kind]])
        options += ["--definition" if kind == "election" else "--" + kind, path]
    return run("tally/nep-tally", "act", "freeze", "--uuid", election.uuid, *options, "--trust", election.trust,
               "--key", election.signers[name], "--name", name, "--out", out)


def freeze_acts(election):
    files = []
    for name in election.OFFICIALS:
        files.append(election.new("freeze"))
        done = freeze_act(election, name, files[-1])
        if done.returncode != 0:
            raise Failed(done.stderr)
    return files


def small(election):
    """Trustees would decrypt nothing that is voted with it."""
    before, out = election.trust, election.new("freeze")
    election.pin("many", minimum=4)
    done = freeze_act(election, election.OFFICIALS[0], out)
    election.trust = before
    case("nobody signs a list of fewer credentials than the trust file's minimum",
         done.returncode == 1 and "[too-few-credentials]" in done.stderr and not os.path.exists(out), done.stderr)


def verdict(election, key="Kiểm toán", **changed):
    records, _ = read_archive(election.bel)
    setup = next(json.loads(b) for n, b in records if b.startswith(b'{"election":'))
    trust = open(election.trust, "rb").read().strip()
    counts = {"registrations": 4, "persons": 3, "replaced": 1, "refused": 0, "credentials": 3}
    return election.sign("NEP-1-registry-verdict", {
        "uuid": election.uuid, "event": "bau-cu", "trust": hashlib.sha256(b"NEP-1-trust\0" + trust).hexdigest(),
        "export": "0" * 64, "credentials": setup["credentials"], "counts": counts,
        "time": "2026-01-01T00:00:00Z", **changed}, election.signers[key])


def message_of(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["message"]


def whole(election, freeze, tally, mirror, casts):
    judged = verdict(election)
    files = [*freeze, judged, mirror, *tally]
    code, report = acts(election, files, casts)
    checks = report.get("checks", {})
    case("everything that was signed holds, and each check is counted",
         code == 0 and report["verdict"] == "valid" and report["not_checked"] == [] and
         checks["freeze acts"] == 2 and checks["tally acts"] == 3 and
         checks["countersignatures of the EndBallots head"] == 1 and checks["verdict on the registry"] == 1 and
         checks["form of statements"] == len(VOTES), str(report))
    joined = election.path("joined")
    with open(joined, "wb") as file:
        file.write(compact([json.load(open(f, encoding="utf-8")) for f in files]))
    code, report = acts(election, [joined], casts)
    case("an array of them, as a server gives it, says the same", code == 0 and report["verdict"] == "valid", str(report))
    done = run("tally/nep-verify", "acts", "--trust", election.trust, "--casts", casts, *files, election.bel)
    case("the report for people ends with the verdict", done.returncode == 0 and
         done.stdout.endswith("verdict: valid\n") and "tally acts" in done.stdout, done.stdout + done.stderr)
    given = {"freeze acts": freeze, "verdict": [judged], "countersignatures": [mirror], "tally acts": tally}
    for kind, left_out in given.items():
        code, report = acts(election, [f for f in files if f not in left_out], casts)
        case(f"without {kind} the record is incomplete, and says so",
             code == 1 and report["verdict"] == "incomplete" and report["codes"] == [] and
             len(report["not_checked"]) == 1 and report["not_checked"][0].startswith(kind + ":"), str(report))
    code, report = acts(election, files)
    case("without cast statements the record is incomplete, and says so",
         code == 1 and report["verdict"] == "incomplete" and report["not_checked"][0].startswith("cast statements:"),
         str(report))
    code, report = acts(election, [])
    case("nothing given is nothing checked", code == 1 and len(report["not_checked"]) == 5, str(report))
    return files


def faults(election, freeze, tally, mirror, casts):
    judged = verdict(election)

    def found(name, code, files, **options):
        got, report = acts(election, files, options.pop("casts", casts), **options)
        case(name, got == 1 and report.get("verdict") == "invalid" and code in report["codes"], str(report))

    key = election.signers
    observer, official = message_of(tally[-1]), message_of(freeze[0])
    found("a24 an observer is missing", "too-few-acts", [*freeze, judged, mirror, *tally[:2]])
    found("a25 one official is not enough", "too-few-acts", [freeze[0], judged, mirror, *tally])
    found("a25 one official twice is not two", "too-few-acts", [freeze[0], freeze[0], judged, mirror, *tally])
    found("a25 a freeze act of a stranger", "not-pinned",
          [*freeze, election.sign("NEP-1-freeze", official, key["Người lạ"]), judged, mirror, *tally])
    found("a25 a freeze act over another list", "freeze-act",
          [freeze[0], election.sign("NEP-1-freeze", dict(official, credentials_hash="0" * 64), key["Chủ tịch"]),
           judged, mirror, *tally])
    found("a24 a tally act over another tally", "tally-act",
          [*freeze, judged, mirror, *tally[:2],
           election.sign("NEP-1-tally-act", dict(observer, tally_hash="0" * 64), key["Quan sát viên"])])
    found("a24 a tally act with another end of voting", "tally-act",
          [*freeze, judged, mirror, *tally[:2],
           election.sign("NEP-1-tally-act", dict(observer, closes="2026-01-01T00:00:00Z"), key["Quan sát viên"])])
    found("a9 an act signed for another purpose", "signature",
          [*freeze, judged, mirror, *tally[:2], election.sign("NEP-1-freeze", observer, key["Quan sát viên"])])
    found("a countersignature of another head", "countersignature",
          [*freeze, judged, election.sign("NEP-1-countersignature", dict(message_of(mirror), size=512), key["Bản sao"]),
           *tally])
    found("a countersignature of an unknown mirror", "not-pinned",
          [*freeze, judged, election.sign("NEP-1-countersignature", message_of(mirror), key["Người lạ"]), *tally])
    counts = message_of(judged)["counts"]
    for name, code, changed in (
            ("by somebody else", "verdict-signer", {"key": "Thư ký"}),
            ("on another election", "verdict-election", {"uuid": "22222222222222"}),
            ("under another trust file", "verdict-trust", {"trust": "0" * 64}),
            ("on another list", "verdict-list", {"credentials": "0" * 64}),
            ("with other numbers", "verdict-counts", {"counts": dict(counts, credentials=2)})):
        found("a verdict " + name, code, [*freeze, verdict(election, **changed), mirror, *tally])
    strict = election.trust
    election.pin("strict", mirrors=2)
    found("fewer mirrors than the trust file asks for, and acts under another one", "too-few-countersignatures",
          [*freeze, judged, mirror, *tally])
    election.trust = strict
    short = election.path("short.casts")
    with open(casts, "rb") as file, open(short, "wb") as out:
        out.write(file.read()[:1024])
    found("a23 a statement is missing", "casts-missing", [*freeze, judged, mirror, *tally], casts=short)
    found("a file that holds no statements at all", "archive-format", [*freeze, judged, mirror, *tally],
          casts=election.bel)
    done = run("tally/nep-verify", "acts", "--trust", election.trust, election.trust, election.bel)
    case("a file of another kind is refused", done.returncode == 1 and "[unknown-file]" in done.stderr, done.stderr)
    broken = election.path("broken.bel")
    with open(election.bel, "rb") as file, open(broken, "wb") as out:
        data = file.read()
        at = data.index(b'"challenge":"') + 13
        out.write(data[:at] + (b"1" if data[at:at + 1] != b"1" else b"2") + data[at + 1:])
    code, report = acts(election, [*freeze, judged, mirror, *tally], casts, archive=broken)
    case("a8 acts do not make a broken archive valid", code == 1 and "refused" in report.get("error", ""), str(report))


def early(election):
    """Before the end of the vote only the setup is asked for."""
    freeze, judged = freeze_acts(election), verdict(election)
    election.vote(VOTES)
    casts = election.casts()
    code, report = acts(election, [*freeze, judged], casts)
    case("while the vote is open neither tally acts nor countersignatures are asked for",
         code == 0 and report["verdict"] == "valid", str(report))
    return freeze


def archive_alone(election):
    for path in (election.bel, os.path.join(VECTORS, "positive", "Ed25519-revote-weights-two", "election.bel")):
        code, report = verify(path)
        said = {e["what"]: e["command"] for e in report["elsewhere"]}
        case("an archive alone is valid, and says where the rest is checked",
             code == 0 and report["not_checked"] == [] and len(said) >= 4 and
             all(c.startswith("nep-") for c in said.values()) and
             any("order" in w for w in said) and any("acts" in c for c in said.values()), str(report))
    done = run("tally/nep-verify", "archive", election.bel)
    case("the report for people says so too", "not in an archive, and not checked here" in done.stdout and
         "nep-verify casts" in done.stdout and "\nverdict: valid" in done.stdout, done.stdout)


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519")
    freeze = early(election)
    small(election)
    election.close()
    tally, mirror, casts = election.signed[1::2], election.held[3], election.held[1]
    whole(election, freeze, tally, mirror, casts)
    faults(election, freeze, tally, mirror, casts)
    archive_alone(election)


with tempfile.TemporaryDirectory() as temporary:
    try:
        main(temporary)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
