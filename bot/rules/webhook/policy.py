"""The policy's webhooks: who is told what, and by which secret they know that it is Deskbell."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from bot.rules.policy_format.hints import nearest
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Key, Rule
from bot.rules.webhook import events

MOST_EVENTS = 100


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(f"“{text}” is no web address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", text):
        raise ValueError(f"“{text}” is no web address; it begins with https://")
    if parts.username or parts.password:
        raise ValueError("has a name or password in it; a secret stands in the environment")
    if port == 0 or len(text) > 2000:
        raise ValueError("is no web address that anybody could be told at")
    return text


def _variable(text: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}", text, re.ASCII):
        raise ValueError("names no variable; a secret stands in the environment, so write it like “env:HOOK_SECRET”")
    return text


def _event(text: str) -> str:
    if events.unknown(text):
        meant = nearest(text, events.NAMES)
        hint = f"did you mean “{meant}”?" if meant else "“*” stands for all; docs/webhooks.md lists them"
        raise ValueError(f"“{text}” is no event; {hint}")
    return text


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_given(secrets: tuple[str, ...]) -> object:
    return secrets[0] if len(secrets) == 1 else list(secrets)


class Webhook(Rule):
    url: Annotated[str, AfterValidator(_address)]
    events: Annotated[tuple[Annotated[str, AfterValidator(_event)], ...], Field(min_length=1, max_length=MOST_EVENTS)]
    secret: Annotated[
        tuple[Annotated[str, AfterValidator(_variable)], ...],
        BeforeValidator(_several),
        Field(min_length=1, max_length=3),
        PlainSerializer(_as_given, when_used="json"),
    ]
    """Which variables of the environment have the secrets: whsec_… for HMAC, whsk_… for Ed25519. Two while one
    replaces the other: a message is signed by each."""
    owner: Annotated[str, Refers("groups")] | None = None
    """Hears that messages were given up; `delivery.owner`, if left out."""

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(one.removeprefix("env:") for one in self.secret)


Webhooks = Annotated[dict[Key, Webhook], Section(removable=True)]
