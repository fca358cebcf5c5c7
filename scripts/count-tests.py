#!/usr/bin/env python3
"""Adds up the results of `make check` trees from automake's .trs and .log files.

usage: count-tests.py [--tree NAME=FOLDER ...]

Counts Check cases, the lines `N passed, N failed` of test scripts, and TAP points (pg_prove, TAP
scripts); a test program whose log says none of these counts once. A skipped test is a failure, so is
a test program that ended badly though every case it printed passed. Prints one line per tree, the
names of what failed with what their logs say of it, and as its last line `N passed, N failed`. Exit
code 1 when anything failed or nothing ran."""

import os
import re
import sys

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)", re.M)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
TAP = re.compile(r"^\s*(ok|not ok) \d+.*$", re.M)
PROVE = re.compile(r"^Files=\d+, Tests=(\d+)", re.M)
FAILED = re.compile(r":[FE]:|^not ok |^FAIL|ERROR: \w+Sanitizer|: runtime error: ")
LINES_SHOWN = 30
LAST_LINES = 5


def cases(log):
    """(passed, failed) as the log tells them, or None."""
    found = [(int(n) - int(f) - int(e), int(f) + int(e)) for n, f, e in CHECK.findall(log)]
    found += [(int(p), int(f) + int(s or 0)) for p, f, s in PLAIN.findall(log)]
    if not found:
        points = [(line.group(1) == "ok" and "# SKIP" not in line.group(0).upper())
                  for line in TAP.finditer(log)]
        if points:
            found = [(sum(points), len(points) - sum(points))]
        else:
            found = [(int(n), 0) for n in PROVE.findall(log)]
    if not found:
        return None
    return sum(p for p, _ in found), sum(f for _, f in found)


def what_failed(log):
    """The lines that say what failed, with the indented ones below them, else the last lines: whoever
    reads the summary may not have the log any more."""
    lines = log.splitlines()
    shown = []
    below = False
    for line in lines:
        below = bool(FAILED.search(line)) or (below and line.startswith("    "))
        if below:
            shown.append(line)
    return shown[:LINES_SHOWN] or lines[-LAST_LINES:]


def read(path):
    """A file's text; that of a missing file is empty."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def count_program(trs):
    result = re.search(r"^:global-test-result: (\S+)$", read(trs), re.M)
    verdict = result.group(1) if result else "ERROR"
    log = read(trs[:-len(".trs")] + ".log")
    passed, failed = cases(log) or (verdict == "PASS", 0)
    if verdict != "PASS" and failed == 0:
        failed = 1
    return int(passed), failed, verdict, log


def count_tree(name, folder):
    programs = passed = failed = 0
    for here, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if not file.endswith(".trs"):
                continue
            path = os.path.join(here, file)
            ok, bad, verdict, log = count_program(path)
            programs, passed, failed = programs + 1, passed + ok, failed + bad
            if bad:
                print(f"  {verdict}: {name}: {os.path.relpath(path[:-4], folder)}"
                      f" ({ok} passed, {bad} failed), see {path[:-4]}.log")
                for line in what_failed(log):
                    print(f"    | {line}")
    print(f"{name}: {programs} test programs, {passed} cases passed, {failed} failed")
    if programs == 0:
        failed += 1
        print(f"  {name}: no test ran")
    return passed, failed


def main(arguments):
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # logs hold names in any script
    trees = [a.split("=", 1) for a in arguments if a != "--tree"]
    if not trees or any(len(t) != 2 for t in trees):
        print(__doc__, file=sys.stderr)
        return 2
    totals = [count_tree(name, folder) for name, folder in trees]
    passed, failed = sum(p for p, _ in totals), sum(f for _, f in totals)
    if passed == 0:
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
