"""What the phases share: server, officials, issuer, people, and what earlier phases left behind."""

import json
import os
import subprocess
import time

from attacker import Device, Issuer, Official, Report, Server


def trusting(fingerprint, command):
    """nep-voter's option --trust, with the commands that take it."""
    return ["--trust", fingerprint] if {"register", "vote", "--registered"} & set(command) else []


class Setting:
    def __init__(self):
        env = os.environ
        self.state, self.build, self.source = env["NEP_STATE"], env["NEP_BUILD"], env["NEP_SOURCE"]
        self.uuid, self.event = env["NEP_UUID"], env["EVENT"]
        self.server = Server(env["NEP_URL"], self.state + "/ca.pem")
        self.official = Official(env["OFFICIAL"], self.state + "/official.key")
        self.issuer = Issuer(self.build + "/tests/issuer/nep-test-issuer", self.state + "/issuer/private.jwk",
                             env["ISSUER"], env["AUDIENCE"])
        with open(self.state + "/electorate/identifiers", encoding="utf-8") as file:
            self.people = file.read().split()
        self.report = Report()
        self.path = f"/v1/elections/{self.uuid}"

    def device(self):
        return Device(self.uuid, self.event)

    def token_for(self, person, *options, **claims):
        return lambda nonce: self.issuer.token(person, nonce, *options, **claims)

    def show(self):
        return self.server.get(self.path).json()

    def registered_are(self, wanted):
        """Whether so many are registered; what was counted slowly is kept for up to ten seconds (counts.h)."""
        end = time.monotonic() + 20
        while self.show()["counts"]["registered"] != wanted:
            if time.monotonic() > end:
                return False
            time.sleep(0.3)
        return True

    def cast(self, body, path=None, headers=None):
        return self.server.post((path or self.path) + "/ballots", body, headers)

    def program(self, *command):
        """Runs one of our programs: (exit code, everything it said)."""
        done = subprocess.run([f"{self.build}/{command[0]}", *command[1:]], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    # What one phase keeps for the next ones, such as the credential of a registered device.
    def keep(self, name, value):
        with open(f"{self.state}/kept-{name}.json", "w", encoding="utf-8") as file:
            json.dump(value, file)

    def kept(self, name):
        with open(f"{self.state}/kept-{name}.json", encoding="utf-8") as file:
            return json.load(file)

    def registered_device(self, name):
        return Device(self.uuid, self.event, credential=self.kept(name))
