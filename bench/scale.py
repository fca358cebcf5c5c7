#!/usr/bin/env python3
"""usage: scale.py [--check] BUILD FOLDER SMALL LARGE; called by bench/verify.sh.

Time and memory of nep-verify as an election grows, one thread: FOLDER/SMALL and FOLDER/LARGE hold an
archive of that many voters, each with a ballot, FOLDER/again one of SMALL voters with LARGE ballots.
Exit code 1 with --check when a goal is missed."""

import subprocess
import sys

# What nep-verify states that it keeps (doc/DESIGN.md, "The verifier").
BYTES_PER_BALLOT = 48
BYTES_PER_CREDENTIAL = 264
TIMES = 10.5
MEMORY = 1.1
ROUNDS = 2


def verify(build, path):
    """[processor seconds, peak bytes] of one run."""
    command = [f"{build}/bench/usage", f"{build}/tally/nep-verify", "archive", "--json", "--jobs", "1", path]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"nep-verify refuses {path}: {done.returncode}")
    return [float(number) for number in done.stdout.split()]


def measure(build, folder, small, large):
    """{name: (mean of processor seconds, least peak)}. Half of the small runs before each large one and half after
    it, as long as it in all: what a shared machine does meanwhile then happens to both."""
    runs = {small: [], large: [], "again": []}
    for _ in range(ROUNDS):
        for name in [small] * 5 + [large] + [small] * 5 + ["again"]:
            runs[name].append(verify(build, f"{folder}/{name}/000001.bel"))
    return {name: (sum(run[0] for run in of) / len(of), min(run[1] for run in of)) for name, of in runs.items()}


def report(what, value, unit, goal):
    met = value <= goal
    print(f"{what:<46} {value:7.3f} {unit:<12} goal <= {goal:<6g} {'met' if met else 'MISSED'}")
    return met


def main(arguments):
    check = arguments[:1] == ["--check"]
    build, folder, small, large = arguments[1:] if check else arguments
    sizes = {small: (int(small), int(small)), "again": (int(large), int(small)), large: (int(large), int(large))}
    runs = measure(build, folder, small, large)
    print(f"memory beyond {BYTES_PER_BALLOT} bytes a ballot and {BYTES_PER_CREDENTIAL} a credential")
    rest = {}
    for name, (ballots, credentials) in sizes.items():
        peak = runs[name][1]
        rest[name] = peak - ballots * BYTES_PER_BALLOT - credentials * BYTES_PER_CREDENTIAL
        print(f"  {ballots:7} ballots, {credentials:7} credentials {runs[name][0]:8.2f} s {peak / 1048576:8.2f} MiB,"
              f" beyond {rest[name] / 1048576:8.2f} MiB")
    times = runs[large][0] / runs[small][0] * 10 * sizes[small][0] / sizes[large][0]
    met = [report(f"time at {large} ballots against {small}", times, "times", TIMES),
           report(f"memory at {large} ballots against {small}", rest[large] / rest[small], "times", MEMORY),
           report("the same with no more credentials", rest["again"] / rest[small], "times", MEMORY)]
    return 0 if all(met) or not check else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
