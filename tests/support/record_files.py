"""Archives and casts files as the tests make them, right and wrong (protocol.md §11). tests/reference/check.py has code
of its own for this, because it must share none."""

import hashlib
import json


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def name_of(body, kind):
    return f"{sha256(body)}.{kind}.json"


def header(name, size, mtime):
    block = bytearray(512)
    for offset, text in ((0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"),
                         (124, "%011o" % size), (136, "%011o" % mtime), (148, " " * 8), (156, "0")):
        block[offset:offset + len(text)] = text.encode()
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def record(name, body, mtime):
    return header(name, len(body), mtime) + body + bytes(-len(body) % 512)


def records(data):
    """(name, body) of each record."""
    at = 0
    while at < len(data):
        size = int(data[at + 124:at + 135], 8)
        yield data[at:at + 100].rstrip(b"\0").decode(), data[at + 512:at + 512 + size]
        at += 512 + size + -size % 512


class Chain:
    """A file of records, each event naming the one before. first: name and body of the first record."""

    def __init__(self, first):
        name, body = first
        self.time = json.loads(body)["timestamp"]
        self.data, self.height, self.parent = record(name, body, self.time), 0, None

    def put(self, body, kind="data"):
        self.data += record(name_of(body, kind), body, self.time)
        return sha256(body)

    def event(self, kind, payload, **changed):
        event = {} if self.parent is None else {"parent": self.parent}
        event.update(height=self.height, type=[kind], payload=payload)
        event.update(changed)
        self.parent = self.put(compact(event), "event")
        self.height += 1


def casts_of(first, statements, **changed):
    """A casts file with these statements in this order, whatever they say."""
    chain = Chain(first)
    for statement in statements:
        chain.event("Cast", chain.put(statement), **changed)
    return chain.data
