"""A2 with a really malicious trustee: it casts the very last counted ballot, made such that a decryption
factor which is one vote off passes the archive's own proof. Archive and independent verifier accept the
false result; the second proof beside the archive shows the lie to nep-tally combine, to nep-verify acts
and to the server (tests/unit/server/test_service_tally.c). And what the file of second proofs is."""

import json
import os
import shutil
import tempfile

from cases import case, compact, finish, oracle, run, verify
from offline import Election, Failed

QUESTIONS = [{"type": "Homomorphic", "value": {"answers": ["An", "Bình", "Cường"], "blank": False, "min": 0,
                                               "max": 2, "question": "Chọn"}}]
HONEST, LIE = [[3, 0, 1]], [[3, 1, 1]]  # nobody votes for Bình; the liar's vote is for An


def read(path):
    with open(path, "rb") as file:
        return file.read()


def says(done):
    return f"{done.returncode} {done.stdout}{done.stderr}"


def liar(*arguments):
    done = run("tests/vectors/liar", *arguments)
    if done.returncode != 0:
        raise Failed("liar: " + done.stderr)
    return done.stdout.strip()


def vote(election):
    """Two voters, then the liar, who is trustee 1."""
    election.vote([(0, [[1, 0, 1]]), (1, [[1, 0, 0]])])
    state, path = election.path("state"), election.path("last")
    with open(path, "w", encoding="utf-8") as file:
        file.write(liar("ballot", election.bel, election.credential_file(2), 1, 1, state))
    election.statement(2, path)
    done = run("tally/nep-tally", "cast", election.bel, path)
    case("the liar's ballot is a valid ballot", done.returncode == 0, says(done))
    election.close()
    return state


def share_file(election, share, **changed):
    path = election.new("share")
    with open(path, "wb") as file:
        file.write(compact({k: v for k, v in {**share, **changed}.items() if v is not None}))
    return path


def acts(election, archive, *files):
    done = run("tally/nep-verify", "acts", "--json", "--trust", election.trust, *files, archive)
    return json.loads(done.stdout) if done.stdout else {"verdict": done.stderr, "codes": [], "not_checked": []}


def copied(election, name):
    path = election.path(name)
    shutil.copy(election.bel, path)
    return path


def combine(archive, *arguments):
    return run("tally/nep-tally", "combine", archive, *arguments)


def lies(election, honest, false, other):
    """Every second proof that the liar can offer for its false factor."""
    first = json.loads(false["decryption"])
    proof, true_proof = json.loads(false["proof"]), json.loads(honest["proof"])
    relabelled = dict(true_proof, decryption=proof["decryption"])
    reused = json.loads(false["proof"])
    reused["proofs"][0][1] = first["message"][0][1]["proof"]
    texts = {
        "none": (None, "decryption-proof-missing"),
        "made with its key for the false factor": (false["proof"], "decryption-proof"),
        "that of its true decryption": (honest["proof"], "decryption-proof-other"),
        "that of its true decryption under the false one's name": (compact(relabelled).decode(), "decryption-proof"),
        "the archive's proof used again": (compact(reused).decode(), "decryption-proof"),
        "the other trustee's": (other["proof"], "decryption-proof-other"),
        "an empty one": ("", "shape"),
        "no JSON": ("{", "decryption-proof-parse"),
    }
    before = read(election.bel)
    for name, (text, code) in texts.items():
        done = combine(election.bel, share_file(election, false, proof=text), election.path("share-2.json"))
        case("a2 a shifted share is refused, its second proof being " + name,
             done.returncode == 1 and f"({code})" in done.stdout and "missing   trustee 1 (trustee 1)" in done.stdout,
             says(done))
    case("a2 and the archive is as it was, with nothing beside it",
         read(election.bel) == before and not os.path.exists(election.path("election.proofs")))
    done = combine(election.bel, "--accept-unproven", share_file(election, false), election.path("share-2.json"))
    case("a2 a wrong second proof is refused even where none is asked for",
         done.returncode == 1 and "(decryption-proof)" in done.stdout, says(done))


def archive_alone(election, false, proofs):
    """What somebody without our tools sees, and what nep-verify acts says to it."""
    path = copied(election, "false.bel")
    done = combine(path, "--accept-unproven", share_file(election, false, proof=None), election.path("share-2.json"))
    case("shares of others' programs are taken when it is asked for, and named", done.returncode == 0 and
         "unproven  trustee 1:" in done.stdout and "unproven  trustee 2" not in done.stdout, says(done))
    code, report = verify(path)
    case("a2_limit the archive alone is valid, with a result that is one vote off",
         code == 0 and report["result"] == LIE, str(report))
    accepted, said = oracle(path)
    case("a2_limit the independent verifier accepts it too", accepted, said)
    report = acts(election, path)
    case("a2 nep-verify acts without second proofs does not call it valid", report["verdict"] == "incomplete" and
         any(n.startswith("proofs of decryption: none") for n in report["not_checked"]), str(report))
    report = acts(election, path, election.path("false.proofs"))
    case("a2 nep-verify acts names the decryption without one",
         report["verdict"] == "invalid" and report["codes"] == ["decryption-proof-missing"], str(report))
    forged = election.path("forged.proofs")
    with open(forged, "wb") as file:
        file.write(compact([json.loads(false["proof"]), json.loads(proofs[1])]))
    report = acts(election, path, forged)
    case("a2 nep-verify acts finds the shifted factor", report["verdict"] == "invalid" and
         report["codes"] == ["decryption-proof"], str(report))
    done = run("tally/nep-tally", "export-upload", path, "--out", election.path("upload-false"))
    case("a2 what a server would refuse is not written for it",
         done.returncode == 1 and "[decryption-proof-missing]" in done.stderr, says(done))


def honest_end(election, shares):
    done = election.combine(*shares)
    code, report = verify(election.bel)
    case("the honest shares give the result of the ballots",
         done.returncode == 0 and code == 0 and report["result"] == HONEST, says(done))
    path = election.path("election.proofs")
    proofs = json.loads(read(path))
    given = [json.loads(read(s))["proof"] for s in shares]
    case("the file beside the archive holds their second proofs, in the order of the trustees",
         read(path).strip() == b"[" + ",".join(given).encode() + b"]", str(proofs)[:300])
    report = acts(election, election.bel, path)
    case("nep-verify acts verifies each", report["checks"].get("second proofs of partial decryptions") == 2 and
         not any(n.startswith("proofs") for n in report["not_checked"]) and report["codes"] == [], str(report))
    more = election.path("more.proofs")
    with open(more, "wb") as file:
        file.write(compact([*proofs, dict(proofs[0], decryption="0" * 64)]))
    report = acts(election, election.bel, more)
    case("a proof of no decryption of the archive is not passed over", report["verdict"] == "incomplete" and
         any("more were given" in n for n in report["not_checked"]), str(report))
    with open(more, "wb") as file:
        file.write(compact([proofs[1]]))
    report = acts(election, election.bel, more)
    case("one too few is a fault", report["codes"] == ["decryption-proof-missing"], str(report))
    with open(more, "wb") as file:
        file.write(compact(proofs) .replace(b",", b", ", 1))
    done = run("tally/nep-verify", "acts", "--trust", election.trust, more, election.bel)
    case("a list that is not canonical is refused", done.returncode == 1 and "noncanonical" in done.stderr, says(done))
    folder = election.path("upload")
    done = run("tally/nep-tally", "export-upload", election.bel, "--out", folder)
    case("uploads carry them", done.returncode == 0 and
         [json.loads(read(f"{folder}/decryption-{i}.json"))["proof"] for i in (1, 2)] == given, says(done))


def file_beside(election, shares):
    """The file when something is there already."""
    path, beside = copied(election, "again.bel"), election.path("again.proofs")
    given = [json.loads(read(s))["proof"] for s in shares]
    stale = dict(json.loads(given[0]), decryption="0" * 64)
    for name, text, refusal in (("of another election", compact([dict(stale, election_hash="0" * 64)]), "decryption-proof-other"),
                                ("that is no list of proofs", b'{"a":1}', "decryption-proof-parse"),
                                ("that is cut short", compact([stale])[:-1], "")):
        with open(beside, "wb") as file:
            file.write(text)
        done = combine(path, *shares)
        case(f"a file {name} is never overwritten", done.returncode in (1, 2) and refusal in done.stderr and
             read(beside) == text, says(done))
    with open(beside, "wb") as file:
        file.write(compact([stale]))
    done = combine(path, *shares)
    case("what an attempt that was broken off left there is replaced", done.returncode == 0 and
         read(beside).strip() == b"[" + ",".join(given).encode() + b"]", says(done))
    path = copied(election, "named.bel")
    done = combine(path, "--proofs", election.path("nowhere.proofs"), *shares)
    case("a file that was named must be there", done.returncode != 0 and "nowhere.proofs" in done.stderr, says(done))


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519", questions=QUESTIONS)
    state = vote(election)
    shares = [election.share(1), election.share(2)]
    honest, other = (json.loads(read(s)) for s in shares)
    case("a trustee's share carries the second proof", set(honest) == {"decryption", "owned", "proof"})
    false = json.loads(liar("decrypt", election.bel, election.keys[0][1], state))
    lies(election, honest, false, other)
    archive_alone(election, false, [honest["proof"], other["proof"]])
    file_beside(election, shares)
    honest_end(election, shares)


with tempfile.TemporaryDirectory() as temporary:
    try:
        main(temporary)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
