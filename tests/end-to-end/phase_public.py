"""The public record once the result is announced."""

import hashlib
import json

import casts
import phase_tally
import challenges
from attacker import compact, reference


def archive(s):
    get, path = s.server.get, s.path + "/archive"
    moved = get(path)
    height = s.show()["height"]
    s.report.case("the archive's address without a height leads to the head",
                  moved.status == 307 and moved.headers.get("location", "").endswith(f"/archive?upto={height}"), moved)
    whole = get(f"{path}?upto={height}")
    etag = whole.headers.get("etag", "")
    s.report.case("the archive is served whole, immutable, under the event's hash",
                  whole.status == 200 and "immutable" in whole.headers.get("cache-control", "")
                  and etag.strip('"') == s.show()["head"], whole.headers)
    part = get(f"{path}?upto={height}", Range="bytes=512-1023")
    s.report.case("a range is served as asked", part.status == 206 and part.body == whole.body[512:1024]
                  and part.headers.get("content-range") == f"bytes 512-1023/{len(whole.body)}", part.headers)
    tail = get(f"{path}?upto={height}", Range="bytes=-100")
    s.report.case("the last bytes are served as asked", tail.status == 206 and tail.body == whole.body[-100:], tail.headers)
    rest = get(f"{path}?upto={height}", Range=f"bytes={len(whole.body) - 7}-")
    s.report.case("the rest from a place is served as asked", rest.status == 206 and rest.body == whole.body[-7:], rest.headers)
    beyond = get(f"{path}?upto={height}", Range=f"bytes={len(whole.body)}-")
    s.report.case("a range beyond the end is refused with 416", beyond.status == 416, beyond)
    odd = get(f"{path}?upto={height}", Range="bytes=5-1")
    s.report.case("a range that runs backwards is ignored or refused",
                  odd.status == 416 or odd.status == 200 and odd.body == whole.body, odd)
    same = get(f"{path}?upto={height}", If_None_Match=etag)
    s.report.case("who has it already gets 304 without a body", same.status == 304 and same.body == b"", same)
    other = get(f"{path}?upto={height}", Range="bytes=0-9", If_Range='"other"')
    s.report.case("a range of another version is served whole", other.status == 200 and other.body == whole.body, other.headers)
    earlier = get(f"{path}?upto={height - 3}")
    s.report.case("an earlier height is a prefix", earlier.status == 200 and len(earlier.body) < len(whole.body)
                  and whole.body.startswith(earlier.body), earlier.headers)
    s.report.refused("a height beyond the head is refused", get(f"{path}?upto={height + 1}"), 404)
    s.report.refused("a height that is no number is refused", get(f"{path}?upto=-1"), 400)
    return whole.body


def documents(s):
    for name in ("definition", "trustees", "credentials", "result"):
        answer = s.server.get(f"{s.path}/{name}")
        s.report.case(f"{name}: its ETag is the SHA-256 of its bytes",
                      answer.status == 200 and answer.headers.get("etag", "").strip('"') == hashlib.sha256(answer.body).hexdigest(),
                      answer.headers)
        again = s.server.get(f"{s.path}/{name}", If_None_Match=answer.headers.get("etag", ""))
        s.report.case(f"{name}: who has it already gets 304", again.status == 304, again)
    acts, countersignatures = phase_tally.papers(s)
    for name, signed in (("tally-acts", acts), ("countersignatures", countersignatures)):
        served = s.server.get(f"{s.path}/documents/{name}")
        s.report.case(f"{name}: served as they were signed",
                      served.status == 200 and served.body == compact(signed), served.body)
    verdict = s.server.get(f"{s.path}/documents/verdict").json()
    s.report.case("the auditors' verdict is served", verdict["message"]["uuid"] == s.uuid, verdict)
    head = s.server.get(s.path + "/head").json()
    s.report.case("the signed head is the archive's", head["message"]["event"] == s.show()["head"]
                  and head["message"]["height"] == s.show()["height"], head)


def receipts(s):
    receipt, other = s.kept("receipt"), s.state + "/receipt-test.json"
    key = s.server.get("/v1/key").json()["key"]

    def verify(value, key=key):
        with open(other, "wb") as file:
            file.write(compact(value))
        return s.program("tally/nep-verify", "receipt", "--key", key, other, s.state + "/election.bel")

    code, said = verify(receipt)
    s.report.case("the receipt of a ballot holds against the archive", code == 0, said)
    for name, change in (("tracker", "A" * 43), ("height", receipt["message"]["height"] + 1), ("event", "0" * 64)):
        code, said = verify(dict(receipt, message=dict(receipt["message"], **{name: change})))
        s.report.case(f"a receipt with an altered {name} is refused", code == 1, said)
    code, said = verify(receipt, "0" * 64)
    s.report.case("a receipt under another key is refused", code == 1, said)


def stuffing(s, whole):
    """a17: with everything the server has, a ballot for somebody who stayed away does not verify."""
    report = reference.Rep()
    context = reference.load(whole, report)
    used = {json.loads(b)["message"]["credential"] for b in reference.payloads(context, "Ballot")}
    idle = sorted(set(context.creds) - used)[0]
    body = json.loads(reference.payloads(context, "Ballot")[0])
    body["message"]["credential"] = idle
    group = context.G
    context_key = 12345
    message = body["message"]
    message["answers"] = [reference.make_answer(context, context.fp + "|" + idle, q, [0, 1, 0, 0, 0, 0])
                          for q in context.e["questions"]]
    forged = {"message": message, "signature": reference.sig_make(group, "ballot", context_key, message)}
    stuffed = s.state + "/stuffed.bel"
    with open(stuffed, "wb") as file:
        file.write(rebuilt(context, whole, reference.dumps(forged).encode()))
    code, said = s.program("tally/nep-verify", "archive", "--json", stuffed)
    codes = json.loads(said)["codes"]
    s.report.case("a17 a ballot that the server makes for an abstainer is refused by the verifier",
                  code == 1 and codes == ["ballot-signature"], said[:500])
    refused, _ = reference.verify(open(stuffed, "rb").read())
    s.report.case("a17 and by the independent verifier", {c for c, _ in refused.problems} == {"ballot-signature"},
                  refused.problems)


def rebuilt(context, whole, ballot):
    """The archive up to its first ballot, with another ballot in its place and a right chain."""
    stamp = int(whole[136:147], 8)

    def record(kind, body):
        name = f"{hashlib.sha256(body).hexdigest()}.{kind}.json"
        return reference.tar_header(name, len(body), stamp) + body + b"\0" * (-len(body) % 512)

    first = next(e for _, e in context.events if e["type"] == ["Ballot"])
    start = whole.index(first["payload"].encode() + b".data.json")
    payload = hashlib.sha256(ballot).hexdigest()
    event = compact({"parent": first["parent"], "height": first["height"], "type": ["Ballot"], "payload": payload})
    return whole[:start] + record("data", ballot) + record("event", event)


def verifier(s, whole):
    code, said = s.program("tally/nep-verify", "archive", "--json", s.state + "/election.bel")
    found = json.loads(said)
    s.report.case("nep-verify finds it valid and counts its checks",
                  code == 0 and found["verdict"] == "valid" and found["codes"] == []
                  and sum(found["checks"].values()) > 100, said[:500])
    reports, _ = reference.verify(whole)
    s.report.case("the independent verifier finds it valid", not reports.problems, reports.problems)
    cut = s.state + "/cut.bel"
    with open(cut, "wb") as file:
        file.write(whole[:-512])
    code, said = s.program("tally/nep-verify", "archive", cut)
    s.report.case("an archive that lost its last block is refused", code == 1, said)
    code, said = s.program("tally/nep-verify", "archive", "--earlier", s.state + "/election.bel", s.state + "/closed.bel")
    s.report.case("an archive that is shorter than an earlier copy is refused", code == 1, said)
    code, said = s.program("tally/nep-verify", "archive", s.state + "/no-such.bel")
    s.report.case("an archive that is not there is no verdict", code == 2, said)


def privacy(s):
    """Neither logs nor metrics name a person, a credential or an address."""
    with open(s.state + "/nep-server.log", encoding="utf-8") as file:
        log = file.read()
    lines = [json.loads(line) for line in log.splitlines()]
    s.report.case("the log is JSON, a line each", len(lines) > 0 and all(isinstance(line, dict) for line in lines))
    text = log + s.server.get("/metrics").body.decode()
    s.report.case("no identification number stands in log or metrics", not any(p in text for p in s.people))
    credentials = [c["credential"] for c in s.server.get(s.path + "/credentials").json()]
    s.report.case("no credential stands in log or metrics", not any(c in text for c in credentials))
    s.report.case("no tracker stands in log or metrics", s.kept("receipt")["message"]["tracker"] not in text)


def run(s):
    whole = archive(s)
    documents(s)
    receipts(s)
    verifier(s, whole)
    stuffing(s, whole)
    casts.run(s, whole)
    challenges.public(s, whole)
    privacy(s)
    for action in ("close", "open", "freeze"):
        s.report.refused(f"{action} is refused after the announcement", s.official.act(s.server, action, s.uuid, {}), 409)
