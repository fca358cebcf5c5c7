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

# name, log of a program that failed, lines of it that the summary shows
SHOWN = [
    ("the assertion that failed is shown", "x\n95%: Checks: 20, Failures: 1, Errors: 0\na.c:4:P:s:t:0: Passed\n"
     "a.c:7:F:s:t:0: b == 3\n", ["a.c:7:F:s:t:0: b == 3"]),
    ("a failed case is shown with its output", "ok - a\nnot ok - b\n    no such file\n    x\nok - c\n",
     ["not ok - b", "    no such file", "    x"]),
    ("a sanitizer's report is shown", "a\n==1==ERROR: AddressSanitizer: heap-use-after-free\nb\n",
     ["==1==ERROR: AddressSanitizer: heap-use-after-free"]),
    ("of a program that ended without a word the last lines are shown", "1\n2\n3\n4\n5\n6\n", list("23456")),
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
        return done.returncode, done.stdout.splitlines() or [done.stderr]


def shown_of(log):
    mark = "    | "
    return [line[len(mark):] for line in run([("FAIL", log)])[1] if line.startswith(mark)]


def last_line_of(programs):
    code, lines = run(programs)
    return code, lines[-1]


def main():
    passed = failed = 0
    looked_at = [(name, (code, line), last_line_of(programs)) for name, programs, line, code in CASES]
    looked_at += [(name, lines, shown_of(log)) for name, log, lines in SHOWN]
    for name, wanted, got in looked_at:
        good = got == wanted
        print(f"{'ok' if good else 'not ok'} - {name}" + ("" if good else f"\n    wanted {wanted}, got {got}"))
        passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
