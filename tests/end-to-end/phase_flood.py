"""Many requests from one address, to a server that allows few: any machine sends more than it allows."""

import http.client
import time


def status_of(connection):
    connection.request("GET", "/v1/key")
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Retry-After")


def run(s):
    connection = http.client.HTTPSConnection(s.server.host, s.server.port, context=s.server.tls, timeout=30)
    refused = (None, None)
    for _ in range(1000):
        refused = status_of(connection)
        if refused[0] == 429:
            break
    status, wait = refused
    s.report.case("too many requests from one address get 429 and a time to wait",
                  status == 429 and wait and wait.isdecimal() and int(wait) >= 1, refused)
    time.sleep(min(int(wait or 0), 10))
    status, _ = status_of(connection)
    s.report.case("who waited that long is answered", status == 200, status)
    connection.close()
