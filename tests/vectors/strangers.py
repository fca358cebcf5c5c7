"""Files that strangers wrote: nothing in them steers the terminal, what only passes a limit of this verifier
accuses nobody, and none takes more memory than its size allows."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from cases import BUILD, VECTORS, case, compact, finish, name_of, read_archive, run, verify, write_archive
from offline import Election

SINGLE = os.path.join(VECTORS, "positive", "Ed25519-single", "election.bel")
# Moves to the line's beginning, says something else, and hides the rest; C1 and a change of direction.
STEERING = "x\" ok\x1b[2K\rverdict: valid\x1b[8m\u009b2K\u202e"
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]")


def setup_of(**changes):
    """Definition, trustees and credentials of a vector, and the time; each changed by a function."""
    records, mtime = read_archive(SINGLE)
    parts = {"election": records[0][1], "trustees": records[1][1], "credentials": records[2][1]}
    for name, change in changes.items():
        parts[name] = change(parts[name])
    return parts, mtime


def archive_of(path, **changes):
    """An archive of this setup alone."""
    parts, mtime = setup_of(**changes)
    bodies = list(parts.values())
    hashes = [name_of(body, "data")[:64] for body in bodies]
    setup = compact(dict(zip(parts, hashes)))
    event = compact({"height": 0, "type": ["Setup"], "payload": name_of(setup, "data")[:64]})
    write_archive(path, [(name_of(b, "data"), b) for b in [*bodies, setup]] + [(name_of(event, "event"), event)], mtime)
    return path


def with_member(**members):
    def change(body):
        return compact({**json.loads(body), **members})
    return change


def in_question(text):
    """Text that comes into the first question: a number's spelling has to stay as it is."""
    def change(body):
        return body.replace(b'}}],"uuid"', b'},"extra":' + text + b'}],"uuid"', 1)
    return change


def with_weight(weight):
    def change(body):
        return compact([{**c, "weight": weight if i == 0 else 1} for i, c in enumerate(json.loads(body))])
    return change


def terminal(folder):
    hostile = archive_of(os.path.join(folder, "hostile.bel"), election=with_member(group=STEERING))
    for command in (("archive",), ("casts", SINGLE), ("challenge", SINGLE), ("challenges", SINGLE), ("acts",)):
        done = run("tally/nep-verify", *command, hostile)
        said = done.stdout + done.stderr
        case(f"verify_{command[0]}_of_a_hostile_archive_steers_no_terminal",
             done.returncode in (1, 2) and said and not STEERS.search(said), repr(said))
    election = Election(os.path.join(folder, "honest"), "Ed25519", voters=1)
    parts, _ = setup_of(election=with_member(name=STEERING))
    for name, body in parts.items():
        with open(election.path("part-" + name), "wb") as file:
            file.write(body)
    uuid = json.loads(parts["election"])["uuid"]
    done = run("tally/nep-tally", "act", "freeze", "--uuid", uuid, "--definition", election.path("part-election"),
               "--trustees", election.path("part-trustees"), "--credentials", election.path("part-credentials"),
               "--trust", election.trust, "--key", election.signers["Thư ký"], "--name", "Thư ký",
               "--out", election.path("act"))
    case("who_signs_a_freeze_sees_the_name_without_what_steers",
         "verdict: valid" in done.stdout and not STEERS.search(done.stdout), f"{done.stdout!r} {done.stderr}")
    key = {name: path + ".public" for name, path in election.signers.items()}
    done = run("tally/nep-tally", "trust", "--event", "bau-cu", "--issuer", "https://id.example.vn/\u009b2K\u202e",
               "--audience", "nep\u202e", "--audit", election.path("audit"), "--audit-signer",
               f"K\u202et={key['Kiểm toán']}", "--official", f"T\u009bk={key['Thư ký']}", "--observer",
               f"Q={key['Quan sát viên']}", "--mirror", f"M={key['Bản sao']}", "--receipts", key["receipts"],
               "--out", election.path("other-trust"))
    case("a_trust_file_is_shown_without_what_steers",
         done.returncode == 0 and not STEERS.search(done.stdout + done.stderr), repr(done.stdout + done.stderr))


def names_of_files(folder):
    """A file's name is as much a stranger's as what is in it; JSON keeps it, in escapes."""
    event = os.path.join(folder, "event")
    os.mkdir(event)
    name = "a\u009b31m\u202eX.bel"
    shutil.copy(SINGLE, os.path.join(event, name))
    shutil.copy(SINGLE, os.path.join(event, "b.bel"))
    for options in ([], ["--json"], ["--json", "--report", os.path.join(folder, "report")]):
        done = run("tally/nep-verify", "archive", *options, event)
        case("a_file_name_steers_no_terminal" + "".join(o for o in options if o.startswith("--")), done.returncode == 1 and
             not STEERS.search(done.stdout + done.stderr), repr(done.stdout + done.stderr))
    for options in ([], ["--json"]):
        done = run("tally/nep-verify", "merge", *options, os.path.join(folder, "report"))
        case("nor_does_it_in_a_report_that_is_joined" + "".join(options), done.returncode == 1 and
             not STEERS.search(done.stdout + done.stderr), repr(done.stdout + done.stderr))
    case("json_means_the_same_name", name in [a["name"] for a in json.loads(done.stdout)["archives"]], done.stdout)


def limits(folder):
    """protocol.md allows these; this verifier checks no such thing, and says so."""
    many = with_member(description="x" * (1 << 20))
    for name, changes in (("a_weight_above_the_limit", {"credentials": with_weight(1000000001)}),
                          ("another_version", {"election": with_member(version=3)}),
                          ("a_number_that_is_no_integer", {"election": in_question(b"0.1")}),
                          ("a_long_definition", {"election": many})):
        path = archive_of(os.path.join(folder, name + ".bel"), **changes)
        code, report = verify(path)
        case(f"{name}_is_not_valid", code == 1 and report["codes"], str(report))
        done = run("tally/nep-verify", "dispute", "--json", "--published", path)
        said = json.loads(done.stdout)
        case(f"{name}_accuses_nobody", done.returncode == 0 and "archive-unchecked" in done.stdout, str(said))
    path = archive_of(os.path.join(folder, "broken.bel"), credentials=with_weight(-1))
    done = run("tally/nep-verify", "dispute", "--json", "--published", path)
    case("a_weight_below_zero_does", done.returncode == 1 and "record-invalid" in done.stdout, done.stdout)


MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.stdout, done.stderr)
"""


def measured(folder, name, listed, mtime):
    """Exit code, peak memory in KiB and report of nep-verify for an archive of these records."""
    path = os.path.join(folder, f"long-{name}.bel")
    write_archive(path, listed, mtime)
    done = subprocess.run([sys.executable, "-c", MEASURE, os.path.join(BUILD, "tally/nep-verify"), "archive", "--json",
                           path], capture_output=True, text=True, timeout=300)
    code, peak, said = done.stdout.split(" ", 2)
    return int(code), int(peak), said


def memory(folder):
    """What is as long as no event and no few hashes can be is not parsed: it takes no more than a record of
    any other kind."""
    records, mtime = read_archive(SINGLE)
    zeros = b"[" + b"0," * (4 << 20) + b"0]}"
    event = b'{"height":0,"type":["Setup"],"payload":' + zeros
    payload = b'{"election":' + zeros
    pointing = compact({"height": 0, "type": ["Setup"], "payload": name_of(payload, "data")[:64]})
    _, usual, _ = measured(folder, "record", [*records[:3], (name_of(payload, "data"), payload)], mtime)
    for name, last in (("event", [(name_of(event, "event"), event)]),
                       ("payload", [(name_of(payload, "data"), payload), (name_of(pointing, "event"), pointing)])):
        code, peak, said = measured(folder, name, records[:3] + last, mtime)
        case(f"a_setup_whose_{name}_has_8_MB_is_refused", code == 1 and '"archive-' in said, said)
        case(f"and_its_{name}_is_not_parsed", peak < 2 * usual, f"{peak} KiB where another record takes {usual}")


def ceremony(folder):
    names = os.path.join(folder, "context.json")
    for group, most in (("RFC-3526-2048", 30), ("Ed25519", 170)):
        for threshold in (most, most + 1):
            done = run("tally/nep-trustee", "dkg", "context", "--group", group, "--threshold", threshold,
                       *[o for i in range(threshold + 1) for o in ("--name", f"T{i}")], "--out", names)
            held = done.returncode == 0 if threshold == most else \
                done.returncode == 1 and "[threshold-context]" in done.stderr and f"at most {most}" in done.stderr
            case(f"a_threshold_of_{threshold}_in_{group}", held, done.stderr)
            if os.path.exists(names):
                os.remove(names)


def secrets(folder):
    """What others may read is no secret: a choice like a credential."""
    election = Election(os.path.join(folder, "secrets"), "Ed25519", voters=1)
    for mode, wanted in ((0o644, 1), (0o600, 0)):
        path = election.path(f"choice-{mode:o}")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump([[1, 0, 0], [0, 1]], file)
        os.chmod(path, mode)
        done = run("tally/nep-tally", "ballot", election.bel, "--credential-file", election.credential_file(0),
                   "--choice-file", path, "--out", election.path(f"ballot-{mode:o}"))
        case(f"a_choice_with_mode_{mode:o}", done.returncode == wanted and ("[file-mode]" in done.stderr) == (wanted == 1),
             f"{done.returncode} {done.stderr}")


def halves(folder):
    """A secret is not left behind when what belongs to it cannot be written."""
    uuid, out = "11111111111111", os.path.join(folder, "credentials")
    os.makedirs(out)
    with open(os.path.join(out, uuid + ".pubcreds"), "w", encoding="ascii") as file:
        file.write("mine\n")
    done = run("tally/nep-tally", "credentials", "--group", "Ed25519", "--uuid", uuid, "--count", 2, "--out", out)
    case("credentials_beside_an_existing_list_are_refused", done.returncode == 1 and "[file-exists]" in done.stderr,
         f"{done.returncode} {done.stderr}")
    case("and_leave_no_secret", os.listdir(out) == [uuid + ".pubcreds"], str(os.listdir(out)))


with tempfile.TemporaryDirectory() as scratch:
    for group_of_cases in (terminal, names_of_files, limits, memory, ceremony, secrets, halves):
        group_of_cases(scratch)
finish()
