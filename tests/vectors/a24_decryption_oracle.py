"""A24: trustees decrypt one tally of an election, the one that officials and observers signed for, with
every voter's ballots in their order (A23), after an end of the vote that mirrors have countersigned. Each
way to have another one decrypted is refused by the trustee's own tool, and nothing is written. Where it
helps the attack, everybody but the one who is tested is dishonest."""

import datetime
import json
import os
import shutil
import tempfile

from cases import case, compact, finish, read_archive, run, verify, write_archive
from offline import Election, Failed, must, public_of
from record_files import casts_of

# The first voter votes again at the end: ballots 0 and 3.
VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (2, [[0, 1, 0], [1, 0]]), (0, [[0, 1, 0], [0, 1]])]


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
    for name, ballots in {"truncated": [0, 1], "re-ordered": [2, 1, 0, 3], "one-ballot": [1],
                          "empty": []}.items():
        path = ending(election, name + ".bel", ballots)
        code, report = verify(path)
        case(f"a24_{name}: the archive itself is valid", code == 0, str(report))
        beside = ["--casts", election.casts(path), "--countersignature", election.countersign(path)]
        refused(f"a24_{name}_archive_differs_from_the_act", election, "it names", "tally-act", archive=path,
                beside=beside)
        refused(f"a24_{name}_archive_without_acts", election, "too-few-acts", archive=path, acts=[],
                beside=beside)
        refused(f"a24_{name}_archive_does_not_fit_the_statements", election, "casts-", archive=path)


# ---- the mirrors ----

def mirrors(election):
    casts, signed = election.held[:2], election.held[3]
    refused("a24_no_mirror_countersigned", election, "too-few-countersignatures", beside=casts)
    done, out = election.act("Thư ký", beside=casts)
    case("a24_nobody_signs_what_no_mirror_countersigned", done.returncode == 1 and not os.path.exists(out)
         and "too-few-countersignatures" in done.stderr, says(done))

    # Everybody has signed for a truncated archive, its statements fit, and only the mirror is honest.
    cut = ending(election, "cut.bel", [0, 1])
    fitting = ["--casts", election.casts(cut)]
    acts = election.sign_tally(cut, beside=fitting + ["--countersignature", election.countersign(cut)])
    for name, words, options in (
            ("a24_truncated_archive_without_a_countersignature", ["too-few-countersignatures"], []),
            ("a24_truncated_archive_with_that_of_the_whole_one", ["[countersignature]"],
             ["--countersignature", signed])):
        refused(name, election, *words, archive=cut, acts=acts, beside=fitting + options)
    done, out = election.act("Thư ký", cut, beside=fitting + ["--countersignature", signed])
    case("a24_nobody_signs_a_truncated_archive_that_no_mirror_has_seen", done.returncode == 1 and
         not os.path.exists(out) and "[countersignature]" in done.stderr, says(done))

    message = json.load(open(signed, encoding="utf-8"))["message"]
    foreign = resign(election, signed, message, "NEP-1-countersignature", election.signers["Người lạ"])
    head = resign(election, signed, message, "NEP-1-head")
    mirror = election.signers["Bản sao"]
    for name, words, files in (
            ("a24_countersignature_of_an_unknown_mirror", ["not-pinned"], [foreign]),
            ("a24_one_unknown_mirror_beside_a_known_one", ["not-pinned", "[1]"], [signed, foreign]),
            ("a24_an_official_is_no_mirror", ["not-pinned"],
             [resign(election, signed, message, "NEP-1-countersignature", election.signers["Thư ký"])]),
            ("a24_a_signed_head_is_no_countersignature", ["signature"], [head]),
            *[(f"a24_countersignature_of_another_{field}", ["[countersignature]", field],
               [resign(election, signed, dict(message, **{field: value}), "NEP-1-countersignature", mirror)])
              for field, value in (("uuid", "22222222222222"), ("height", message["height"] - 1),
                                   ("event", "0" * 64), ("size", message["size"] + 512))]):
        refused(name, election, *words, beside=casts + [o for f in files for o in ("--countersignature", f)])


def two_mirrors(election):
    """How many must countersign says the pinned trust file, not who hands over files."""
    one, strict = election.trust, "two-mirrors"
    casts, first = election.held[:2], election.held[2:]
    election.pin(strict, mirrors=2)
    second = ["--countersignature", election.countersign(name="Bản sao khác")]
    done, _ = election.act("Thư ký", beside=casts + first)
    case("a24_one_mirror_of_two_needed_is_not_enough_to_sign", done.returncode == 1 and
         "too-few-countersignatures" in done.stderr, says(done))
    acts = election.sign_tally(beside=casts + first + second)
    for name, options in (("one", first), ("the_same_twice", first + first)):
        refused(f"a24_{name}_mirror_of_two_needed", election, "1 of", "too-few-countersignatures", acts=acts,
                beside=casts + options)
    done = election.decrypt(1, acts=acts, beside=casts + first + second, journal=election.path("other-journal"),
                            out=election.path("two-mirrors-share"))
    case("two mirrors of two needed are enough", done.returncode == 0, says(done))
    election.trust = one


# ---- the statements ----

def join(path, uuid, mtime, statements):
    """A casts file with these statements in this order, whatever they say."""
    first = compact({"version": 1, "timestamp": mtime, "uuid": uuid})
    with open(path, "wb") as file:
        file.write(casts_of(("NEP-CASTS", first), statements))
    return path


def statements(election):
    acts, signed = election.signed, election.held[2:]
    out = election.path("no-casts-share")
    done = run("tally/nep-trustee", "decrypt", "--archive", election.bel, *election.keys[0], "--trust",
               election.trust, *acts, *signed, "--journal", election.path("journal-1"), "--out", out)
    case("a23_no_file_of_statements", done.returncode == 2 and "--casts" in done.stderr and
         not os.path.exists(out), says(done))
    refused("a23_a_file_that_is_an_archive_instead", election, "NEP-CASTS", beside=["--casts", election.bel, *signed])

    _, mtime = read_archive(election.bel)
    texts = [open(p, "rb").read().strip() for p in election.statements]
    path = election.path("changed.casts")
    for name, code, listed in (("one_is_missing", "casts-missing", texts[:-1]),
                               ("one_too_many", "casts-extra", texts + texts[-1:]),
                               ("two_are_swapped", "casts-statement", [texts[1], texts[0], *texts[2:]]),
                               ("none", "casts-missing", [])):
        refused(f"a23_statements_{name}", election, code,
                beside=["--casts", join(path, election.uuid, mtime, listed), *signed])
    refused("a23_statements_of_another_election", election, "NEP-CASTS",
            beside=["--casts", join(path, "22222222222222", mtime, texts), *signed])

    # A server that put the first voter's older ballot after the newer one: only the statements show it.
    turned = ending(election, "turned.bel", [3, 1, 2, 0])
    beside = ["--casts", join(election.path("turned.casts"), election.uuid, mtime, [texts[i] for i in (3, 1, 2, 0)]),
              "--countersignature", election.countersign(turned)]
    code, report = verify(turned)
    case("a23_an_older_ballot_after_a_newer_one: the archive itself is valid", code == 0, str(report))
    # Dishonest signers: their own tool refuses, so they sign elsewhere.
    done, unsigned = election.act("Thư ký", turned, beside=beside)
    case("a23_nobody_signs_an_older_ballot_after_a_newer_one", done.returncode == 1 and
         not os.path.exists(unsigned) and "casts-order" in done.stderr, says(done))
    acts = sign_elsewhere(election, turned)
    refused("a23_an_older_ballot_after_a_newer_one", election, "casts-order", archive=turned, acts=acts, beside=beside)
    done = run("tally/nep-tally", "casts", turned, *election.statements, "--out", election.path("never.casts"))
    case("a23_nep_tally_casts_makes_no_such_file", done.returncode == 1 and "casts-order" in done.stderr and
         not os.path.exists(election.path("never.casts")), says(done))


def sign_elsewhere(election, archive):
    """Tally acts for an archive that the signers' own tool refuses to sign."""
    records, _ = read_archive(archive)
    events = [(n, json.loads(b)) for n, b in records if n.endswith(".event.json")]
    at = {e["type"][0]: (n[:64], e) for n, e in events}
    sized = json.loads(next(b for n, b in records if n[:64] == at["EncryptedTally"][1]["payload"]))
    options = []
    for path in election.signed[1::2]:
        with open(path, encoding="utf-8") as file:
            message = json.load(file)["message"]
        message.update(end_ballots=at["EndBallots"][0], tally_hash=sized["encrypted_tally"])
        options += ["--act", resign(election, path, message)]
    return options


# ---- the acts ----


def minimum(election):
    path = ending(election, "alone.bel", [1])
    beside = election.beside(path)
    done, out = election.act("Thư ký", path, beside=beside)
    case("a24_nobody_signs_a_tally_of_one_voter", done.returncode == 1 and
         not os.path.exists(out) and "1 ballots count" in done.stderr, says(done))
    strict = election.trust
    election.pin("lenient", minimum=1)
    acts = election.sign_tally(path, beside=beside)
    lenient, election.trust = election.trust, strict
    # Acts name the trust file: those made under a laxer one are worth nothing.
    refused("a24_acts_under_another_trust_file", election, "[tally-act]", archive=path, acts=acts,
            beside=beside)
    refused("a24_another_trust_file_does_not_fit_the_acts", election, "[tally-act]", trust=lenient)
    election.pin("many", minimum=4)
    many, election.trust = election.trust, strict
    done, _ = election.act("Thư ký", trust=many, beside=election.held)
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
    done, _ = election.act("Thư ký", key="Người lạ", beside=election.held)
    case("a24_a_key_that_is_not_pinned_signs_nothing", done.returncode == 1, says(done))
    done, _ = election.act("Chủ tịch", key="Thư ký", beside=election.held)
    case("a24_nobody_signs_in_another_name", done.returncode == 1 and "Thư ký" in done.stderr, says(done))


def too_early(election):
    later = (datetime.datetime.now(datetime.timezone.utc) +
             datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    done, _ = election.act("Thư ký", closes=later, beside=election.held)
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


def resign(election, path, message, tag="NEP-1-tally-act", key=None):
    """Signs a message with openssl, under the key that signed the file unless another is named."""
    with open(path, encoding="utf-8") as file:
        public = json.load(file)["key"]
    return election.sign(tag, message, key or next(k for k in election.signers.values() if public_of(k) == public))


def second(election):
    journal = election.path("journal-1")
    done = election.decrypt(1)
    lines = open(journal, encoding="utf-8").read().splitlines()
    case("the tally that was signed for is decrypted, and stands in the journal",
         done.returncode == 0 and len(lines) == 1 and
         json.loads(lines[0])["uuid"] == election.uuid and
         os.stat(journal).st_mode & 0o777 == 0o600, says(done))
    other = ending(election, "second.bel", [0, 2])
    beside = election.beside(other)  # all signers and mirrors are dishonest
    acts = election.sign_tally(other, beside=beside)
    refused("a24_second_tally", election, "another tally", archive=other, acts=acts, beside=beside)
    done = election.decrypt(1, out=election.path("again"))
    lines = open(journal, encoding="utf-8").read().splitlines()
    case("a lost share of the same tally is made again, without a second line",
         done.returncode == 0 and len(lines) == 1, says(done))
    for name, damage in {"cut off": lambda t: t[:-5], "altered": lambda t: t.replace(b"uuid", b"uuie"),
                         "with an empty line": lambda t: t + b"\n"}.items():
        broken = election.path("broken")
        shutil.copy(journal, broken)
        with open(broken, "wb") as file:
            file.write(damage(open(journal, "rb").read()))
        done = election.decrypt(1, out=election.path("no"), journal=broken)
        case(f"a24_a_journal_{name}_is_refused", done.returncode == 1 and
             not os.path.exists(election.path("no")) and "journal" in done.stderr, says(done))
    done = election.decrypt(1, out=election.path("no"), journal="-")
    case("a24_a_journal_on_standard_input_is_refused", done.returncode == 1 and "[journal]" in done.stderr and
         not os.path.exists("-") and not os.path.exists(election.path("no")), says(done))
    others = election.path("journal-of-others")
    shutil.copy(journal, others)
    os.chmod(others, 0o644)
    done = election.decrypt(1, out=election.path("no"), journal=others)
    case("a24_a_journal_that_others_can_read_is_refused", done.returncode != 0 and "[file-mode]" in done.stderr and
         not os.path.exists(election.path("no")), says(done))
    if os.geteuid() == 0:  # nobody else can give a file away, nor open one of another user's alone
        os.chmod(others, 0o600)
        os.chown(others, 65534, -1)
        done = election.decrypt(1, out=election.path("no"), journal=others)
        case("a24_a_journal_of_another_user_is_refused", done.returncode != 0 and "[file-owner]" in done.stderr and
             not os.path.exists(election.path("no")), says(done))
    done = election.decrypt(1, out=election.path("no"), journal=election.path("missing", "journal"))
    case("a journal that cannot be written stops the decryption",
         done.returncode == 2 and not os.path.exists(election.path("no")), says(done))


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519")
    election.vote(VOTES)
    election.close()
    other_archives(election)
    mirrors(election)
    two_mirrors(election)
    statements(election)
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
