"""The policy's mailboxes: who may report by e-mail, about what, and how they are answered."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Key, Rule

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.ASCII)


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"“{text}” is no e-mail address")
    return text.casefold()


def _sender(text: str) -> str:
    """A domain, an address, or anybody."""
    said = text.casefold().removeprefix("@")
    if text != "*" and not _DOMAIN.fullmatch(said) and not _ADDRESS.fullmatch(said):
        raise ValueError(f"“{text}” is neither a domain, as in “example.com”, nor an address; “*” is anybody")
    return said


def _variable(text: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}", text, re.ASCII):
        raise ValueError("names no variable; a secret stands in the environment, so write it like “env:MAIL_KEY”")
    return text


def _server(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise ValueError(
            f"“{text}” is no mail server; write it like “smtps://mail.example.com” or “smtp://localhost:25”"
        )
    if parts.username or parts.password:
        raise ValueError("has a name or password in it; give them as user and password")
    return text


def _reader(text: str) -> str:
    """A server that the mailbox is read from; a password is said over TLS alone, but on this machine."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise ValueError(f"“{text}” is no mail server; write it like “imaps://mail.example.com”")
    if parts.username or parts.password:
        raise ValueError("has a name or password in it; give them as user and password")
    if parts.scheme == "imap" and not local:
        raise ValueError("would say the password without encryption; write imaps://")
    return text


def _folder(text: str) -> str:
    if not text.isascii() or not text.isprintable() or any(one in text for one in '"\\'):
        raise ValueError("is no folder's name that can be asked for: plain letters, without quotes")
    return text


class Mailbox(Rule):
    address: Annotated[str, AfterValidator(_address)]
    """Where people write to, and what they are answered from."""
    key: Annotated[str, AfterValidator(_variable)]
    """Which variable has the token of the door that messages are delivered to."""
    service: Annotated[Key, Refers("services")] | None = None
    senders: Annotated[tuple[Annotated[str, AfterValidator(_sender)], ...], Field(min_length=1, max_length=100)]
    """Domains and addresses that may report; members of the workspace always may."""
    smtp: Annotated[str, AfterValidator(_server)] | None = None
    """By which people without Slack are answered; without it they are not."""
    imap: Annotated[str, AfterValidator(_reader)] | None = None
    """From which messages are read, once a minute; without it they are delivered to the door."""
    folder: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_folder)] = "INBOX"
    user: Annotated[str, Field(max_length=200)] | None = None
    password: Annotated[str, AfterValidator(_variable)] | None = None
    most_an_hour: Annotated[int, Field(strict=True, ge=1, le=1000)] = 20
    """Messages of one address that do anything: two programs that answer each other end here."""

    def lets_in(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return any(one in ("*", address, domain) for one in self.senders)


Mailboxes = Annotated[dict[Key, Mailbox], Section(removable=True)]
