"""A8: each thing in an archive is broken once, and every time the verifier reports it; the number of
checks that were run is printed."""

import copy
import json
import os
import tempfile

from cases import (VECTORS, case, compact, finish, name_of, read_archive, rename, run, write_archive)

NEGATIVE = os.path.join(VECTORS, "negative")
folder = tempfile.TemporaryDirectory()
broken = []  # (what was broken, path)


def keep(what, data):
    path = os.path.join(folder.name, f"{len(broken)}.bel")
    with open(path, "wb") as file:
        file.write(data)
    broken.append((what, path))


def keep_records(what, records, mtime):
    path = os.path.join(folder.name, f"{len(broken)}.bel")
    write_archive(path, records, mtime)
    broken.append((what, path))


def label(records, i):
    name, body = records[i]
    return f"record {i} ({name[:6]}….{name.split('.')[1]}, {len(body)} bytes)"


def break_records(records, mtime):
    """Each record: a byte flipped, removed, doubled, exchanged with the next one."""
    for i, (name, body) in enumerate(records):
        flipped = bytearray(body)
        flipped[len(body) // 2] ^= 1
        keep_records(f"{label(records, i)}: a bit flipped", records[:i] + [(name, bytes(flipped))] +
                     records[i + 1:], mtime)
        keep_records(f"{label(records, i)}: removed", records[:i] + records[i + 1:], mtime)
        keep_records(f"{label(records, i)}: twice", records[:i + 1] + records[i:], mtime)
        if i + 1 < len(records):
            swapped = records[:i] + [records[i + 1], records[i]] + records[i + 2:]
            keep_records(f"{label(records, i)}: exchanged with the next", swapped, mtime)


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from leaves(item, path + (i,))
    else:
        yield path


def altered(value):
    """Another value of the same kind: the last digit or character changed."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return ""
    if value == "":
        return "a"
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def break_values(records, mtime, numbers):
    """Each value inside the chosen records, with names, payloads and chain made anew: only the check
    of that value can see it."""
    for i in numbers:
        value = json.loads(records[i][1])
        for path in leaves(value):
            changed = copy.deepcopy(value)
            inside = changed
            for key in path[:-1]:
                inside = inside[key]
            if path[-1:] == ():
                changed = altered(changed)
            else:
                inside[path[-1]] = altered(inside[path[-1]])
            keep_records(f"{label(records, i)}: {'.'.join(map(str, path))} altered",
                         rename(records, i, compact(changed)), mtime)


def break_form(records, mtime, numbers):
    """The same values in another form: a space, fields in another order, an unknown field."""
    for i in numbers:
        value = json.loads(records[i][1])
        keep_records(f"{label(records, i)}: a space at the end",
                     rename(records, i, records[i][1] + b" "), mtime)
        if isinstance(value, dict):
            if len(value) > 1:
                backwards = dict(reversed(list(value.items())))
                keep_records(f"{label(records, i)}: fields in reverse order",
                             rename(records, i, compact(backwards)), mtime)
            keep_records(f"{label(records, i)}: one field more",
                         rename(records, i, compact({**value, "more": 1})), mtime)


def break_bytes(path):
    """Each byte of some headers, and the padding; the file cut short or made longer."""
    with open(path, "rb") as file:
        data = file.read()
    size = int(data[124:135], 8)
    second = 512 + size + -size % 512
    for start in (0, second):
        for at in range(start, start + 512, 7):
            keep(f"byte {at} altered", data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
    keep("padding not zero", data[:512 + size] + b"x" + data[513 + size:])
    for cut in (1, 511, 512, 513, 1024):
        keep(f"cut off by {cut} bytes", data[:-cut])
    keep("512 zero bytes more", data + bytes(512))
    keep("1 byte more", data + b"x")
    keep("an empty file", b"")


def break_group_elements():
    """Numbers that are no group elements, zero among them (it has no inverse), in a ballot that counts
    and in one that a later ballot replaces."""
    path = os.path.join(VECTORS, "positive", "BELENIOS-2048-revote-weights-two", "election.bel")
    records, mtime = read_archive(path)
    ballots, cast = {}, []
    for i, (_, body) in enumerate(records):
        value = json.loads(body)
        if "signature" in value and "credential" in value["message"]:
            ballots.setdefault(value["message"]["credential"], []).append(i)
            cast.append(i)
    replaced = [numbers[0] for numbers in ballots.values() if len(numbers) > 1]
    for i in (replaced[0], cast[-1]):
        for number in ("0", "2", "-1", "00"):
            value = json.loads(records[i][1])
            value["message"]["answers"][0]["choices"][0]["beta"] = number
            keep_records(f"ballot {i} of {path}: beta is {number}",
                         rename(records, i, compact(value)), mtime)


def of_kind(records, type_name):
    """Number of the first event of a type."""
    for i, (name, body) in enumerate(records):
        if name.endswith(".event.json") and json.loads(body)["type"] == [type_name]:
            return i
    raise SystemExit(f"no {type_name} event in the archive")


def plan():
    plain = os.path.join(NEGATIVE, "control-plain.bel")
    records, mtime = read_archive(plain)
    keep_records("nothing", records, mtime)
    keep_records("nothing (chain made anew)", rename(records, 0, records[0][1]), mtime)
    break_records(records, mtime)
    break_bytes(plain)
    ballot, tally = of_kind(records, "Ballot"), of_kind(records, "EncryptedTally")
    share, result = of_kind(records, "PartialDecryption"), of_kind(records, "Result")
    # before Setup: election, trustees, credentials, setup; before the others: as protocol.md §11 says
    data = [0, 1, 2, 3, ballot - 1, tally - 2, tally - 1, share - 2, share - 1, result - 1]
    break_values(records, mtime, [0, 1, 2, ballot - 1, tally - 2, share - 2, result - 1])
    break_form(records, mtime, data)
    blank, mtime = read_archive(os.path.join(NEGATIVE, "control-blank.bel"))
    keep_records("nothing (blank allowed)", blank, mtime)
    break_values(blank, mtime, [of_kind(blank, "Ballot") - 1])


def swap_events(records):
    """Types of two events exchanged, with a chain made anew: the order of protocol.md §11 is enforced."""
    events = [i for i, (name, _) in enumerate(records) if name.endswith(".event.json")]
    for a, b in zip(events, events[1:]):
        kinds = [json.loads(records[i][1])["type"] for i in (a, b)]
        if kinds[0] == kinds[1]:
            continue
        changed = list(records)
        for i, kind in ((a, kinds[1]), (b, kinds[0])):
            event = json.loads(records[i][1])
            event["type"] = kind
            changed[i] = (name_of(compact(event), "event"), compact(event))
        changed = rename(changed, -1, b"")
        keep_records(f"types of events {kinds[0][0]} and {kinds[1][0]} exchanged", changed, mtime_of)


def with_heights(records):
    """Heights counted anew, then the chain."""
    out, height = [], 0
    for name, body in records:
        if name.endswith(".event.json"):
            event = json.loads(body)
            event["height"] = height
            height += 1
            body = compact(event)
            name = name_of(body, "event")
        out.append((name, body))
    return rename(out, -1, b"")


def break_decryptions(records, mtime):
    """A partial decryption twice, and one with a factor too few, in chains that are whole."""
    at = of_kind(records, "PartialDecryption")
    event = records[at - 2:at + 1]
    keep_records("partial decryption: a second one of the same trustee",
                 with_heights(records[:at + 1] + event + records[at + 1:]), mtime)
    value = json.loads(records[at - 2][1])
    value["message"][0].pop()
    keep_records("partial decryption: a factor too few", rename(records, at - 2, compact(value)), mtime)


plan()
break_group_elements()
plain_records, mtime_of = read_archive(os.path.join(NEGATIVE, "control-plain.bel"))
swap_events(plain_records)
break_decryptions(plain_records, mtime_of)
done = run("tests/vectors/many", text="".join(path + "\n" for _, path in broken))
lines = done.stdout.splitlines()
case("a8_every_archive_was_looked_at", done.returncode == 0 and len(lines) == len(broken),
     f"{len(lines)} of {len(broken)} {done.stderr[-2000:]}")
silent, checks, seen = [], 0, set()
broken_count = sum(not what.startswith("nothing") for what, _ in broken)
for (what, _), line in zip(broken, lines):
    count, verdict, *codes = line.split()
    checks += int(count)
    seen.update(codes)
    if what.startswith("nothing"):
        case(f"a8_unbroken_archive_is_valid: {what}", verdict == "valid" and not codes, line)
    elif verdict != "invalid" or not codes:
        silent.append(what)
case(f"a8_each_of_{broken_count}_broken_things_is_reported", not silent, "\n  ".join(silent[:50]))
wanted = set("""archive-chain archive-format archive-hash archive-missing-object archive-order
    archive-sequence ballot-blank-proof ballot-duplicate ballot-individual-proof ballot-membership
    ballot-noncanonical ballot-overall-proof ballot-parse ballot-signature ballot-unknown-credential
    credentials-parse election election-key noncanonical pd-duplicate pd-missing pd-parse pd-proof pd-shape
    pd-signature result-mismatch tally-counts tally-mismatch trustee-cert trustee-outer-signature
    trustee-pok""".split())
case("a8_the_checks_that_report_are_many_different_ones", wanted <= seen, str(wanted - seen))
case("a8_checks_are_counted", checks > 100 * len(broken), str(checks))
print(f"{len(broken)} archives, {checks} checks run; codes seen: {' '.join(sorted(seen))}")
folder.cleanup()
finish()
