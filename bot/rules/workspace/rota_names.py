"""“rota:NAME”: where the policy says who is called or given something, it may name whoever has the turn."""

import re
from typing import Annotated

from pydantic import AfterValidator

from bot.rules.policy_format.references import Refers

PREFIX = "rota:"
_NAMED = re.compile(rf"{PREFIX}([a-z0-9][a-z0-9-]{{0,39}})", re.ASCII)


def rota_in(text: str) -> str | None:
    """The key of the rota that the text names; None where it names none."""
    found = _NAMED.fullmatch(text)
    return found[1] if found else None


def _named(text: str) -> str:
    if rota_in(text) is None:
        raise ValueError(f"“{text}” names no rota; write it like {PREFIX}vpn")
    return text


OnCall = Annotated[str, AfterValidator(_named), Refers("rotas", by=rota_in)]
"""“rota:KEY”: whoever is on call by it at that instant."""
