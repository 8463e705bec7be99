"""Whether a message of Amazon SNS is Amazon's: its signature, and where its certificate may lie.

Source: Amazon SNS Developer Guide, “Verifying the signatures of Amazon SNS messages”.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from bot.rules.alert.sns import NOTIFICATION

_HOST = re.compile(r"sns\.[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}\.amazonaws\.com(?:\.cn)?", re.ASCII)
_OF_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_OF_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class NotAmazons(ValueError):
    """The message is not signed by Amazon; the words say what is wrong."""


def amazons(url: object) -> str:
    """The address, where it is one of Amazon's SNS. Raises NotAmazons."""
    said = url if isinstance(url, str) else ""
    try:
        parts = urlsplit(said)
        plain = parts.port in (None, 443) and not parts.username and not parts.password
    except ValueError:
        plain = False
    if not plain or parts.scheme != "https" or not _HOST.fullmatch(parts.hostname or ""):
        raise NotAmazons("the address is not one of Amazon SNS")
    return said


def certificate_url(message: Mapping[str, object]) -> str:
    """Where its certificate lies. Raises NotAmazons."""
    url = amazons(message.get("SigningCertURL") or message.get("SigningCertUrl"))
    if not urlsplit(url).path.endswith(".pem") or urlsplit(url).query:
        raise NotAmazons("SigningCertURL names no certificate")
    return url


def verify(message: Mapping[str, object], certificate: bytes, now: datetime) -> None:
    """Raises NotAmazons. Version 1 signs SHA1, version 2 SHA256, over the fields in the order of their names."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    version = message.get("SignatureVersion")
    if version not in ("1", "2"):
        raise NotAmazons("its SignatureVersion is neither 1 nor 2")
    try:
        read = x509.load_pem_x509_certificate(certificate)
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
    except (ValueError, binascii.Error):
        raise NotAmazons("its signature or its certificate cannot be read") from None
    key = read.public_key()
    if not isinstance(key, RSAPublicKey) or not read.not_valid_before_utc <= now <= read.not_valid_after_utc:
        raise NotAmazons("its certificate is not valid now")
    digest = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 - what SNS signs with by default
    try:
        key.verify(signature, signed_text(message), PKCS1v15(), digest)
    except InvalidSignature:
        raise NotAmazons("its signature does not fit it") from None


def signed_text(message: Mapping[str, object]) -> bytes:
    """What is signed of a message. Raises NotAmazons."""
    fields = _OF_NOTIFICATION if message.get("Type") == NOTIFICATION else _OF_CONFIRMATION
    lines = []
    for field in fields:
        value = message.get(field)
        if value is None and field == "Subject":
            continue
        if not isinstance(value, str):
            raise NotAmazons(f"its {field} is missing")
        lines += [field, value]
    try:
        return "".join(f"{line}\n" for line in lines).encode()
    except UnicodeEncodeError:
        raise NotAmazons("it is not text") from None
