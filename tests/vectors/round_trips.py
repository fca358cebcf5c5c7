"""Elections made by our programs from keys to result, for every group (RFC-3526-2048 with ./test.sh --long
only), with single trustees and with a threshold: nep-verify and the independent verifier accept each
archive, and the result is what was voted. Ballots made by the independent program are accepted by ours."""

import json
import os
import subprocess
import sys
import tempfile

from cases import SOURCE, case, finish, oracle, run, verify
from offline import Election, Failed, expected

# Exponents of 2,048 bits take minutes under sanitizers.
GROUPS = ["Ed25519", "BELENIOS-2048"] + (["RFC-3526-2048"] if os.environ.get("NEP_TEST_LONG") else [])
VOTES = [(0, [[1, 0, 1], [0, 1]]), (1, ["blank", [0, 0]]), (0, [[0, 1, 0], [1, 0]])]


def cast_foreign(election, voter, vector):
    """A ballot made by the independent program."""
    script = os.path.join(SOURCE, "tests", "reference", "check.py")
    made = subprocess.run([sys.executable, script, "--vote", election.bel,
                           election.credentials[voter], json.dumps(vector)],
                          capture_output=True, text=True, timeout=300, check=True)
    path = election.path("foreign")
    with open(path, "w", encoding="utf-8") as file:
        file.write(made.stdout.strip())
    election.statement(voter, path)
    return run("tally/nep-tally", "cast", election.bel, path)


def finish_election(name, election, votes, trustees):
    done = election.combine(*[election.share(i) for i in trustees])
    code, report = verify(election.bel)
    case(f"{name}: nep-verify accepts, the result is what was voted",
         done.returncode == 0 and code == 0 and report["result"] == expected(votes),
         f"{done.stdout}{done.stderr} {report}")
    accepted, said = oracle(election.bel)
    case(f"{name}: the independent verifier accepts", accepted and "result" in said, said)


def whole(folder, group, threshold, trustees):
    name = f"{group}, {'single trustees' if threshold is None else f'{threshold} of 3'}"
    election = Election(os.path.join(folder, name.replace(" ", "-")), group, threshold)
    accepted, said = oracle(election.bel)
    case(f"{name}: the independent verifier accepts the setup", accepted, said)
    election.vote(VOTES)
    votes = list(VOTES)
    if group != "RFC-3526-2048":  # the oracle is slow there
        done = cast_foreign(election, 2, [[0, 1, 0, 1], [0, 1]])
        votes.append((2, [[1, 0, 1], [0, 1]]))
        case(f"{name}: a ballot of the independent program is accepted", done.returncode == 0,
             done.stderr)
    election.close()
    for i in trustees:
        rehearsal = run("tally/nep-trustee", "check", "--archive", election.bel,
                        *election.keys[i - 1])
        case(f"{name}: trustee {i}'s rehearsal", rehearsal.returncode == 0, rehearsal.stderr)
    finish_election(name, election, votes, trustees)


with tempfile.TemporaryDirectory() as folder:
    for group in GROUPS:
        for threshold, trustees in ((None, (1, 2)), (2, (1, 3))):
            try:
                whole(folder, group, threshold, trustees)
            except Failed as why:
                case(f"{group}, {threshold}: every step is done", False, str(why))
finish()
