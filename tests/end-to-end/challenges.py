"""The board of challenges (a26): what is published never counts, and what counts is never published."""

import glob
import hashlib
import json
import os
import subprocess

import casts
from attacker import compact, padded
from setting import trusting

FOLDER = "devices/python"


def voter_program(s, *command, answers=""):
    """nep-voter with the folder of the Python voter's credential: (exit code, everything it said)."""
    done = subprocess.run(
        [f"{s.build}/client-cli/nep-voter", "--server", s.server.url, "--ca", s.state + "/ca.pem", "--dir",
         f"{s.state}/{FOLDER}", "--lang", "en", *trusting(os.environ["NEP_FINGERPRINT"], command), *command,
         "--election", s.uuid],
        input=answers.encode(), capture_output=True)
    return done.returncode, (done.stdout + done.stderr).decode()


def challenged(s, choice):
    """What our own program reveals when it is challenged: the file's bytes."""
    path = f"{s.state}/challenged-choice.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump([choice], file)
    code, said = voter_program(s, "vote", "--ask", "--choice-file", path, answers="challenge\n")
    files = sorted(glob.glob(f"{s.state}/{FOLDER}/challenge-*.json"))
    s.report.case("a26 a challenged device reveals, and casts nothing", code == 0 and len(files) > 0
                  and not glob.glob(f"{s.state}/{FOLDER}/ballot-*"), said)
    return files[-1]


def read(path):
    with open(path, "rb") as file:
        return file.read().strip()


def request(s, device, text, size, key=None):
    return padded(compact_pair(text, compact(device.published(text, key))), 2 * size)


def compact_pair(text, proof):
    return b'{"challenge":' + text + b',"proof":' + proof + b"}"


def publish(s, body):
    return s.server.post(s.path + "/challenges", body)


def altered(s, device, text, size):
    """Each is wrong in one way, and published by the right credential unless that is the way."""
    refuse = lambda name, body: s.report.refused(name, publish(s, body), (400, 413, 422))
    with_text = lambda changed: request(s, device, changed, size)
    said = json.loads(text)
    changed = lambda **members: compact({**said, **members})
    good = with_text(text)
    refuse("a16 a challenge that is not padded is refused", good.rstrip(b" "))
    refuse("a16 a challenge one byte short of its length is refused", good[:-1])
    refuse("a challenge that is too long is refused", good + b" ")
    refuse("a challenge with an altered seed is refused", with_text(changed(seed="0" * 64)))
    refuse("a challenge with altered choices is refused", with_text(changed(choices=[[0, 0, 1, 1, 1]])))
    refuse("a challenge with another code is refused", with_text(changed(code="A" * 43)))
    refuse("a challenge of another election is refused", with_text(changed(uuid="6" * 14)))
    refuse("a challenge of another definition is refused", with_text(changed(election_hash="0" * 64)))
    stranger = s.device()
    refuse("a challenge of a credential that is not on the list is refused",
           with_text(changed(credential=stranger.public)))
    refuse("a challenge published by somebody else is refused", request(s, device, text, size, key=stranger.key))
    refuse("a challenge without its proof is refused", padded(text, 2 * size))
    refuse("a26 a challenge with a signature is refused",
           with_text(compact({**said, "signature": {"challenge": "1", "response": "1"}})))
    refuse("a challenge with a space inside is refused", with_text(text.replace(b'":', b'": ', 1)))
    refuse("a challenge cut short is refused", with_text(text[:-1]))
    board = s.server.get(s.path + "/challenges")
    s.report.case("none of these was published", board.status == 200 and board.body == b"", board)


def never_cast(s, device, text, size, signed_refusal):
    """What was published, cast by whoever can sign something."""
    message = json.loads(text)["message"]
    cast = lambda ballot: s.cast(padded(device.enclosed(ballot), size))
    signed_refusal(s, "a26 a published ballot is refused with a signed refusal", cast(device.signed(message)),
                   "cast-challenged")
    signed_refusal(s, "a26 a published ballot is refused under another signature too", cast(device.signed(message)),
                   "cast-challenged")
    other = s.registered_device("other-voter")
    s.report.refused("a26 what a challenge revealed cannot be signed by somebody else",
                     s.cast(padded(other.enclosed(other.signed(message)), size)), 422)
    s.report.refused("a26 nor taken over under another credential",
                     s.cast(padded(other.enclosed(other.signed({**message, "credential": other.public})), size)), 422)


def while_open(s, size, signed_refusal):
    device = s.registered_device("python-voter")
    device.context(s.server.get(s.path + "/definition").body)
    os.mkdir(f"{s.state}/{FOLDER}", 0o700)
    with open(os.open(f"{s.state}/{FOLDER}/credentials-{s.uuid}.txt", os.O_WRONLY | os.O_CREAT, 0o600), "w",
              encoding="ascii") as file:
        file.write(device.credential + "\n")
    first, second, third = (challenged(s, choice) for choice in ([0, 1, 1, 0, 0], "blank", [0, 1, 0, 0, 0]))
    text = read(first)
    altered(s, device, text, size)
    code, said = voter_program(s, "publish", "--challenge", first, answers="n\n")
    s.report.case("nothing is published without a yes", code == 1 and "not-published" in said
                  and s.server.get(s.path + "/challenges").body == b"", said)
    code, said = voter_program(s, "publish", "--challenge", first, "--yes")
    s.report.case("a26 a challenge is published", code == 0 and "number 1 " in said, said)
    again = publish(s, request(s, device, text, size))
    s.report.case("the same challenge again gets the first answer",
                  again.status == 200 and again.json()["number"] == 1 and again.json()["uuid"] == s.uuid, again)
    never_cast(s, device, text, size, signed_refusal)
    ballot = device.signed(json.loads(read(second))["message"])
    answer = s.cast(padded(device.enclosed(ballot), size))
    s.report.case("a ballot that was revealed to nobody is accepted", answer.status == 201, answer)
    s.report.refused("a26 a cast ballot is not published", publish(s, request(s, device, read(second), size)), 409)
    code, said = voter_program(s, "publish", "--challenge", second, "--yes")
    s.report.case("a26 nep-voter raises an alarm when a challenged ballot was cast", code == 1 and "ALARM" in said, said)
    for query in ("from=0", "from=x", "after=1"):
        s.report.refused(f"the board of challenges refuses ?{query}", s.server.get(f"{s.path}/challenges?{query}"), 400)
    s.keep("published", first)
    s.keep("unpublished", third)


def after_closing(s, size):
    device = s.registered_device("python-voter")
    device.context(s.server.get(s.path + "/definition").body)
    late = publish(s, request(s, device, read(s.kept("unpublished")), size))
    s.report.refused("a challenge after the end of voting is refused", late, 409)
    again = publish(s, request(s, device, read(s.kept("published")), size))
    s.report.case("the first answer is given after the end too", again.status == 200 and again.json()["number"] == 1, again)


def verdict(s, board, archive):
    paths = (s.state + "/board.jsonl", s.state + "/board.bel")
    for path, data in zip(paths, (board, archive)):
        with open(path, "wb") as file:
            file.write(data)
    code, said = s.program("tally/nep-verify", "challenges", "--json", *paths)
    try:
        return code, json.loads(said)
    except ValueError:
        return code, {"codes": [said]}


def public(s, whole):
    """With a server that breaks its own rules: the board shows it."""
    board = s.server.get(s.path + "/challenges").body
    lines = board.splitlines(keepends=True)
    s.report.case("the board goes on from a number, and ends empty",
                  s.server.get(f"{s.path}/challenges?from={len(lines)}").body == lines[-1]
                  and s.server.get(f"{s.path}/challenges?from={len(lines) + 1}").body == b"", len(lines))
    code, found = verdict(s, board, whole)
    s.report.case("a26 nep-verify challenges finds the board valid and counts its checks", code == 0
                  and found["verdict"] == "valid" and found["checks"]["message recomputed"] == len(lines)
                  and found["checks"]["ballots that no challenge revealed"] == s.show()["counts"]["ballots"], (code, found))
    first, setup, ballots = casts.parts(whole)
    device = s.registered_device("python-voter")
    cast = device.signed(json.loads(board.splitlines()[0])["challenge"]["message"])
    counted = casts.archive_of(first, setup, ballots + [cast])
    with open(s.state + "/counted.bel", "wb") as file:
        file.write(counted)
    code, said = s.program("tally/nep-verify", "archive", s.state + "/counted.bel")
    s.report.case("a26 an archive with a published ballot looks perfect alone", code == 0, said[-300:])
    refuse = lambda name, b, a, wanted: s.report.case(name, (r := verdict(s, b, a))[0] == 1 and any(
        wanted in c for c in r[1]["codes"]), r)
    refuse("a26 nep-verify challenges names a published ballot that was cast", board, counted, "board-counted")
    refuse("a challenge twice on the board is named", board + lines[0].replace(b'"number":1,', b'"number":2,'), whole,
           "board-twice")
    refuse("a challenge left out of the board is named", board.replace(b'"number":1,', b'"number":2,'), whole, "board-order")
    refuse("an altered challenge on the board is named", board.replace(b'"choices":[[0', b'"choices":[[1'), whole,
           "challenge-proof")
    refuse("a board cut short is refused", board[:-1], whole, "cut short")
    s.report.case("the board's fingerprint is that of what was published",
                  hashlib.sha256(read(s.kept("published"))).hexdigest()
                  == hashlib.sha256(compact(json.loads(lines[0])["challenge"])).hexdigest())
