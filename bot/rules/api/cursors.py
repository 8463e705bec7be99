"""Cursors of pages: where the next page begins, signed, so that nobody builds on what is in one."""

import base64
import binascii
import hashlib
import hmac

from bot.rules.record.refusals import Refusal


class BadCursor(Refusal):
    """This cursor is not one of this list. Begin with the first page, and follow its links."""


def written(key: bytes, what: str, after: int) -> str:
    """`what` is the list: a cursor of one is none of another."""
    text = str(after).encode()
    return base64.urlsafe_b64encode(_sign(key, what, text) + text).decode().rstrip("=")


def read(key: bytes, what: str, cursor: str) -> int:
    """The number of the record that the page before ended with. Raises BadCursor."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        raise BadCursor() from None
    signature, text = raw[:16], raw[16:]
    if not hmac.compare_digest(signature, _sign(key, what, text)) or not text.isdigit():
        raise BadCursor()
    return int(text)


def _sign(key: bytes, what: str, text: bytes) -> bytes:
    return hmac.new(key, what.encode("utf-8", "surrogatepass") + b"\0" + text, hashlib.sha256).digest()[:16]
