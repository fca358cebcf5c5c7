#!/usr/bin/env python3
"""The test runner's own test: a summary that hides a failure would make every other test worthless."""

import os
import subprocess
import sys
import tempfile

COUNT = os.path.join(os.environ["NEP_SOURCE"], "scripts", "count-tests.py")
CHECK = "100%: Checks: 12, Failures: 0, Errors: 0\n"

# name, [(verdict, log)], last line wanted, exit code wanted
CASES = [
    ("Check cases are counted", [("PASS", CHECK)], "12 passed, 0 failed", 0),
    ("failures and errors of Check are counted", [("FAIL", "83%: Checks: 12, Failures: 1, Errors: 1\n")],
     "10 passed, 2 failed", 1),
    ("two suites in one log are both counted", [("PASS", CHECK + CHECK)], "24 passed, 0 failed", 0),
    ("lines of scripts are counted", [("PASS", "ok - x\n7 passed, 0 failed\n")], "7 passed, 0 failed", 0),
    ("TAP points are counted", [("PASS", "1..2\nok 1 - a\nok 2 - b\n")], "2 passed, 0 failed", 0),
    ("a TAP point that failed is a failure", [("FAIL", "1..2\nok 1 - a\nnot ok 2 - b\n")], "1 passed, 1 failed", 1),
    ("a skipped TAP point is a failure", [("PASS", "1..2\nok 1 - a\nok 2 # SKIP no database\n")],
     "1 passed, 1 failed", 1),
    ("pg_prove's total is counted", [("PASS", "Files=2, Tests=31,  1 wallclock secs\nResult: PASS\n")],
     "31 passed, 0 failed", 0),
    ("a program without cases counts once", [("PASS", "fine\n")], "1 passed, 0 failed", 0),
    ("a skipped program is a failure", [("PASS", CHECK), ("SKIP", "")], "12 passed, 1 failed", 1),
    ("a program that died after its cases passed is a failure", [("FAIL", CHECK)], "12 passed, 1 failed", 1),
    ("an expected failure is a failure", [("XFAIL", "1 passed, 0 failed\n")], "1 passed, 1 failed", 1),
    ("a script's skipped cases are failures", [("PASS", "3 passed, 0 failed, 2 skipped\n")],
     "3 passed, 2 failed", 1),
    ("a missing log is no pass of cases", [("ERROR", None)], "0 passed, 2 failed", 1),
    ("no test at all is a failure", [], "0 passed, 2 failed", 1),
]


def run(programs):
    with tempfile.TemporaryDirectory() as top:
        for number, (verdict, log) in enumerate(programs):
            stem = os.path.join(top, f"test{number}")
            with open(stem + ".trs", "w", encoding="utf-8") as file:
                file.write(f":test-result: {verdict}\n:global-test-result: {verdict}\n")
            if log is not None:
                with open(stem + ".log", "w", encoding="utf-8") as file:
                    file.write(log)
        done = subprocess.run([sys.executable, COUNT, f"tree={top}"], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()[-1] if done.stdout else done.stderr


def main():
    passed = failed = 0
    for name, programs, line, code in CASES:
        got = run(programs)
        good = got == (code, line)
        print(f"{'ok' if good else 'not ok'} - {name}" + ("" if good else f"\n    wanted {(code, line)}, got {got}"))
        passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
