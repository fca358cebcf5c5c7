"""What the test scripts of this folder share: cases, programs, archives."""

import hashlib
import json
import os
import subprocess
import sys

SOURCE = os.environ.get("NEP_SOURCE") or sys.exit("NEP_SOURCE is not set")
BUILD = os.environ.get("NEP_BUILD") or sys.exit("NEP_BUILD is not set")
VECTORS = os.path.join(SOURCE, "tests", "vectors")
sys.path.insert(0, os.path.join(SOURCE, "tests", "support"))
from record_files import compact, header, name_of, record, records  # noqa: E402,F401

passed = failed = 0


def case(name, held, why=""):
    global passed, failed
    if held:
        passed += 1
        print("ok - " + name, flush=True)
    else:
        failed += 1
        print(f"not ok - {name}\n  {why}", flush=True)
    return held


def finish():
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


def run(program, *arguments, text=None):
    """Runs build/<program>; the outcome has returncode, stdout, stderr."""
    return subprocess.run([os.path.join(BUILD, program), *map(str, arguments)], input=text,
                          capture_output=True, text=True, timeout=300)


def verify(path, *options):
    """Exit code and report of nep-verify archive --json."""
    done = run("tally/nep-verify", "archive", "--json", *options, path)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def oracle(*paths):
    """The independent verifier: (accepted, what it printed)."""
    script = os.path.join(SOURCE, "tests", "reference", "check.py")
    done = subprocess.run([sys.executable, script, *map(str, paths)], capture_output=True, text=True,
                          timeout=600)
    return done.returncode == 0, done.stdout + done.stderr


# ---- archives as lists of records (protocol.md §11) ----

def read_archive(path):
    """[(name, body)..] without the first record, and the time."""
    with open(path, "rb") as file:
        data = file.read()
    return list(records(data))[1:], int(data[136:147], 8)


def write_archive(path, listed, mtime):
    first = b'{"version":1,"timestamp":%d}' % mtime
    with open(path, "wb") as file:
        for name, body in [("BELENIOS", first)] + listed:
            file.write(record(name, body, mtime))


def rename(listed, changed, body):
    """The records with number `changed` replaced by `body`, and every name, payload and parent that
    hangs on it made anew: nothing but the content can be wrong."""
    out, new, parent = list(listed), {}, None
    for i, (name, old) in enumerate(listed):
        text = body if i == changed else old
        for before, after in new.items():
            text = text.replace(before, after)
        if name.endswith(".event.json"):
            event = json.loads(text)
            if parent is not None:
                event["parent"] = parent
            text = compact(event)
            parent = hashlib.sha256(text).hexdigest()
        kind = name.split(".")[1]
        out[i] = (name_of(text, kind), text)
        if out[i][0] != name and kind == "data":
            new[name[:64].encode()] = out[i][0][:64].encode()
    return out
