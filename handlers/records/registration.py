"""What a noun answers and says in Slack, gathered: `handlers/nouns.py` has one line for each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun
from handlers.blocks.renderer import Renderer
from handlers.ids import Command
from handlers.records.commands import Listener, Verb
from handlers.records.kinds import Kind
from handlers.records.paging import Lists
from handlers.records.standard_actions.reading import Reads
from handlers.records.tables import Table
from handlers.request.context import RequestContext

Listeners = Mapping[str, Listener]
"""By the id of a button or a form, or by the type of an event."""
MayPress: TypeAlias = Callable[[AsyncSession, str, RequestContext], Awaitable[Any]]
"""Raises what pressing a button with this value would."""


@dataclass(frozen=True)
class Registration:
    commands: Table | None = None
    """Its own slash command."""
    verbs: Mapping[Command, Sequence[Verb]] = field(default_factory=dict)
    """What it adds to the commands of others."""
    records: Kind | None = None
    """Of its records, where their verbs are understood in a mention too."""
    beside: Sequence[Kind] = ()
    """Of records that are always named with their number."""
    actions: Listeners = field(default_factory=dict)
    pressed_by: Mapping[str, MayPress] = field(default_factory=dict)
    """Who may press a button that is no action's, by its id; a button that is not here is for all."""
    submissions: Listeners = field(default_factory=dict)
    events: Listeners = field(default_factory=dict)
    shortcuts: Listeners = field(default_factory=dict)
    options: Listeners = field(default_factory=dict)
    """What menus that search ask for while somebody types, by field."""
    reads: Mapping[Noun, Reads] = field(default_factory=dict)
    """All long texts of its records, for the button *Read all*."""
    lists: Mapping[Noun, Lists] = field(default_factory=dict)
    """A page of its records."""
    renderers: Mapping[NoticeKind, Renderer] = field(default_factory=dict)
    of_approvals: Mapping[NoticeKind, Renderer] = field(default_factory=dict)
    """What is said of the approval of its own records; those of changes are among the renderers."""
