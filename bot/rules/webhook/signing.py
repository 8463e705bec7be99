"""Signatures of Standard Webhooks 1.0: HMAC with SHA-256 (v1), and Ed25519 (v1a)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SYMMETRIC, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"
LEAST, MOST = 24, 64
"""Bytes of a shared secret."""


class BadSecret(ValueError):
    """What is wrong with a secret, without telling it."""


@dataclass(frozen=True)
class Key:
    secret: bytes
    private: bool
    """For Ed25519."""

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Raises BadSecret."""
        text = text.strip()
        if text.startswith(PUBLIC):
            raise BadSecret("it is the public key, which whoever is told has; the private one begins with whsk_")
        private = text.startswith(PRIVATE)
        if not private and not text.startswith(SYMMETRIC):
            raise BadSecret("it begins neither with whsec_ nor with whsk_")
        try:
            found = base64.b64decode(text.removeprefix(PRIVATE if private else SYMMETRIC), validate=True)
        except (binascii.Error, ValueError):
            raise BadSecret("what follows its prefix is no base64") from None
        if private and len(found) not in (32, 64):
            raise BadSecret(f"a private key has 32 bytes, and this has {len(found)}")
        if not private and not LEAST <= len(found) <= MOST:
            raise BadSecret(f"a secret has {LEAST} to {MOST} bytes, and this has {len(found)}")
        return cls(found[:32] if private else found, private)

    def sign(self, message: bytes) -> str:
        if not self.private:
            return f"v1,{base64.b64encode(hmac.digest(self.secret, message, hashlib.sha256)).decode()}"
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return f"v1a,{base64.b64encode(Ed25519PrivateKey.from_private_bytes(self.secret).sign(message)).decode()}"

    @property
    def public(self) -> str:
        """What whoever is told verifies with."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        return PUBLIC + base64.b64encode(key.public_bytes_raw()).decode()


def headers(id_: str, timestamp: int, body: bytes, keys: Iterable[Key]) -> Mapping[str, str]:
    """Signed by each of the keys: a receiver takes the message that one of its own has signed."""
    message = f"{id_}.{timestamp}.".encode() + body
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(key.sign(message) for key in keys),
    }
