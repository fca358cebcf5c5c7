#!/usr/bin/env python3
"""Installing packages leaves no policy behind that keeps the machine's services from starting."""

import os
import signal
import subprocess
import sys
import tempfile
import time

# apt-get is played by a script; "as root" is as whoever runs the test.
SHELL = """
. "$NEP_SOURCE/scripts/setup.sh"
nep_as_root() { "$@"; }
nep_policy=$1
nep_install_quietly some-package
"""
# It starts no process: a shell that waits for one may survive Ctrl-C.
APT = "#!/bin/sh\ntest -x %(policy)s && : >%(seen)s\n%(then)s\n"
OWN = "#!/bin/sh\nexit 104\n"


def at_terminal():
    """Tests that run beside each other ignore Ctrl-C, those under nohup a closing terminal; no shell can undo that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def install(then, kill=None, own=False):
    """(apt-get ran under a policy, what is left of the policy, exit code)."""
    with tempfile.TemporaryDirectory() as folder:
        policy, seen = os.path.join(folder, "policy-rc.d"), os.path.join(folder, "seen")
        apt = os.path.join(folder, "apt-get")
        with open(apt, "w", encoding="utf-8") as file:
            file.write(APT % {"policy": policy, "seen": seen, "then": then})
        os.chmod(apt, 0o755)
        if own:
            with open(policy, "w", encoding="utf-8") as file:
                file.write(OWN)
            os.chmod(policy, 0o755)
        shell = subprocess.Popen(["bash", "-c", SHELL, "install", policy], start_new_session=True, preexec_fn=at_terminal,
                                 env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
        if kill:
            until = time.monotonic() + 30
            while not os.path.exists(seen) and shell.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            os.killpg(shell.pid, kill)
        code = shell.wait(timeout=60)
        left = None
        until = time.monotonic() + (30 if kill else 0)
        # A shell that is hung up does not wait for the one that cleans up.
        while os.path.exists(policy) and time.monotonic() < until:
            time.sleep(0.01)
        if os.path.exists(policy):
            with open(policy, encoding="utf-8") as file:
                left = file.read()
        return os.path.exists(seen), left, code


CASES = [
    ("the policy is gone after installing", install("exit 0"), (True, None, 0)),
    ("the policy is gone after a failure, whose code stays", install("exit 100"), (True, None, 100)),
    ("Ctrl-C leaves no policy", install("exec sleep 300", signal.SIGINT)[:2], (True, None)),
    ("a terminal that closes leaves no policy", install("exec sleep 300", signal.SIGHUP)[:2], (True, None)),
    ("the machine's own policy stays as it is", install("exit 0", own=True), (True, OWN, 0)),
]

bad = 0
for name, got, wanted in CASES:
    print(f"{'ok' if got == wanted else 'not ok'} - {name}" + ("" if got == wanted else f"\n    wanted {wanted}, got {got}"))
    bad += got != wanted
print(f"{len(CASES) - bad} passed, {bad} failed")
sys.exit(1 if bad else 0)
