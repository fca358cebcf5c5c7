"""What the tests of whole events share: a folder of archives, good and bad, and reports."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["NEP_SOURCE"], "tests", "vectors"))
from cases import (BUILD, SOURCE, VECTORS, case, compact, finish, header, read_archive, run,  # noqa: E402,F401
                   write_archive)

VERIFY = os.path.join(BUILD, "tally", "nep-verify")
with open(VERIFY, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()
# Ballots that take longer than the second between two notes; sanitizers need fewer.
BALLOTS_OF_SECONDS = 700 if SANITIZED else 1800
GOOD = ["Ed25519-single", "Ed25519-blank", "Ed25519-revote-weights-two", "Ed25519-threshold"]
BAD = ["ciphertext-tampered", "tally-wrong", "trailing-bytes", "identity-alpha-beta"]


def positive(name):
    return os.path.join(VECTORS, "positive", name, "election.bel")


def negative(name):
    return os.path.join(VECTORS, "negative", name + ".bel")


def make_big(path, ballots):
    """An archive that takes some seconds."""
    folder = path + ".made"
    done = run("bench/make-event", "--ballots", ballots, "--voters", ballots * 3 // 4, "--out", folder,
               "--seed", os.path.basename(path))
    if done.returncode != 0:
        sys.exit(done.stderr)
    os.rename(os.path.join(folder, "000001.bel"), path)
    os.rmdir(folder)


def make_event(folder, bad=True):
    """Archives in two folders below each other; one name is not plain ASCII."""
    os.makedirs(os.path.join(folder, "north"))
    os.makedirs(os.path.join(folder, "south", "Đà Nẵng"))
    for i, name in enumerate(GOOD):
        shutil.copy(positive(name), os.path.join(folder, "north" if i % 2 else "south/Đà Nẵng", name + ".bel"))
    for name in BAD if bad else []:
        shutil.copy(negative(name), os.path.join(folder, "south", name + ".bel"))
    with open(os.path.join(folder, "north", "README.txt"), "w", encoding="utf-8") as file:
        file.write("no archive\n")
    return folder


def archive(*arguments):
    """Exit code and report of nep-verify archive --json."""
    done = run("tally/nep-verify", "archive", "--json", *arguments)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def merge(*arguments):
    done = run("tally/nep-verify", "merge", "--json", *arguments)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def without_taken(value):
    """The report as if nothing had been taken over from an earlier verification."""
    if isinstance(value, dict):
        return {k: without_taken(v) for k, v in value.items() if k != "taken_over"}
    return [without_taken(v) for v in value] if isinstance(value, list) else value


def hash_of(tag, message):
    return hashlib.sha256(tag.encode() + b"\0" + compact(message)).hexdigest()


def seal_report(message):
    return compact({"message": message, "hash": hash_of("NEP-1-unsigned-report", message)})


def seal_state(state):
    return compact({"state": state, "hash": hash_of("NEP-1-verify-state", state)})


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, data):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    return path


def killing_verifier(path, part, mark):
    """A program like nep-verify that is killed once, in the middle of the given part: as soon as it has
    noted something. The slower engine leaves the time for it. The folder `mark` says that it happened."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o755), "w", encoding="utf-8") as file:
        file.write(f"""#!/usr/bin/env bash
[[ " $* " == *" --shard {part}/"* ]] && mkdir "{mark}" 2>/dev/null || exec "{VERIFY}" "$@"
for ((i = 1; i <= $#; i++)); do [ "${{!i}}" = --state ] && next=$((i + 1)) && state=${{!next}}; done
NEP_ENGINE=portable "{VERIFY}" "$@" &
child=$!
until grep -qsE '"ballots":[1-9]' "$state" || ! kill -0 "$child"; do sleep 0.02; done
kill -KILL "$child"
wait "$child"
status=$?
echo "$status" >"{mark}/status"
exit "$status"
""")
    return path


def command(*arguments, **environment):
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=600,
                          env={**os.environ, **environment})
