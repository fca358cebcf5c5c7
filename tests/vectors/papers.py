"""The papers of an election without a server: cast statements, their file, a mirror's countersignature.
nep-tally makes each only when it holds, and leaves nothing behind when it does not."""

import os
import shutil
import tempfile

from cases import case, finish, run
from offline import Election, Failed, must

VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (0, [[0, 1, 0], [1, 0]])]


def refused(name, election, kind, *words, code=1):
    """`kind` and `words` are the command without its outcome; the reason's code stands at the end of words."""
    out = election.path("never")
    *command, wanted = words
    done = run("tally/nep-tally", kind, *command, "--out", out)
    case(name, done.returncode == code and wanted in done.stderr and not os.path.exists(out),
         f"{done.returncode} {done.stdout}{done.stderr}")


def statements(election, other):
    own, foreign = election.path("ballot-0"), election.path("ballot-1")
    credential = ["--credential-file", election.credential_file(0)]
    refused("nobody states the place of another's ballot", election, "statement", election.bel, foreign, *credential,
            "[cast-statement]")
    refused("nobody names another's ballot as the one before", election, "statement", election.bel, own, *credential,
            "--number", 2, "--previous", foreign, "[cast-statement]")
    refused("the first ballot follows none", election, "statement", election.bel, own, *credential, "--previous",
            election.path("ballot-2"), "[cast-statement]")
    for number in (0, 10**9, "x"):
        refused(f"{number} is no number of a ballot", election, "statement", election.bel, own, *credential, "--number",
                number, "[usage]", code=2)
    refused("a ballot of another election has no statement in this one", election, "statement", election.bel,
            other.path("ballot-0"), *credential, "[ballot-")
    open_file = election.path("open-credential")
    shutil.copy(election.path("credential"), open_file)
    os.chmod(open_file, 0o644)
    refused("a credential that others can read is not used", election, "statement", election.bel, own,
            "--credential-file", open_file, "[file-mode]")


def casts(election):
    texts = election.statements
    refused("a ballot without a statement makes no file", election, "casts", election.bel, *texts[:-1], "[casts-missing]")
    altered = election.path("altered")
    with open(texts[1], "rb") as file, open(altered, "wb") as out:
        text = file.read()
        at = text.index(b'"response":"') + 12
        out.write(text[:at] + (b"1" if text[at:at + 1] != b"1" else b"2") + text[at + 1:])
    refused("a23_a_forged_statement_makes_no_file", election, "casts", election.bel, texts[0], altered, texts[2],
            "[casts-signature]")
    joined = election.path("joined")
    with open(joined, "wb") as out:
        for path in reversed(texts):
            with open(path, "rb") as file:
                out.write(file.read())
    one, two = election.path("one.casts"), election.path("two.casts")
    must("tally/nep-tally", "casts", election.bel, joined, "--out", one)
    must("tally/nep-tally", "casts", election.bel, *texts, "--out", two)
    same = open(one, "rb").read() == open(two, "rb").read()
    case("the file depends on the statements only, not on how they are handed over", same)
    done = run("tally/nep-verify", "casts", one, election.bel)
    case("nep-verify casts accepts it", done.returncode == 0 and "warning" not in done.stdout, done.stdout + done.stderr)
    done = run("tally/nep-tally", "casts", election.bel, *texts, "--out", one)
    case("a file that is there is not overwritten", done.returncode != 0 and open(one, "rb").read() ==
         open(two, "rb").read(), done.stderr)


def countersignatures(election, before, other):
    def options(name, key=None):
        return ["--trust", election.trust, "--key", election.signers[key or name], "--name", name]

    refused("the end of the vote is not countersigned before it", election, "countersign", before, *options("Bản sao"),
            "[phase]")
    refused("an official is no mirror", election, "countersign", election.bel, *options("Thư ký"), "[not-pinned]")
    refused("no mirror signs in another's name", election, "countersign", election.bel,
            *options("Bản sao khác", "Bản sao"), "[not-pinned]")
    refused("a mirror that has another copy does not countersign", election, "countersign", election.bel,
            *options("Bản sao"), "--earlier", other.bel, "[archive-not-a-prefix]")
    broken = election.path("broken.bel")
    with open(election.bel, "rb") as file, open(broken, "wb") as out:
        data = file.read()
        at = data.index(b'"challenge":"') + 13
        out.write(data[:at] + (b"1" if data[at:at + 1] != b"1" else b"2") + data[at + 1:])
    refused("a8_a_broken_archive_is_not_countersigned", election, "countersign", broken, *options("Bản sao"), "refused")
    out = election.path("countersigned")
    must("tally/nep-tally", "countersign", election.bel, "--earlier", before, *options("Bản sao"), "--out", out)
    key = open(election.signers["Bản sao"] + ".public", encoding="ascii").read().strip()
    done = run("tally/nep-verify", "mirror", "--key", key, out, election.bel)
    case("nep-verify mirror holds the countersignature against the archive", done.returncode == 0, done.stdout)


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519")
    other = Election(os.path.join(folder, "b"), "Ed25519", uuid="22222222222222")
    for e in (election, other):
        e.vote(VOTES)
    statements(election, other)
    casts(election)
    before = election.path("before.bel")
    shutil.copy(election.bel, before)
    for e in (election, other):
        must("tally/nep-tally", "close", e.bel)
    countersignatures(election, before, other)


with tempfile.TemporaryDirectory() as temporary:
    try:
        main(temporary)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
