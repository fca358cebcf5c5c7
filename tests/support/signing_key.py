"""Ed25519 keys of persons and mirrors as nep-admin keygen writes them. openssl signs with them, whatever our tools would
say to it."""

import base64
import os
import subprocess
import tempfile

from record_files import compact

PKCS8 = bytes.fromhex("302e020100300506032b657004220420")  # what stands before the 32 bytes of a private key


class SigningKey:
    """Of a key file, or a new one."""

    def __init__(self, key_file=None):
        seed = os.urandom(32)
        if key_file:
            with open(key_file, encoding="ascii") as file:
                seed = base64.b64decode(file.read().split()[1] + "=")
        self.pem = ("-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(PKCS8 + seed).decode() +
                    "\n-----END PRIVATE KEY-----\n")
        der = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER"], input=self.pem.encode(),
                             capture_output=True, check=True).stdout
        self.public = der[-32:].hex()

    def sign(self, data):
        with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as message:
            key.write(self.pem.encode())
            key.flush()
            message.write(data)
            message.flush()
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key.name, "-in", message.name],
                                  capture_output=True, check=True).stdout

    def envelope(self, tag, message):
        signature = self.sign(tag.encode() + b"\0" + compact(message))
        return {"message": message, "key": self.public, "signature": base64.b64encode(signature).decode().rstrip("=")}
