"""nep-verify dispute over a real election: the server's own files, a server that changed the order of
ballots, a voter who accuses it falsely, and one who did not vote."""

import json


def dispute(s, *files):
    key = s.server.get("/v1/key").json()["key"]
    code, said = s.program("tally/nep-verify", "dispute", "--json", "--key", key, *files)
    try:
        found = json.loads(said)
    except ValueError:
        return code, [said], []
    return code, [e["code"] for e in found["shown"]], [e["code"] for e in found["undecided"] + found["in_order"]]


def run(s):
    """After casts.py: served.* is what the server gave, forged.* a record in another order."""
    at = lambda name: f"{s.state}/{name}"
    served = ("--published", at("served.bel"), "--published", at("served.casts"))
    order = [at(f"order-{name}.json") for name in ("refusal", "ballot", "statement")]
    code, shown, rest = dispute(s, *served, *order)
    s.report.case("a23 a ballot refused as older than a stored one is explained by the record",
                  code == 0 and "casts-held" in rest and "refusal-explained" in rest, (shown, rest))
    code, shown, rest = dispute(s, *served, *order[:2], at("order-afterwards.json"))
    s.report.case("a23 a statement signed after the refusal accuses nobody", code == 0 and not shown and "refusal" in rest,
                  (shown, rest))
    code, shown, rest = dispute(s, at("forged.bel"), "--published", at("forged.casts"))
    s.report.case("a23 a server that changed the order is shown to have cheated", code == 1 and shown == ["casts-order"],
                  (shown, rest))
    code, shown, rest = dispute(s, at("forged.bel"), at("forged.casts"))
    s.report.case("a23 and not by files that anybody could have made", code == 0 and "casts-unattributed" in rest, (shown, rest))
    with open(at("head-test.json"), "wb") as file:
        file.write(s.server.get(s.path + "/head").body)
    idle = f"{s.state}/devices/8/credentials-{s.uuid}.txt"
    code, shown, rest = dispute(s, "--credential-file", idle, at("head-test.json"), at("served.bel"))
    s.report.case("who did not vote shows that nobody voted in their place", code == 0 and "nothing-cast" in rest, (shown, rest))
