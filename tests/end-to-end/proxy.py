"""An operator's machine in front of the real nep-server: it holds the server's own certificate, passes everything
on, and gives one voter other answers."""

import http.server
import ssl
import sys
import threading

from attacker import Server, compact


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body):
        self.send_response(status)
        for name in ("content-type", "location", "retry-after", "content-range"):
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self, method, body=None):
        headers = {name: self.headers[name] for name in ("Content-Type", "Range", "NEP-Act") if name in self.headers}
        real = self.server.real.ask(method, self.path, body, headers)
        self.answer(real.status, real.headers, real.body)

    def do_GET(self):
        lies = self.server.lies
        if self.path in lies:
            self.server.told += 1
            self.answer(200, {"content-type": "application/json"}, lies[self.path])
        else:
            self.pass_on("GET")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path in self.server.withheld:
            self.server.withheld[self.path].append(body)
            self.answer(409, {"content-type": "application/problem+json"},
                        compact({"type": "urn:nep:problem:closed", "title": "Conflict", "status": 409, "code": "closed",
                                 "detail": "voting has ended"}))
        elif self.path in self.server.lies:
            self.server.told += 1
            self.answer(201, {"content-type": "application/json"}, self.server.lies[self.path])
        else:
            self.pass_on("POST", body)


class Listener(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # the visitor hung up
            super().handle_error(request, client_address)


class Proxy:
    """lies: path → body that is answered instead. withheld: path → the bodies that were never passed on; who sent
    them is told in an answer that nobody signed that they are refused."""

    def __init__(self, s):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(s.state + "/server.pem", s.state + "/server.key")
        self.httpd = Listener(("127.0.0.1", 0), Handler)
        self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
        self.httpd.real = Server(s.server.url, s.state + "/ca.pem")
        self.url = "https://127.0.0.1:%d" % self.httpd.server_address[1]
        self.honest()
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    def honest(self):
        self.httpd.lies, self.httpd.withheld, self.httpd.told = {}, {}, 0

    def lie(self, lies):
        self.honest()
        self.httpd.lies = lies

    def withhold(self, path):
        self.honest()
        self.httpd.withheld = {path: []}

    def told(self):
        """How often somebody was lied to."""
        return self.httpd.told

    def kept(self, path):
        return self.httpd.withheld[path]
