"""Ed25519 keys for the journal's checkpoints: a base64 seed, or a PEM file's text."""

import base64
import binascii
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from bot.rules.journal.checkpoints import Checkpoint

SEED_BYTES = 32


class UnfitKey(ValueError):
    """The key cannot be used; the message says why, and never what it is."""


class Public:
    """The half that checks."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.text = base64.b64encode(key.public_bytes_raw()).decode()
        self.id = sha256(key.public_bytes_raw()).hexdigest()[:16]

    def signed(self, checkpoint: Checkpoint) -> bool:
        """Whether the checkpoint is as the holder of the other half signed it."""
        if checkpoint.key != self.id or checkpoint.signature is None:
            return False
        try:
            signature = base64.b64decode(checkpoint.signature)
            self._key.verify(signature, checkpoint.statement.encode())
        except (InvalidSignature, ValueError):
            return False
        # The same bytes can be spelled otherwise; then it is not as it was written.
        return base64.b64encode(signature).decode() == checkpoint.signature


class Signer:
    """The half that signs."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = Public(key.public_key())

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        named = checkpoint.signed(self.public.id, "")
        return named.signed(self.public.id, base64.b64encode(self._key.sign(named.statement.encode())).decode())

    def sign_bytes(self, content: bytes) -> bytes:
        """The signature alone, as `openssl pkeyutl -verify` takes it."""
        return self._key.sign(content)


def new_seed() -> str:
    return base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def signer(text: str) -> Signer:
    """From a seed in base64, or from what a PEM file says. Raises UnfitKey."""
    if "-----BEGIN" not in text:
        return Signer(Ed25519PrivateKey.from_private_bytes(_raw(text)))
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnfitKey("is not a PEM private key without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnfitKey("is not an Ed25519 key")
    return Signer(key)


def public(text: str) -> Public:
    """From 32 bytes in base64, or from what a PEM file says. Raises UnfitKey."""
    if "-----BEGIN" not in text:
        return Public(Ed25519PublicKey.from_public_bytes(_raw(text)))
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise UnfitKey("is not a PEM public key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnfitKey("is not an Ed25519 key")
    return Public(key)


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise UnfitKey("is neither base64 nor PEM") from None
    if len(raw) != SEED_BYTES:
        raise UnfitKey(f"is not {SEED_BYTES} bytes in base64")
    return raw
