"""A24: trustees decrypt one tally of an election, the one that officials and observers signed for. Each
way to have another one decrypted is refused by the trustee's own tool, and nothing is written."""

import base64
import datetime
import json
import os
import subprocess
import tempfile

from cases import case, compact, finish, read_archive, verify, write_archive
from offline import Election, Failed, must

VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (2, [[0, 1, 0], [1, 0]])]


def says(done):
    return f"{done.returncode} {done.stdout}{done.stderr}"


def refused(name, election, *words, **options):
    """No share, no line in the journal, and the reason is the planned one."""
    out, journal = election.path("refused-share"), election.path("journal-1")
    before = open(journal, "rb").read() if os.path.exists(journal) else None
    done = election.decrypt(1, out=out, **options)
    after = open(journal, "rb").read() if os.path.exists(journal) else None
    case(name, done.returncode == 1 and not os.path.exists(out) and before == after and
         all(w in done.stdout + done.stderr for w in words), says(done))


def ending(election, name, ballots):
    """Another archive with the same setup and these ballots, closed and tallied: valid by itself."""
    records, mtime = read_archive(election.bel)
    first = next(i for i, (n, b) in enumerate(records) if n.endswith(".event.json"))
    path = election.path(name)
    write_archive(path, records[:first + 1], mtime)
    if ballots:
        must("tally/nep-tally", "cast", path, *[election.path(f"ballot-{i}") for i in ballots])
    must("tally/nep-tally", "close", path)
    must("tally/nep-tally", "compute", path)
    return path


def other_archives(election):
    for name, ballots in {"truncated": [0, 1], "re-ordered": [2, 1, 0], "one-ballot": [1],
                          "empty": []}.items():
        path = ending(election, name + ".bel", ballots)
        code, report = verify(path)
        case(f"a24_{name}: the archive itself is valid", code == 0, str(report))
        refused(f"a24_{name}_archive_differs_from_the_act", election, "the act names", archive=path)
        refused(f"a24_{name}_archive_without_acts", election, "0 of", archive=path, acts=[])


def minimum(election):
    path = ending(election, "alone.bel", [1])
    done, out = election.act("Thư ký", path)
    case("a24_nobody_signs_a_tally_of_one_voter", done.returncode == 1 and
         not os.path.exists(out) and "1 ballots count" in done.stderr, says(done))
    strict = election.trust
    election.pin("lenient", minimum=1)
    acts = election.sign_tally(path)
    lenient, election.trust = election.trust, strict
    # Acts name the trust file: those made under a laxer one are worth nothing.
    refused("a24_acts_under_another_trust_file", election, "trust", archive=path, acts=acts)
    refused("a24_another_trust_file_does_not_fit_the_acts", election, "trust", trust=lenient)
    election.pin("many", minimum=4)
    many, election.trust = election.trust, strict
    done, _ = election.act("Thư ký", trust=many)
    case("a24_below_the_minimum_is_not_signed", done.returncode == 1 and "asks for 4" in done.stderr,
         says(done))


def signatures(election):
    acts = election.signed
    refused("a24_one_official_is_missing", election, "official", acts=acts[2:])
    refused("a24_the_observer_is_missing", election, "observer", acts=acts[:4])
    refused("a24_one_official_twice", election, "official", acts=acts[:2] + acts[:2] + acts[4:])
    text = json.load(open(acts[1], encoding="utf-8"))
    text["message"]["closes"] = "2020-01-01T00:00:00Z"
    forged = election.path("forged-act")
    with open(forged, "wb") as file:
        file.write(compact(text))
    refused("a24_a_forged_act", election, "signature", acts=["--act", forged] + acts[2:])
    done, _ = election.act("Thư ký", key="Người lạ")
    case("a24_a_key_that_is_not_pinned_signs_nothing", done.returncode == 1, says(done))
    done, _ = election.act("Chủ tịch", key="Thư ký")
    case("a24_nobody_signs_in_another_name", done.returncode == 1 and "Thư ký" in done.stderr, says(done))


def too_early(election):
    later = (datetime.datetime.now(datetime.timezone.utc) +
             datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    done, _ = election.act("Thư ký", closes=later)
    case("a24_nobody_signs_before_the_end_of_voting", done.returncode == 1 and later in done.stderr,
         says(done))
    # Dishonest signers: the tool's own check replaced by a signature made elsewhere.
    options = []
    for path in election.signed[1::2]:
        with open(path, encoding="utf-8") as file:
            message = json.load(file)["message"]
        message["closes"] = later
        options += ["--act", resign(election, path, message)]
    refused("a24_early_tally", election, later, acts=options)


def resign(election, path, message):
    """Signs with openssl under the key that signed the file."""
    with open(path, encoding="utf-8") as file:
        public = json.load(file)["key"]
    key = next(k for k in election.signers.values() if open(k + ".public", encoding="ascii").read().strip() == public)
    seed = base64.b64decode(open(key, encoding="ascii").read().split()[1] + "=")
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    pem, data = election.path("pem"), election.path("to-sign")
    with open(pem, "w", encoding="ascii") as file:
        file.write("-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der).decode() +
                   "\n-----END PRIVATE KEY-----\n")
    with open(data, "wb") as file:
        file.write(b"NEP-1-tally-act\0" + compact(message))
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", pem, "-in", data],
                               capture_output=True, check=True).stdout
    with open(path + "-again", "wb") as file:
        file.write(compact({"message": message, "key": public,
                            "signature": base64.b64encode(signature).decode().rstrip("=")}))
    return path + "-again"


def second(election):
    journal = election.path("journal-1")
    done = election.decrypt(1)
    lines = open(journal, encoding="utf-8").read().splitlines()
    case("the tally that was signed for is decrypted, and stands in the journal",
         done.returncode == 0 and len(lines) == 1 and
         json.loads(lines[0])["uuid"] == election.uuid and
         os.stat(journal).st_mode & 0o777 == 0o600, says(done))
    other = ending(election, "second.bel", [0, 2])
    acts = election.sign_tally(other)  # all signers are dishonest
    refused("a24_second_tally", election, "another tally", archive=other, acts=acts)
    done = election.decrypt(1, out=election.path("again"))
    lines = open(journal, encoding="utf-8").read().splitlines()
    case("a lost share of the same tally is made again, without a second line",
         done.returncode == 0 and len(lines) == 1, says(done))
    for name, damage in {"cut off": lambda t: t[:-5], "altered": lambda t: t.replace(b"uuid", b"uuie"),
                         "with an empty line": lambda t: t + b"\n"}.items():
        broken = election.path("broken")
        with open(broken, "wb") as file:
            file.write(damage(open(journal, "rb").read()))
        done = election.decrypt(1, out=election.path("no"), journal=broken)
        case(f"a24_a_journal_{name}_is_refused", done.returncode == 1 and
             not os.path.exists(election.path("no")) and "journal" in done.stderr, says(done))
    done = election.decrypt(1, out=election.path("no"), journal=election.path("missing", "journal"))
    case("a journal that cannot be written stops the decryption",
         done.returncode == 2 and not os.path.exists(election.path("no")), says(done))


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519")
    election.vote(VOTES)
    election.close()
    other_archives(election)
    minimum(election)
    signatures(election)
    too_early(election)
    second(election)


with tempfile.TemporaryDirectory() as temporary:
    try:
        main(temporary)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
