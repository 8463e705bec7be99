"""Lists of incidents, a page at a time, and what is to be done to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.usecases.incident.lists import Due
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.incident.views.card import line
from handlers.records import actions
from handlers.records.paging import Listing, Query
from storage.tables import Incident

PAGE = 10


@dataclass(frozen=True)
class Listed:
    query: Query
    shown: Sequence[Incident]
    total: int
    due: Mapping[int, Due]
    """When the next promise of each is due."""
    left_out: bool = False
    """Whether older ones were not searched."""


def listing(listed: Listed, policy: Policy) -> Listing:
    title, empty = "Open incidents", ":sparkles: No incident is open. `/incident` reports one."
    if listed.query.text:
        title = "Incidents"
        empty = "No incident matches that. `/incident list` shows all that are open."
    return Listing(listed.query, title, rows(listed, policy), listed.total, PAGE, empty, listed.left_out)


def rows(listed: Listed, policy: Policy) -> list[Block]:
    return [row(one, listed.due.get(one.number), policy) for one in listed.shown]


def row(incident: Incident, due: Due | None, policy: Policy, button: Block | None = None) -> Block:
    """`button` stands for the menu."""
    pressed = button or actions.more_button(RecordVersion.of(incident))
    return kit.section(line(incident, policy) + promise(due)) | {"accessory": pressed}


def promise(due: Due | None) -> str:
    """What is due next: an answer (response), a fix (resolution) or news of it."""
    if due is None:
        return ""
    kind = due.kind.value
    return f" · {f':rotating_light: {kind} was due' if due.passed else f'{kind} due'} {kit.when(due.at)}"
