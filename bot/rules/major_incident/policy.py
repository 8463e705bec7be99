"""The policy's section on major incidents: who leads, how often people are told, when somebody is reminded."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import model_validator

from bot.rules.incident.priority import Priority
from bot.rules.policy_format.types import Duration, Key, Rule, words


class RoleKey(StrEnum):
    """The roles that Deskbell itself asks for; a policy may hold more."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"


class MajorRole(Rule):
    title: Annotated[str, words(40)]
    duty: Annotated[str, words(150)]


class Major(Rule):
    suggest_at: tuple[Priority, ...]
    """Priorities at which an incident's card suggests to declare it."""
    remind_every: Duration
    """How often the channel is asked for those roles that nobody has taken."""
    nudge_before: Duration
    """How long before an update is due the commander is reminded of it."""
    snooze_for: Duration
    roles: dict[Key, MajorRole]
    updates: dict[Priority, Duration]
    """The longest time between two status updates."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if absent := [role for role in RoleKey if role not in self.roles]:
            raise ValueError(f"the role “{absent[0]}” cannot be left out: Deskbell itself asks for it")
        if untold := [priority for priority in Priority if priority not in self.updates]:
            raise ValueError(f"updates says nothing for {untold[0]}")
        return self
