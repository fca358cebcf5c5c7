"""Requests that are wrong before anybody looks at their meaning."""

import shutil
import subprocess
import time

from attacker import read_answer


def raw_request(s, *lines, body=b"", pause=None):
    head = "\r\n".join(lines + (f"Host: {s.server.host}:{s.server.port}",)) + "\r\n\r\n"
    return s.server.raw(head.encode("latin-1") + body, pause)


def smuggling(s):
    post = f"POST {s.path}/ballots HTTP/1.1"
    kind = "Content-Type: application/json"

    def refuse(name, *lines, body=b""):
        answer = raw_request(s, post, kind, *lines, body=body)
        s.report.case(name, answer.status == 400, answer)

    refuse("two lengths that differ are refused", "Content-Length: 2", "Content-Length: 3", body=b"{} ")
    refuse("two equal lengths are refused", "Content-Length: 2", "Content-Length: 2", body=b"{}")
    refuse("a length beside chunked coding is refused", "Content-Length: 2", "Transfer-Encoding: chunked",
           body=b"2\r\n{}\r\n0\r\n\r\n")
    refuse("chunked twice is refused", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked",
           body=b"2\r\n{}\r\n0\r\n\r\n")
    refuse("a list of lengths is refused", "Content-Length: 2, 2", body=b"{}")
    refuse("a length with a sign is refused", "Content-Length: +2", body=b"{}")
    answer = s.server.raw("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".encode())
    s.report.case("two Host headers are refused", answer.status == 400, answer)


def slow_sender(s):
    """The deadline is on the whole request, so bytes that trickle do not keep it open."""
    def trickle(connection):
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(0.25)

    started = time.monotonic()
    answer = raw_request(s, f"POST {s.path}/ballots HTTP/1.1", "Content-Type: application/json",
                         "Content-Length: 4096", pause=trickle)
    took = time.monotonic() - started
    s.report.case("a slow sender is cut off with 408, though never idle", answer.status in (0, 408) and took < 14,
                  f"{answer} after {took:.1f} s")
    with s.server.connect() as connection:
        connection.sendall(b"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"Content-Length: 10\r\n\r\n{")
        answer = read_answer(connection)
    s.report.refused("a body that never comes whole gets 408", answer, 408)


def bounds(s):
    many = tuple(f"X-{i}: y" for i in range(200))
    answer = raw_request(s, "GET /healthz HTTP/1.1", *many)
    s.report.case("too many headers are refused", answer.status in (400, 431), answer)
    answer = raw_request(s, "GET /healthz HTTP/1.1", "X: " + "y" * 200000)
    s.report.case("a huge header is refused", answer.status in (0, 400, 413, 431), answer)
    answer = raw_request(s, "GET /" + "y" * 5000 + " HTTP/1.1")
    s.report.case("a huge address is refused", answer.status in (400, 414), answer)
    answer = s.server.post("/v1/sign-in", b" " * 100000)
    s.report.refused("a body above the limit is refused", answer, 413)
    s.report.case("the server still answers", s.server.get("/healthz").status == 200)


def routes(s):
    get, ask = s.server.get, s.server.ask
    s.report.refused("an unknown path is refused", get("/v1/nothing"), 404)
    s.report.refused("a path that climbs is refused", get("/v1/../../etc/passwd"), 404)
    s.report.refused("an unknown election is refused", get("/v1/elections/" + "9" * 14), 404)
    s.report.case("a malformed uuid is refused", get("/v1/elections/%00%0a'--").status in (400, 404))
    answer = ask("DELETE", s.path)
    s.report.refused("an unknown method is refused", answer, 405)
    s.report.case("the refusal names the methods allowed", "GET" in answer.headers.get("allow", ""), answer.headers)
    answer = ask("PUT", "/v1/sign-in", b"{}")
    s.report.case("PUT where POST is meant is refused", answer.status == 405 and answer.headers.get("allow") == "POST",
                  answer)
    answer = ask("HEAD", "/v1/elections")
    s.report.case("HEAD has headers and no body", answer.status == 200 and answer.body == b"", answer)
    s.report.refused("a wrong media type is refused",
                     ask("POST", "/v1/sign-in", b"{}", {"Content-Type": "text/plain"}), 415)
    s.report.refused("a missing media type is refused", ask("POST", "/v1/sign-in", b"{}"), 415)


def malformed_json(s):
    for path, good in (("/v1/sessions", b'{"id_token":"x"}'), ("/v1/registrations", b'{"event":"x"}'),
                       ("/v1/sign-in", b"{}")):
        for name, body in (("cut short", good[:-1]), ("followed by more", good + b"x"), ("empty", b""),
                           ("that is not UTF-8", b'{"id_token":"\xff"}'), ("that is a list", b"[]"),
                           ("with a key twice", b'{"id_token":"x","id_token":"x"}'),
                           ("nested a thousand deep", b'{"id_token":' + b"[" * 1000 + b"]" * 1000 + b"}"),
                           ("with an unknown field", b'{"unknown":1}')):
            answer = s.server.post(path, body)
            s.report.refused(f"{path}: JSON {name} is refused", answer, (400, 422))


def health(s):
    s.report.case("healthz answers", s.server.get("/healthz").status == 200)
    s.report.case("readyz answers", s.server.get("/readyz").status == 200)
    metrics = s.server.get("/metrics")
    promtool = shutil.which("promtool")
    done = subprocess.run([promtool or "promtool", "check", "metrics"], input=metrics.body, capture_output=True)
    s.report.case("promtool finds no fault in /metrics", metrics.status == 200 and done.returncode == 0 and
                  b"# TYPE" in metrics.body, done.stdout + done.stderr)
    done = subprocess.run([promtool or "promtool", "check", "metrics"],
                          input=metrics.body.replace(b"# TYPE", b"# TIPE", 1) + b"9bad{x=} y\n", capture_output=True)
    s.report.case("promtool would see a fault", done.returncode != 0)
    answer = s.server.get("/v1/key")
    s.report.case("the signer's public key is published", answer.status == 200 and len(answer.json()["key"]) == 64, answer)
    listed = s.server.get("/v1/elections").json()["elections"]
    s.report.case("the election is listed", s.uuid in [e["uuid"] for e in listed], listed)


def run(s):
    health(s)
    routes(s)
    malformed_json(s)
    smuggling(s)
    bounds(s)
    slow_sender(s)
