"""The policy's catalogue: groups and who is in them, channels, and the services that the desk looks after."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.rules.policy_text import Table
from bot.rules.policy_values import ChannelName, Handle, Key, Member, words


class GroupKey(StrEnum):
    """The groups that Deskbell itself asks for; a policy may hold more."""

    SERVICE_DESK = "service-desk"
    SECURITY = "security"
    CHANGE_APPROVERS = "change-approvers"
    CHANGE_MANAGERS = "change-managers"
    CAB = "cab"


class ChannelKey(StrEnum):
    """The channels that Deskbell itself asks for; a policy may hold more."""

    SERVICE_DESK = "service-desk"
    CHANGES = "changes"
    MAJOR_INCIDENTS = "major-incidents"


class Criticality(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_KEY = "(key)"
"""Where reading puts an entry's name; no bare key of a file can be called this."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(exclude=True, validation_alias=_KEY)
    """The name of its table in the file."""


class Group(_Entry):
    title: Annotated[str, words(75)]
    usergroup: Handle | None = None
    channel: ChannelName | None = None
    people: tuple[Member, ...] | None = None
    """Members' ids, or user names where they begin with a small letter."""

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named = [way for way in WAYS if getattr(self, way)]
        if len(named) != 1:
            said = f"names its members by {' and by '.join(named)}" if named else "does not name its members"
            raise ValueError(f"{said}; it takes exactly one of usergroup, channel and people")
        return self


WAYS = ("usergroup", "channel", "people")
"""How a group may name its members."""


class Channel(_Entry):
    name: ChannelName
    purpose: Annotated[str, words(250, 0)] = ""
    private: Annotated[bool, Field(strict=True)] = False
    """Made as a private channel; a public one of that name is never used."""


class Service(_Entry):
    name: Annotated[str, words(75)]
    owner: str
    """A group's key."""
    channel: str
    """A channel's key."""
    criticality: Criticality
    description: Annotated[str, words(300, 0)] = ""
    depends_on: tuple[Key, ...] = ()
    """Keys of the services that it stands on."""


KEYED: Mapping[str, type[_Entry]] = {"groups": Group, "channels": Channel, "services": Service}


def keyed(data: Table) -> Table:
    """Each entry given its key."""
    whole = dict(data)
    for name in KEYED:
        entries = whole.get(name)
        if isinstance(entries, Mapping):
            whole[name] = {
                key: {**entry, _KEY: key} if isinstance(entry, Mapping) else entry for key, entry in entries.items()
            }
    return whole
