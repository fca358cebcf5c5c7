"""Ballots: before the vote, during it, at its end."""

import base64
import json
import re
import secrets
import threading

import challenges
from attacker import Device, compact, enclosed, padded, reference

CHOICES = ([1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1])


def public(s):
    """Definition bytes and the length of a casting body."""
    return s.server.get(s.path + "/definition").body, s.show()["ballot_bytes"]


def signed_refusal(s, name, answer, code=None):
    problem = answer.json() if answer.code() else {}
    refusal = problem.get("refusal") or {}
    message = refusal.get("message", {})
    good = (answer.status == 409 and message.get("uuid") == s.uuid and message.get("time")
            and refusal.get("key") == s.server.get("/v1/key").json()["key"])
    s.report.case(name, good and (code is None or message.get("code") == code), answer)


def before_open(s):
    definition, size = public(s)
    voter = s.registered_device("python-voter")
    ballot = voter.ballot(definition, [CHOICES[1]])
    signed_refusal(s, "a13 a ballot before the vote is refused with a signed refusal", s.cast(padded(voter.enclosed(ballot), size)))
    s.report.refused("there is no head of statements before the vote", s.server.get(s.path + "/casts/head"), 404)
    s.report.refused("open is refused before its time", s.official.act(s.server, "open", s.uuid, {}), 409)
    s.report.refused("the list cannot be frozen twice", s.official.act(s.server, "freeze", s.uuid, {}), 409)
    s.report.refused("the roll cannot be changed after the freeze",
                     s.official.act(s.server, "roll", s.uuid, b"identifier,name\n079090000001,A\n"), 409)
    listed = s.server.get(s.path + "/credentials").json()
    texts = [c["credential"] for c in listed]
    group = voter.GROUP
    s.report.case("a17 there are as many credentials as people registered", len(texts) == s.show()["counts"]["registered"])
    s.report.case("the list is sorted by element, so its order tells nothing",
                  texts == sorted(texts, key=lambda t: group.sortkey(group.dec(t))))
    s.report.case("a replaced credential is not on the list", s.registered_device("replaced").public not in texts)


def padding(s, body, size):
    """a16: one length per election, and no size that tells the choice."""
    refused = s.report.refused
    refused("a16 a ballot that is not padded is refused", s.cast(body), 400)
    refused("a16 a ballot one byte short of its length is refused", s.cast(padded(body, size - 1)), 400)
    refused("a ballot one byte too long is refused", s.cast(padded(body, size + 1)), (400, 413))
    refused("a ballot padded with newlines is refused", s.cast(body + b"\n" * (size - len(body))), (400, 422))
    refused("a ballot padded in front is refused", s.cast(b" " * (size - len(body)) + body), (400, 422))
    refused("a ballot of a megabyte is refused", s.cast(padded(body, 1 << 20)), (400, 413))
    refused("an empty body is refused", s.cast(b""), 400)
    refused("a body of spaces is refused", s.cast(b" " * size), (400, 422))
    refused("a ballot of the wrong media type is refused", s.cast(padded(body, size), headers={"Content-Type": "text/plain"}), 415)
    refused("a compressed ballot is refused", s.cast(padded(body, size), headers={"Content-Encoding": "gzip"}), (400, 415))


def sizes(s, voter, definition, size):
    lengths = {}
    for choice in CHOICES:
        lengths[tuple(choice)] = [len(voter.enclosed(voter.ballot(definition, [choice]), 999999999, "f" * 64)) for _ in range(4)]
    spread = [max(v) for v in lengths.values()]
    s.report.case("a16 ballots of every choice fit the one length", max(spread) <= size, lengths)
    # Scalars vary by a digit or two each; the choice adds nothing to it.
    means = [sum(v) / len(v) for v in lengths.values()]
    s.report.case("a16 unpadded lengths differ by less than scalars vary", max(means) - min(means) < 30, lengths)


def altered(s, voter, definition, size):
    """Each ballot is wrong in one way only, and signed again where a signature would give it away."""
    good = json.loads(voter.ballot(definition, [CHOICES[1]]))
    message, group = good["message"], voter.GROUP
    copy = lambda value: json.loads(json.dumps(value))
    refuse = lambda name, ballot: s.report.refused(name, s.cast(padded(voter.enclosed(ballot), size)), (400, 413, 422))
    plain = lambda value: compact(value)

    def resigned(name, change):
        changed = copy(message)
        change(changed)
        refuse(name, voter.signed(changed))

    stranger = s.device()
    refuse("a ballot of a credential that is not on the list is refused", stranger.ballot(definition, [CHOICES[1]]))
    refuse("a ballot of a replaced credential is refused",
           s.registered_device("replaced").ballot(definition, [CHOICES[1]]))
    other = definition.replace(s.uuid.encode(), b"6" * 14)
    refuse("a ballot of another election is refused", voter.ballot(other, [CHOICES[1]]))
    resigned("a ballot naming another election hash is refused", lambda m: m.update(election_hash="0" * 64))
    resigned("a4 an answer of another voter is refused",
             lambda m: m.update(answers=json.loads(stranger.ballot(definition, [CHOICES[1]]))["message"]["answers"]))
    resigned("a4 permuted choices are refused", lambda m: m["answers"][0]["choices"].reverse())
    resigned("a3 two candidates too many are refused", lambda m: m.update(answers=[forged(voter, definition, [0, 1, 1, 1, 1, 1])]))
    resigned("a3 a vote of one thousand is refused", lambda m: m.update(answers=[forged(voter, definition, [0, 1000, 0, 0, 0, 0])]))
    resigned("a blank and a choice are refused", lambda m: m.update(answers=[forged(voter, definition, [1, 1, 0, 0, 0, 0])]))
    resigned("a vote for nobody is refused", lambda m: m.update(answers=[forged(voter, definition, [0] * 6)]))
    resigned("a1 an altered challenge is refused",
             lambda m: m["answers"][0]["individual_proofs"][0][0].update(challenge="7"))
    resigned("a7 the order-two point as alpha is refused",
             lambda m: m["answers"][0]["choices"][0].update(alpha="%064x" % (reference.Ed.P - 1)))
    resigned("a7 a point above p is refused",
             lambda m: m["answers"][0]["choices"][0].update(alpha="%064x" % (reference.Ed.P + 1)))
    resigned("a scalar with a leading zero is refused",
             lambda m: m["answers"][0]["overall_proof"][0].update(
                 response="0" + m["answers"][0]["overall_proof"][0]["response"]))
    resigned("a scalar not below q is refused",
             lambda m: m["answers"][0]["overall_proof"][0].update(response=str(group.q)))
    resigned("a missing answer is refused", lambda m: m.update(answers=[]))
    resigned("an answer too many is refused", lambda m: m["answers"].append(m["answers"][0]))
    resigned("a choice too many is refused", lambda m: m["answers"][0]["choices"].append(m["answers"][0]["choices"][0]))
    resigned("a missing blank proof is refused", lambda m: m["answers"][0].pop("blank_proof"))
    unsigned = copy(good)
    unsigned["signature"]["response"] = str((int(unsigned["signature"]["response"]) + 1) % group.q)
    refuse("a ballot with a wrong signature is refused", plain(unsigned))
    foreign = copy(message)
    foreign["credential"] = s.registered_device("other-voter").public
    refuse("a4 another voter's credential under one's own signature is refused", voter.signed(foreign))
    text = plain(good)
    refuse("a ballot with a space inside is refused", text.replace(b'":', b'": ', 1))
    refuse("a ballot with its fields in another order is refused",
           plain({"signature": good["signature"], "message": good["message"]}))
    refuse("a ballot with a key twice is refused", text.replace(b'"election_uuid":', b'"election_hash":"x","election_uuid":', 1))
    refuse("a ballot cut short is refused", text[:-1])
    # A digit whose neighbours in these bits break no JSON: the signature alone gives the change away.
    middle = next(i for i in range(len(text) // 2, len(text)) if text[i] in b"4567")
    for bit in (0, 1, 4):
        refuse(f"a ballot with bit {bit} of its middle byte changed is refused",
               text[:middle] + bytes([text[middle] ^ 1 << bit]) + text[middle + 1:])


def forged(voter, definition, vector):
    """An answer whose proofs are as good as one can make for a vector that is not allowed."""
    context = voter.context(definition)
    return reference.make_answer(context, context.fp + "|" + voter.public, context.e["questions"][0], vector)


def receipts(s, voter, definition, size):
    ballot = voter.ballot(definition, [CHOICES[1]])
    before = s.show()["counts"]["ballots"]
    body = padded(voter.enclosed(ballot), size)
    first = s.cast(body)
    tracker = reference.b64h(reference.shahex(ballot))
    receipt = first.json().get("message", {}) if first.status == 201 else {}
    s.report.case("a right ballot is accepted with a signed receipt that names it",
                  receipt.get("tracker") == tracker and receipt.get("uuid") == s.uuid, first)
    again = s.cast(body)
    s.report.case("the identical ballot again gets the original receipt",
                  again.status == 200 and again.body == first.body, again)
    s.report.case("and is stored once", s.show()["counts"]["ballots"] == before + 1, s.show())
    stored = s.server.get(f"{s.path}/ballots/{tracker.replace('+', '-').replace('/', '_')}")
    s.report.case("the ballot is found by its tracker, byte for byte", stored.body == ballot, stored)
    second = s.cast(padded(voter.enclosed(voter.ballot(definition, [CHOICES[2]])), size))
    s.report.case("voting again is a new event", second.status == 201
                  and second.json()["message"]["height"] > receipt.get("height", 1 << 40), second)
    s.keep("receipt", first.json())
    s.keep("last-ballot", second.json()["message"]["tracker"])


def order(s, voter, definition, size):
    """a23: the credential itself says in which order its ballots were made."""
    first, second = (voter.ballot(definition, [CHOICES[i]]) for i in (1, 2))
    older = padded(voter.enclosed(first), size)
    newer = s.cast(padded(voter.enclosed(second), size))
    s.report.case("a23 a ballot made later is accepted", newer.status == 201, newer)
    s.keep("last-ballot", newer.json()["message"]["tracker"])
    signed_refusal(s, "a23 an older ballot after a newer one is refused with a signed refusal", s.cast(older), "cast-order")
    signed_refusal(s, "a23 a ballot with the number of a stored one is refused",
                   s.cast(padded(voter.enclosed(first, Device.statements), size)), "cast-order")
    signed_refusal(s, "a23 a stored ballot with a new statement is refused",
                   s.cast(padded(voter.enclosed(second), size)), "cast-order")
    refuse = lambda name, body: s.report.refused(name, s.cast(padded(body, size)), (400, 422))
    refuse("a23 a ballot without a statement is refused", first)
    refuse("a23 a statement without a ballot is refused", enclosed(b"{}", voter.statement(first)))
    refuse("a23 a statement about another ballot is refused", enclosed(first, voter.statement(second)))
    refuse("a23 a statement for another election is refused", voter.enclosed(first, uuid="6" * 14))
    refuse("a23 a statement for another definition is refused", voter.enclosed(first, election_hash="0" * 64))
    refuse("a23 a statement under another key is refused", voter.enclosed(first, key=7))
    refuse("a23 a statement with the number zero is refused", voter.enclosed(first, 0))
    refuse("a23 a statement with a member too many is refused", voter.enclosed(first, more=1))


def parallel(s, definition, size):
    """a12: casts on one credential at the same time all get a place of their own."""
    voter = s.registered_device("other-voter")
    bodies = [padded(voter.enclosed(voter.ballot(definition, [CHOICES[i % 3]])), size) for i in range(12)]
    answers = [None] * len(bodies)

    def cast(i):
        answers[i] = s.cast(bodies[i])

    threads = [threading.Thread(target=cast, args=(i,)) for i in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heights = [a.json()["message"]["height"] for a in answers if a.status == 201]
    overtaken = [a for a in answers if a.status == 409 and a.code() == "cast-order"]
    s.report.case("a12 parallel casts on one credential have heights of their own, or a newer one was first",
                  len(set(heights)) == len(heights) and len(heights) + len(overtaken) == len(bodies),
                  [str(a) for a in answers if a.status != 201])
    s.report.case("a12 the newest of parallel casts is stored last",
                  answers[-1].status == 201 and answers[-1].json()["message"]["height"] == max(heights), heights)
    page, after, seen = None, 0, []
    while page is None or page["next"] is not None:
        page = s.server.get(f"{s.path}/ballots?after={after}&limit=7").json()
        seen += page["ballots"]
        after = page["next"]
    s.report.case("the pages of the board have every ballot once, without a gap",
                  [b["height"] for b in seen] == list(range(1, s.show()["counts"]["ballots"] + 1)),
                  [b["height"] for b in seen])
    s.report.case("a5 no two ballots have one tracker", len({b["tracker"] for b in seen}) == len(seen))


def board(s):
    for query in ("after=-1", "after=x", "limit=0", "limit=100000", "limit=1&limit=2", "after=99999999999999999999"):
        answer = s.server.get(f"{s.path}/ballots?{query}")
        s.report.refused(f"the board refuses ?{query}", answer, 400)
    missing = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    s.report.refused("an unknown tracker is refused", s.server.get(f"{s.path}/ballots/{missing}"), 404)
    first = s.server.get(f"{s.path}/archive?upto=0").body
    setup = re.search(rb'"type":\["Setup"\],"payload":"([0-9a-f]{64})"', first)[1]
    other = base64.urlsafe_b64encode(bytes.fromhex(setup.decode())).decode().rstrip("=")
    s.report.refused("the hash of another event is no tracker", s.server.get(f"{s.path}/ballots/{other}"), 404)
    s.report.refused("a malformed tracker is refused", s.server.get(f"{s.path}/ballots/short"), (400, 404))


def while_open(s):
    s.report.refused("there is no head of statements before the first ballot", s.server.get(s.path + "/casts/head"), 404)
    definition, size = public(s)
    voter = s.registered_device("python-voter")
    padding(s, voter.enclosed(voter.ballot(definition, [CHOICES[1]])), size)
    sizes(s, voter, definition, size)
    altered(s, voter, definition, size)
    s.report.case("none of these was stored", s.show()["counts"]["ballots"] == 0, s.show())
    challenges.while_open(s, size, signed_refusal)
    receipts(s, voter, definition, size)
    order(s, voter, definition, size)
    parallel(s, definition, size)
    board(s)
    other = s.registered_device("other-voter")
    last = s.cast(padded(other.enclosed(other.ballot(definition, [CHOICES[0]])), size))
    s.report.case("the last ballot of a credential can be a blank one", last.status == 201, last)
    s.report.refused("close is refused before its time", s.official.act(s.server, "close", s.uuid, {}), 409)
    s.report.refused("the tally is refused while the vote is open",
                     s.official.act(s.server, "tally", s.uuid, {"encrypted_tally": "[]", "sized": "{}", "acts": [],
                                                                "countersignatures": []}), 409)


def during_closing(s):
    """a13: ballots are cast while the vote closes; each is in the chain before the end or refused."""
    definition, size = public(s)
    voter = s.registered_device("other-voter")
    bodies = [padded(voter.enclosed(voter.ballot(definition, [CHOICES[0]])), size) for _ in range(10)]
    answers = []

    def cast():
        for body in bodies:
            answers.append(s.cast(body))

    thread = threading.Thread(target=cast)
    thread.start()
    closing = s.official.act(s.server, "close", s.uuid, {})
    thread.join()
    s.report.case("the vote closes", closing.status in (200, 201) and s.show()["phase"] == "closed", closing)
    end = s.show()["height"]
    late = [a for a in answers if a.status != 201]
    s.report.case("a13 a ballot accepted while closing is before the end marker",
                  all(a.json()["message"]["height"] < end for a in answers if a.status == 201))
    for answer in late[:3]:
        signed_refusal(s, "a13 a ballot that came too late is refused with a signed refusal", answer)
    answer = s.cast(bodies[0][:-1] + b" ")
    if answers[0].status == 201:
        s.report.case("a13 a retry after the end still gets the original receipt",
                      answer.status == 200 and answer.body == answers[0].body, answer)
    challenges.after_closing(s, size)
    signed_refusal(s, "a13 a new ballot after the end is refused with a signed refusal",
                   s.cast(padded(voter.enclosed(voter.ballot(definition, [CHOICES[0]])), size)))
