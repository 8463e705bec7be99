"""Tokens of the REST API: how one is written, what it may, and when it is good."""

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Collection
from datetime import datetime

from bot.rules.record.refusals import Refusal

PREFIX = "dbk_"
_SHAPE = re.compile(r"dbk_[a-z2-7]{52}[0-9a-f]{8}", re.ASCII)

COLLECTIONS = (
    "incidents",
    "changes",
    "standard-changes",
    "windows",
    "meetings",
    "actions",
    "problems",
    "known-errors",
    "requests",
    "reviews",
    "reports",
    "configuration-items",
    "documents",
    "audits",
    "findings",
    "management-reviews",
    "register-entries",
    "complaints",
    "surveys",
    "policy-proposals",
    "alerts",
)
"""As paths and scopes name the nouns."""
WRITTEN = ("incidents", "changes", "actions", "problems", "requests")
PRIVATE = "private:read"
SCOPES = frozenset(
    {
        *(f"{one}:read" for one in COLLECTIONS),
        *(f"{one}:write" for one in WRITTEN),
        "services:read",
        "rotas:read",
        PRIVATE,
    }
)


class BadScope(Refusal):
    """“{scope}” is no scope. There are: {known}."""


class NotThisScope(Refusal):
    """This token lacks the scope {scope}. Whoever runs Deskbell can make one that has it."""


def written(secret: bytes) -> str:
    """The token of 32 random bytes, with check digits: one that was cut or mistyped is known without a look."""
    body = b32encode(secret).decode().rstrip("=").lower()
    return f"{PREFIX}{body}{_check(body)}"


def well_formed(token: str) -> bool:
    if not _SHAPE.fullmatch(token):
        return False
    body, check = token[len(PREFIX) : -8], token[-8:]
    return _check(body) == check


def digest(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def scopes_of(typed: Collection[str]) -> str:
    """In order, each once. Raises BadScope."""
    for one in typed:
        if one not in SCOPES:
            raise BadScope(scope=one, known=", ".join(sorted(SCOPES)))
    return " ".join(sorted(set(typed)))


def good(expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and (expires_at is None or now < expires_at)


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
