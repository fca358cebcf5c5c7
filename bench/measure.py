#!/usr/bin/env python3
"""usage: measure.py BUILD FOLDER SMALL LARGE; called by bench/run.

Time and memory of nep-verify on FOLDER/SMALL.bel, LARGE.bel and again.bel (LARGE ballots of SMALL
credentials). Exit code 1 when memory is not flat."""

import os
import subprocess
import sys

# What nep-verify states that it keeps (doc/DESIGN.md, "The verifier").
BYTES_PER_BALLOT = 32
BYTES_PER_CREDENTIAL = 200 + 80 + 16


def verify(build, path, jobs=1):
    """(processor seconds, peak bytes) of one run."""
    process = subprocess.Popen([f"{build}/tally/nep-verify", "archive", "--json", "--jobs", str(jobs), path],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"nep-verify refuses {path}: {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main(build, folder, small, large):
    small, large = int(small), int(large)
    baseline = float(subprocess.run([f"{build}/bench/scalar-time"], capture_output=True, text=True, check=True).stdout)
    results = {name: verify(build, f"{folder}/{name}.bel") for name in (str(small), str(large), "again")}
    again = float(subprocess.run([f"{build}/bench/scalar-time"], capture_output=True, text=True, check=True).stdout)
    baseline = (baseline + again) / 2
    per_ballot = (results[str(large)][0] - results[str(small)][0]) / (large - small) * 1e6
    print("\nverification, one core, 5 answers and blank")
    print(f"  one crypto_scalarmult_ed25519_noclamp   {baseline:10.1f} µs   (baseline, this run)")
    print(f"  nep-verify per ballot                   {per_ballot:10.1f} µs")
    print(f"  multiple                                {per_ballot / baseline:10.1f}      (goal: 40 or less)")
    print("\nmemory, peak")
    base = None
    flat = True
    for name, ballots, credentials in ((str(small), small, small), ("again", large, small), (str(large), large, large)):
        peak = results[name][1]
        rest = peak - ballots * BYTES_PER_BALLOT - credentials * BYTES_PER_CREDENTIAL
        base = base or rest
        flat = flat and rest <= base * 1.1
        print(f"  {ballots:6} ballots, {credentials:6} credentials  {peak / 1048576:8.2f} MiB,"
              f" less what is stated {rest / 1048576:8.2f} MiB ({100 * rest / base - 100:+.1f} %)")
    print(f"  stated: {BYTES_PER_BALLOT} bytes per ballot, {BYTES_PER_CREDENTIAL} per credential;"
          f" {'flat within 10 %' if flat else 'NOT flat within 10 %'}")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
