"""Archives that others made: the valid ones verify with the known result, each one with a fault yields
exactly its codes, whatever the number of threads."""

import json
import os

from cases import SOURCE, VECTORS, case, finish, run, verify


def positive():
    folder = os.path.join(VECTORS, "positive")
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name, "election.bel")
        code, report = verify(path)
        if name.endswith("lists-nh"):
            case(f"{name}: lists are refused as not supported",
                 code == 1 and report.get("codes") == ["unsupported"] and
                 report.get("verdict") == "invalid", f"{code} {report}")
            continue
        with open(os.path.join(folder, name, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        case(f"{name}: valid, with the expected result",
             code == 0 and report.get("verdict") == "valid" and report.get("codes") == [] and
             report.get("result") == expected["expected_result"] and not report["not_checked"],
             f"{code} {report}")


def negative():
    folder = os.path.join(VECTORS, "negative")
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        archives = json.load(file)["archives"]
    for archive in archives:
        path = os.path.join(folder, archive["file"])
        reports = [verify(path, "--jobs", str(jobs), "--engine", engine)
                   for jobs, engine in ((1, "auto"), (2, "portable"))]
        code, report = reports[0]
        wanted = sorted(archive["must_report"])
        case(f"{archive['name']}: exactly {wanted}",
             report.get("codes") == wanted and
             report.get("warnings") == sorted(archive.get("may_warn", [])) and
             code == (1 if wanted else 0) and
             report["verdict"] == ("invalid" if wanted else "valid"), f"{code} {report}")
        case(f"{archive['name']}: the same with two threads and with the portable engine",
             all(other == reports[0] for other in reports), f"{reports}")
        case(f"{archive['name']}: every fault has its object and reason",
             all(f["code"] in wanted and f["object"] and f["reason"] for f in report["faults"]) and
             {f["code"] for f in report["faults"]} == set(wanted), f"{report['faults']}")


def for_people():
    path = os.path.join(VECTORS, "negative", "factor-altered.bel")
    done = run("tally/nep-verify", "archive", path)
    lines = done.stdout.splitlines()
    case("the verdict is the last line for people", done.returncode == 1 and
         lines[-1].startswith("verdict: invalid"), done.stdout)
    case("the fault is named for people", "pd-proof  partial decryption of trustee 1" in done.stdout,
         done.stdout)
    case("what was left unchecked is said", "the result: a partial decryption is wrong" in done.stdout,
         done.stdout)
    path = os.path.join(VECTORS, "positive", "Ed25519-blank", "election.bel")
    done = run("tally/nep-verify", "archive", path)
    case("a result is shown with the answers' names", done.returncode == 0 and
         "(blank)" in done.stdout and done.stdout.splitlines()[-1].startswith("verdict: valid"),
         done.stdout)


def could_not_run():
    for name, arguments in {"a file that is not there": ["archive", "/nonexistent.bel"],
                            "a folder without archives": ["archive", os.path.join(SOURCE, "scripts")],
                            "an unknown option": ["archive", "--frobnicate", "x.bel"],
                            "jobs that are no number": ["archive", "--jobs", "many", "x.bel"],
                            "no command": []}.items():
        done = run("tally/nep-verify", *arguments)
        case(f"{name}: exit code 2 and a message", done.returncode == 2 and done.stderr != "",
             f"{done.returncode} {done.stdout}")


positive()
negative()
for_people()
could_not_run()
finish()
