"""The policy's groups and who is in them, and its channels."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field

from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, ChannelName, Handle, Key, Keyed, Member, words
from bot.rules.workspace.rota_names import OnCall


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


class Group(Keyed):
    title: Annotated[str, words(75)]
    usergroup: Handle | None = None
    channel: ChannelName | None = None
    people: tuple[Member, ...] | None = None
    """Members' ids, or user names where they begin with a small letter."""
    on_call: OnCall | None = None
    """Who has the turn hears of what the group is given, and is given the incidents of services that it owns."""


WAYS = ("usergroup", "channel", "people")
"""How a group may name its members."""


class Channel(Keyed):
    name: ChannelName
    purpose: Annotated[str, words(250, 0)] = ""
    private: Annotated[bool, Field(strict=True)] = False
    """Made as a private channel; a public one of that name is never used."""


def named_once(groups: Table) -> Iterator[Sensed]:
    """Each group names its members in one way, whatever else is wrong with it."""
    for key, group in tables(groups).items():
        named = [way for way in WAYS if group.get(way) not in (None, "", [])]
        if len(named) != 1:
            said = f"names its members by {' and by '.join(named)}" if named else "does not name its members"
            places = ((key, named[-1]), (key,)) if named else ((key,),)
            yield Sensed((key,), f"{said}; it takes exactly one of usergroup, channel and people", places)


class _Placed(Protocol):
    """The part of a policy that names channels of Slack."""

    @property
    def channels(self) -> Mapping[str, Channel]: ...
    @property
    def groups(self) -> Mapping[str, Group]: ...


def one_kind_each(policy: _Placed) -> Iterator[Sensed]:
    """No channel is to be private and public at once."""
    first: dict[str, tuple[str, Channel]] = {}
    for key, channel in policy.channels.items():
        other, known = first.setdefault(channel.name, (key, channel))
        if known.private is not channel.private:
            kind, others = ("private", "public") if channel.private else ("public", "private")
            message = f"#{channel.name} is to be {kind} here and {others} as “{other}”; give one of them another name"
            places = tuple((one, name) for one in (key, other) for name in ("name", "private"))
            yield Sensed(("channels", key, "name"), message, tuple(("channels", *place) for place in places))


def members_of_private_ones(policy: _Placed) -> Iterator[Sensed]:
    """Whoever likes may join a public channel, and would be a member of the group."""
    public = {channel.name: key for key, channel in policy.channels.items() if not channel.private}
    for key, group in policy.groups.items():
        if group.channel in public:
            message = f"#{group.channel} is public (channels.{public[group.channel]}): anybody could join the group"
            yield Sensed(("groups", key, "channel"), message)


Groups = Annotated[
    dict[Key, Group],
    KEYED,
    Section(
        checks=(named_once,),
        file_checks=(members_of_private_ones,),
        needs=tuple(GroupKey),
        removable=True,
        one_of=WAYS,
    ),
]
Channels = Annotated[
    dict[Key, Channel],
    KEYED,
    Section(needs=(*ChannelKey, "security", "audit"), removable=True, file_checks=(one_kind_each,)),
]
