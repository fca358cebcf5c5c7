"""Who may register which credential, once."""

import base64
import json
import secrets

from attacker import base64url, compact, sign_in_nonce


def tokens(s):
    """Each body is right but for its token."""
    me, device = s.people[-1], s.device()
    send = lambda token_for: s.server.post("/v1/registrations", device.registration(token_for))
    refuse = lambda name, token_for, *statuses: s.report.refused(name, send(token_for), statuses)
    denied = (401, 403, 422)
    refuse("a token for another nonce is refused", lambda nonce: s.issuer.token(me, "A" * 43), *denied)
    refuse("an expired token is refused", s.token_for(me, "--expires-in", "-60"), *denied)
    refuse("a token issued an hour ago is refused", s.token_for(me, "--issued-in", "-3600"), *denied)
    refuse("a token issued an hour ahead is refused", s.token_for(me, "--issued-in", "3600", "--expires-in", "7200"), *denied)
    refuse("a token not valid yet is refused", s.token_for(me, "--not-before-in", "600"), *denied)
    refuse("a token of another issuer is refused", s.token_for(me, issuer="https://evil.example"), *denied)
    refuse("a token for another audience is refused", s.token_for(me, audience="bank"), *denied)
    refuse("an unsigned token is refused", s.token_for(me, "--algorithm", "none"), 400, *denied)
    refuse("a token signed with the public key as a secret is refused", s.token_for(me, "--algorithm", "HS256"), *denied)
    refuse("a token of an unknown key is refused", s.token_for(me, "--kid", "stranger"), *denied)
    refuse("a token that is no token is refused", lambda nonce: "a.b.c", 400, *denied)
    refuse("an altered token is refused", lambda nonce: promoted(s.issuer.token(me, nonce), s.people[-2]), *denied)
    refuse("a voter who is not on the roll is refused", s.token_for("079099999999"), 403, 404)


def promoted(token, person):
    """The token of somebody else: well-formed claims that the signature does not cover."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["sub"] = person
    return ".".join([head, base64url(compact(claims)), signature])


def credentials(s):
    me, device, group = s.people[-1], s.device(), s.device().GROUP
    post = lambda body: s.server.post("/v1/registrations", body)
    bad = lambda name, body, *statuses: s.report.refused(name, post(body), statuses or (400, 422))
    named = lambda text: {"head": {"credentials": [{"uuid": s.uuid, "credential": text}]}}
    torsion = group.enc(group.mul(group.dec(device.public), group.dec("%064x" % 0)))
    token = s.token_for(me)
    bad("a7 the identity is no credential", device.registration(token, **named("%064x" % 1)))
    bad("a7 a point of small order is no credential", device.registration(token, **named("%064x" % 0)))
    bad("a7 a credential with a small-order part is refused", device.registration(token, **named(torsion)))
    bad("a7 a credential in upper case is refused", device.registration(token, **named(device.public.upper())))
    bad("a credential off the curve is refused", device.registration(token, **named("%064x" % 2)))
    body = device.registration(token)
    body["credentials"][0]["proof"] = device.possession(device.nonce, key=secrets.randbelow(group.q))
    bad("a possession proof by another key is refused", body)
    bad("a possession proof for another nonce is refused",
        device.registration(token, proof=device.possession("A" * 43)))
    body = device.registration(token)
    body["credentials"][0]["proof"] = device.possession(device.nonce, uuid="4" * 14)
    bad("a possession proof for another election is refused", body)
    body = device.registration(token)
    body["salt"] = secrets.token_hex(32)
    bad("a salt that the token does not bind is refused", body, 400, 401, 403, 422)
    bad("a salt that is too short is refused", dict(device.registration(token), salt="00"))
    bad("an unknown event is refused", device.registration(token, head={"event": "nothing"}), 400, 404, 409, 422)
    bad("an unknown election is refused",
        device.registration(token, head={"credentials": [{"uuid": "5" * 14, "credential": device.public}]}),
        400, 404, 409, 422)
    twice = [{"uuid": s.uuid, "credential": device.public}] * 2
    bad("an election named twice is refused", device.registration(token, head={"credentials": twice}))
    bad("a registration of no election is refused", device.registration(token, head={"credentials": []}))
    bad("an unknown field is refused", dict(device.registration(token), colour="red"))
    text = compact(device.registration(token))
    bad("a key twice is refused", text.replace(b'"salt":', b'"event":"%s","salt":' % s.event.encode(), 1))
    bad("a body cut short is refused", text[:-1])


def succession(s):
    """One person, one line of registrations; a fork is refused."""
    me, post = s.people[-1], lambda body: s.server.post("/v1/registrations", body)
    first, second, third = s.device(), s.device(), s.device()
    before = s.show()["counts"]["registered"]
    body = first.registration(s.token_for(me))
    answer = post(body)
    s.report.case("a right registration is accepted with a signed receipt",
                  answer.status == 201 and answer.json()["message"]["nonce"] == first.nonce, answer)
    again = post(body)
    s.report.case("the identical registration again makes no second one",
                  again.status in (200, 201, 409) and s.registered_are(before + 1), again)
    s.report.refused("a second registration that replaces nothing is refused",
                     post(second.registration(s.token_for(me))), 409)
    s.report.refused("a registration that replaces an unknown one is refused",
                     post(second.registration(s.token_for(me), replaces=base64url(secrets.token_bytes(32)))), 409)
    s.report.refused("a registration that replaces another person's is refused",
                     post(second.registration(s.token_for(s.people[-2]), replaces=first.nonce)), 409)
    answer = post(second.registration(s.token_for(me), replaces=first.nonce))
    s.report.case("a lost credential is replaced by naming the registration it replaces", answer.status == 201, answer)
    s.report.refused("a fork (the same registration replaced twice) is refused",
                     post(third.registration(s.token_for(me), replaces=first.nonce)), 409)
    s.report.case("all of this is one person more", s.registered_are(before + 1), s.show())
    s.keep("replaced", first.credential)
    s.keep("python-voter", second.credential)
    s.keep("python-voter-nonce", second.nonce)
    other = s.device()
    answer = post(other.registration(s.token_for(s.people[-2])))
    s.report.case("another voter registers", answer.status == 201, answer)
    s.keep("other-voter", other.credential)


def sessions(s):
    server, me = s.server, s.people[-1]
    start = server.post("/v1/sign-in", {})
    s.report.case("sign-in gives a nonce", start.status in (200, 201) and start.json()["nonce"], start)
    given = start.json()["nonce"]
    nonce = sign_in_nonce(given)
    s.report.case("a session for a nonce that we did not give is refused",
                  server.post("/v1/sessions", {"id_token": s.issuer.token(me, "C" * 43)}).status in (401, 403, 409, 422))
    s.report.case("a17 a token whose nonce the server chose opens no session",
                  server.post("/v1/sessions", {"id_token": s.issuer.token(me, given)}).code() == "sign-in-nonce")
    opened = server.post("/v1/sessions", {"id_token": s.issuer.token(me, nonce)})
    s.report.case("a token with a nonce made of the server's opens a session", opened.status in (200, 201), opened)
    again = server.post("/v1/sessions", {"id_token": s.issuer.token(me, nonce)})
    s.report.case("a nonce opens one session only", again.status in (401, 403, 409, 422) and again.code(), again)
    bearer = {"Authorization": "Bearer " + opened.json()["session"]}
    own = server.ask("GET", "/v1/me/registration", headers=bearer)
    s.report.case("a voter sees the own registration",
                  own.status == 200 and s.kept("python-voter-nonce") in own.body.decode(), own)
    accesses = server.ask("GET", "/v1/me/accesses", headers=bearer)
    s.report.case("a voter sees who looked at it", accesses.status == 200 and accesses.json(), accesses)
    for name, headers in (("without a session", {}), ("with an invented session", {"Authorization": "Bearer " + "D" * 43}),
                          ("with a password", {"Authorization": "Basic YTpi"})):
        for path in ("/v1/me/registration", "/v1/me/accesses"):
            s.report.refused(f"{path} {name} is refused", server.ask("GET", path, headers=headers), 401)
    registration_token = s.issuer.token(me, s.kept("python-voter-nonce"))
    s.report.case("a token made for a registration opens no session",
                  server.post("/v1/sessions", {"id_token": registration_token}).status in (401, 403, 409, 422))


def wrong_phase(s):
    for action in ("freeze", "open", "close"):
        s.report.refused(f"{action} is refused before registration has closed",
                         s.official.act(s.server, action, s.uuid, {}), 409)
    s.report.refused("registration is not opened twice", s.official.act(s.server, "registration", s.uuid, {}), 409)
    s.report.refused("the list of credentials is not there before the freeze", s.server.get(s.path + "/credentials"), 404)


def run(s):
    tokens(s)
    credentials(s)
    succession(s)
    sessions(s)
    wrong_phase(s)
    definition = s.server.get(s.path + "/definition")
    s.report.case("the definition's bytes hash to its ETag and to the election's hash",
                  definition.headers.get("etag", "").strip('"') == s.show()["election_hash"]
                  and json.loads(definition.body)["uuid"] == s.uuid, definition.headers)


def late(s):
    device = s.device()
    s.report.refused("a late registration is refused",
                     s.server.post("/v1/registrations", device.registration(s.token_for(s.people[-3]))), 409)
