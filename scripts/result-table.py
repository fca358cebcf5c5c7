#!/usr/bin/env python3
"""usage: result-table.py VERIFIED.json DEFINITION.json EXPECTED.json

Prints the result that nep-verify --json reported, with the candidates' names, and compares it with
what the simulated voters chose. Exit code 1 when they differ."""

import json
import sys
import unicodedata


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def width(text):
    """Columns on a terminal: combining marks take none."""
    return sum(not unicodedata.combining(c) for c in unicodedata.normalize("NFC", text))


def seats(counts, candidates, wanted):
    """A mark for each row: ● among the first, ○ where equal votes leave the last seats undecided."""
    ranked = sorted((counts[i] for i in candidates), reverse=True)
    last = ranked[wanted - 1]
    tied = len(ranked) > wanted and ranked[wanted] == last
    mark = lambda votes: "●" if votes > last or votes == last and not tied else "○" if votes == last else " "
    return [mark(counts[i]) if i in candidates else " " for i in range(len(counts))]


def table(question, counts, voted):
    rows = (["(phiếu trắng)"] if question["blank"] else []) + question["answers"]
    marks = seats(counts, range(1 if question["blank"] else 0, len(rows)), question["max"])
    left = max(width(r) for r in rows)
    print("\n" + question["question"])
    for place, (name, count) in enumerate(zip(rows, counts)):
        share = 100 * count / voted if voted else 0
        bar = "█" * round(share / 4)
        print(f"  {marks[place]} {name}{' ' * (left - width(name))} {count:6} {share:6.1f} %  {bar}")


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    verified, definition, expected = map(read, arguments)
    if verified["verdict"] != "valid":
        print("the archive is not valid", file=sys.stderr)
        return 1
    template = definition["template"]
    print("\n" + template["name"])
    for question, counts in zip(template["questions"], verified["result"]):
        table(question["value"], counts, expected["voted"])
    if verified["result"] != expected["result"]:
        print(f"\nvoters chose {expected['result']}, counted was {verified['result']}", file=sys.stderr)
        return 1
    print(f"\n{expected['voted']} voters; the count is what they chose.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
