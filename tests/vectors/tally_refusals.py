"""What the offline programs must refuse: A10 (a trustee decrypts only the tally of the archive that it
verified itself), A11 (a lost trustee, invalid and missing shares), wrong order of steps, secrets."""

import json
import os
import shutil
import stat
import tempfile

from cases import case, compact, finish, name_of, read_archive, rename, run, verify, write_archive
from offline import Election, Failed, expected, only

VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (2, [[0, 1, 0], [1, 0]])]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def refused(done, *words):
    return done.returncode == 1 and all(w in done.stdout + done.stderr for w in words)


def number_of(records, type_name):
    return [i for i, (n, b) in enumerate(records)
            if n.endswith(".event.json") and json.loads(b)["type"] == [type_name]]


def says(done):
    return f"{done.returncode} {done.stdout}{done.stderr}"


def wrong_tallies(election, other, folder):
    """A10: archives whose encrypted tally is not that of their ballots, chained anew."""
    records, mtime = read_archive(election.bel)
    foreign, _ = read_archive(other.bel)
    tally, foreign_tally = (number_of(r, "EncryptedTally")[0] for r in (records, foreign))
    path = os.path.join(folder, "wrong.bel")
    out = os.path.join(folder, "wrong-share")

    event = json.loads(records[tally][1])
    sized = foreign[foreign_tally - 1]
    event["payload"] = sized[0][:64]
    swapped = records[:tally - 2] + [foreign[foreign_tally - 2], sized,
                                     (name_of(compact(event), "event"), compact(event))]
    write_archive(path, swapped, mtime)
    done = election.decrypt(1, archive=path, out=out)
    case("a10_tally_of_another_election_is_refused", refused(done, "tally"), says(done))
    case("a10_nothing_is_written_for_it", not os.path.exists(out))

    ballot = number_of(records, "Ballot")[0]
    fewer = rename(records[:ballot - 1] + records[ballot + 1:], -1, b"")
    for at, i in enumerate(number_of(fewer, "Ballot") + number_of(fewer, "EndBallots") +
                           number_of(fewer, "EncryptedTally")):
        event = json.loads(fewer[i][1])
        event["height"] = at + 1
        fewer[i] = (name_of(compact(event), "event"), compact(event))
    write_archive(path, rename(fewer, -1, b""), mtime)
    code, report = verify(path)
    case("a10_the_wrong_aggregate_is_a_wrong_tally_and_nothing_else",
         code == 1 and report["codes"] == ["tally-counts", "tally-mismatch"], str(report))
    done = election.decrypt(1, archive=path, out=out)
    case("a10_wrong_aggregate_is_refused", refused(done, "tally"), says(done))

    write_archive(path, records[:tally - 2], mtime)
    done = election.decrypt(1, archive=path, out=out)
    case("a10_archive_without_a_tally_is_refused", refused(done, "encrypted tally"), says(done))
    case("a10_nothing_was_written_in_any_case", not os.path.exists(out))


def other_elections(election, other, twin):
    """A10: archives that are right and belong to another election, with all that belongs to them."""
    out = election.path("other-share")
    for name, code, archive, options in (
            ("with_other_trustees", "[trustee-unknown]", other, {"trust": other.trust, "acts": other.signed}),
            ("under_another_trust_file", "[not-pinned]", other, {"acts": other.signed}),
            ("of_the_same_trustees_with_the_acts_of_this_one", "[tally-act]", twin, {})):
        done = election.decrypt(1, archive=archive.bel, out=out, beside=archive.held, **options)
        case(f"a10_archive_{name}_is_refused", refused(done, code) and not os.path.exists(out), says(done))


def rehearsal(election):
    """A11: whoever rehearses learns in time that the own key opens nothing."""
    _, seed, _, dkey = election.keys[0]

    def rehearse(name, *codes, key=seed, share=dkey):
        done = run("tally/nep-trustee", "check", "--archive", election.bel, "--key", key, "--dkey", share)
        case(f"a11_rehearsal_{name}", refused(done, *codes) if codes else done.returncode == 0, says(done))

    def damaged(path, old, new):
        text = read(path)
        with open(os.open(election.path("damaged"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.replace(old, new, 1) if old else text[:-new])
        return election.path("damaged")

    rehearse("of_a_good_key_succeeds")
    rehearse("finds_the_decryption_share_of_another_trustee", "[channel-seal]", share=election.keys[1][3])
    rehearse("finds_the_key_of_another_trustee", "[channel-seal]", key=election.keys[1][1])
    digit = read(seed)[:1]
    rehearse("finds_one_wrong_character_in_the_key", "[trustee-unknown]",
             key=damaged(seed, digit, b"2" if digit != b"2" else b"3"))
    rehearse("finds_a_key_cut_short", "[seed]", key=damaged(seed, b"", 5))
    data = read(dkey).split(b'"data":"')[1][:8]
    rehearse("finds_one_wrong_digit_in_the_share", "[channel-seal]",
             share=damaged(dkey, data, (b"1" if data[:1] != b"1" else b"2") + data[1:]))
    rehearse("finds_a_share_cut_short", "[json]", share=damaged(dkey, b"", 9))


def shares(election):
    good = [election.share(i) for i in (1, 2, 3)]
    share = json.loads(read(good[1]))
    decryption = json.loads(share["decryption"])
    proof = decryption["message"][0][0]["proof"]
    proof["response"] = proof["response"][:-1] + ("1" if proof["response"][-1] != "1" else "2")
    bad = election.path("bad.json")
    with open(bad, "wb") as file:
        file.write(compact({**share, "decryption": compact(decryption).decode()}))
    before = read(election.bel)

    done = election.combine(good[0], bad)
    case("a11_too_few_valid_shares: refused, and who is missing is said",
         refused(done, "refused   " + bad, "missing   trustee 2", "missing   trustee 3",
                 "1 of 2 needed"), says(done))
    case("a11_too_few_valid_shares: the archive is as it was", read(election.bel) == before)
    done = election.combine(good[0], good[0])
    case("one share twice does not make two", refused(done, "already"), says(done))

    copy = election.path("copy.bel")
    shutil.copy(election.bel, copy)
    done = run("tally/nep-tally", "combine", copy, good[2], bad, election.path("nowhere.json"), good[0])
    code, report = verify(copy)
    case("a11_lost_trustee: two of three shares give the result",
         done.returncode == 0 and code == 0 and report["result"] == expected(VOTES), says(done))
    case("a11_invalid_share_is_named", "refused   " + bad in done.stdout, done.stdout)
    case("a11_missing_share_is_named", "refused   " + election.path("nowhere.json") in done.stdout and
         "missing   trustee 2 (Ủy viên 2)" in done.stdout, done.stdout)
    records, _ = read_archive(copy)
    owners = [json.loads(records[i - 1][1])["owner"]
              for i in number_of(records, "PartialDecryption")]
    case("shares are appended in the order of their owners", owners == [1, 3], str(owners))
    done = election.decrypt(2, archive=copy, out=election.path("late"))
    case("no decryption after the result", refused(done), says(done))
    return good, copy


def second_decryption(election, good):
    """An archive that holds a share of trustee 1 already, without a result."""
    share = json.loads(read(good[0]))
    records, mtime = read_archive(election.bel)
    object_, owned = share["decryption"].encode(), share["owned"].encode()
    event = compact({"parent": records[-1][0][:64], "height": len(number_of(records, "Ballot")) + 3,
                     "type": ["PartialDecryption"], "payload": name_of(owned, "data")[:64]})
    path = election.path("partial.bel")
    write_archive(path, records + [(name_of(object_, "data"), object_), (name_of(owned, "data"), owned),
                                   (name_of(event, "event"), event)], mtime)
    code, report = verify(path)
    case("an archive with one partial decryption so far is valid", code == 0, str(report))
    done = election.decrypt(1, archive=path, out=election.path("again"))
    case("a second decryption by the same trustee is refused", refused(done, "already"), says(done))
    done = run("tally/nep-tally", "combine", path, good[1])
    case("a2 combine asks for the second proofs of decryptions that are there",
         refused(done, "decryption-proof-missing", "Ủy viên 1"), says(done))
    with open(election.path("partial.proofs"), "wb") as file:
        file.write(b"[" + share["proof"].encode() + b"]\n")
    done = run("tally/nep-tally", "combine", path, good[1])
    case("combine goes on from the decryptions that are there", done.returncode == 0, says(done))
    both = [share["proof"], json.loads(read(good[1]))["proof"]]
    case("the file beside it holds the second proofs of all of them",
         read(election.path("partial.proofs")).decode() == "[" + ",".join(both) + "]\n")


def order_of_steps(election, ballot):
    done = run("tally/nep-tally", "compute", election.bel)
    case("no tally before the vote is closed", refused(done, "EncryptedTally"), says(done))
    done = election.combine(ballot)
    case("no result before the tally", refused(done), says(done))
    done = election.decrypt(1, out=election.path("early"))
    case("a10_no_decryption_while_voting_is_open", refused(done, "encrypted tally"), says(done))
    before = read(election.bel)
    done = run("tally/nep-tally", "cast", election.bel, ballot)
    case("a ballot cast twice is refused", refused(done, "already"), says(done))
    text = json.loads(read(ballot))
    text["signature"]["response"] = text["signature"]["response"][:-1] + \
        ("1" if text["signature"]["response"][-1] != "1" else "2")
    forged = election.path("forged")
    with open(forged, "wb") as file:
        file.write(compact(text))
    done = run("tally/nep-tally", "cast", election.bel, forged)
    case("a forged ballot is refused", refused(done, "signature"), says(done))
    case("a refused ballot leaves the archive as it was", read(election.bel) == before)


def choices(election):
    for name, choice in {"too many answers": [[1, 1, 1], [0, 0]], "blank where it is not allowed":
                         ["blank", "blank"], "no answer where one is needed": [[0, 0, 0], [0, 0]],
                         "a question too few": [["blank"]], "a two": [[2, 0, 0], [0, 0]]}.items():
        try:
            election.ballot(0, choice, "refused-ballot")
            case(f"a choice with {name} is refused", False)
        except Failed as why:
            case(f"a choice with {name} is refused", "choice" in str(why) or "question" in str(why),
                 str(why))


def secrets(election):
    private = [p for options in election.keys for p in options[1::2]] + \
        [election.path("credentials", election.uuid + ".privcreds")]
    modes = [stat.S_IMODE(os.stat(p).st_mode) for p in private]
    case("secrets are in files that only their owner can read", set(modes) == {0o600}, str(modes))
    seed = election.keys[0][1]
    open_seed = election.path("open-seed")
    shutil.copy(seed, open_seed)
    os.chmod(open_seed, 0o644)
    done = run("tally/nep-trustee", "check", "--archive", election.bel, "--key", open_seed,
               *election.keys[0][2:])
    case("a secret that others can read is refused", refused(done), says(done))
    done = run("tally/nep-trustee", "dkg", "cert", "--context", election.path("context"), "--index", 1,
               "--out", election.path("fresh"))
    seed = read(only(election.path("fresh"), ".key")).decode().strip()
    case("no secret is printed", done.returncode == 0 and len(seed) == 44 and
         seed not in done.stdout + done.stderr, says(done))
    done = run("tally/nep-tally", "credentials", "--group", "Ed25519", "--uuid", election.uuid,
               "--count", 1, "--out", election.path("credentials"))
    case("secrets are never overwritten", done.returncode != 0, says(done))


def both_or_none(election):
    """The decryption key of a member and what is public of it: where one cannot be made, neither is."""
    folder = election.path("trustee-1")
    for name, there in {"key": "dkey", "public part": "out"}.items():
        files = {option: election.path(f"again-{name}-{option}") for option in ("out", "dkey")}
        with open(files[there], "wb") as file:
            file.write(b"as it was")
        done = run("tally/nep-trustee", "dkg", "voutput", "--context", election.path("context"), "--certs",
                   election.path("certs"), "--vinput", os.path.join(folder, "vinput"), "--key", only(folder, ".key"),
                   *[o for option, path in files.items() for o in ("--" + option, path)])
        left = [option for option, path in files.items() if os.path.exists(path)]
        case(f"a member's {name} that is there is not overwritten, and the other file is not made",
             refused(done, "file-exists") and left == [there] and read(files[there]) == b"as it was",
             f"{left} {says(done)}")


def earlier(election, closed):
    code, report = verify(election.bel, "--earlier", closed)
    case("an earlier copy is a prefix", code == 0 and report["codes"] == [], str(report))
    code, report = verify(closed, "--earlier", election.bel)
    case("an archive shorter than the earlier copy is reported",
         code == 1 and report["codes"] == ["archive-not-a-prefix"], str(report))
    altered = election.path("altered")
    data = bytearray(read(closed))
    data[-600] ^= 1
    with open(altered, "wb") as file:
        file.write(data)
    code, report = verify(election.bel, "--earlier", altered)
    case("another history is reported", code == 1 and report["codes"] == ["archive-not-a-prefix"],
         str(report))


def upload(election, archive):
    folder = election.path("upload")
    done = run("tally/nep-tally", "export-upload", archive, "--out", folder)
    names = sorted(os.listdir(folder)) if done.returncode == 0 else []
    case("what is uploaded: tally, decryptions, result",
         names == ["decryption-1.json", "decryption-3.json", "result.json", "tally.json"], says(done))
    records, _ = read_archive(archive)
    tally = json.loads(read(os.path.join(folder, "tally.json")))
    at = number_of(records, "EncryptedTally")[0]
    case("uploaded texts are the archive's bytes",
         [tally["encrypted_tally"].encode(), tally["sized"].encode()] ==
         [records[at - 2][1], records[at - 1][1]] and
         read(os.path.join(folder, "result.json")) == records[-2][1])


def main(folder):
    election = Election(os.path.join(folder, "a"), "Ed25519", 2)
    other = Election(os.path.join(folder, "b"), "Ed25519", 2, uuid="22222222222222")
    twin = Election(os.path.join(folder, "c"), "Ed25519", 2, uuid="33333333333333",
                    trustees=election)  # the same trustees, another election
    for e in (election, other, twin):
        e.vote(VOTES)
    choices(election)
    order_of_steps(election, election.path("ballot-0"))
    foreign = run("tally/nep-tally", "cast", election.bel, twin.path("ballot-0"))
    case("a4_ballot_of_another_election_is_refused", refused(foreign, "election"), says(foreign))
    secrets(election)
    both_or_none(election)
    closed = election.path("closed.bel")
    for e in (election, other, twin):
        e.close()
    shutil.copy(election.bel, closed)
    done = run("tally/nep-tally", "cast", election.bel, election.path("ballot-1"))
    case("a13_no_ballot_after_closing", refused(done, "Ballot"), says(done))
    wrong_tallies(election, twin, folder)
    wrong_tallies(election, other, folder)
    other_elections(election, other, twin)
    rehearsal(election)
    good, result = shares(election)
    done = run("tally/nep-tally", "combine", closed, twin.share(1), good[2])
    case("a10_share_of_another_election_is_refused",
         refused(done, "refused   " + twin.path("share-1.json")), says(done))
    second_decryption(election, good)
    upload(election, result)
    shutil.move(result, election.bel)
    earlier(election, closed)


with tempfile.TemporaryDirectory() as temporary:
    try:
        main(temporary)
    except Failed as failure:
        case("every step is done", False, str(failure))
finish()
