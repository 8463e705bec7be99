"""The minutes of a meeting of the board as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from bot.rules.approval.voting import Vote
from bot.rules.cab.meeting import ItemOutcome, VoteRecord, Why
from bot.rules.review.written_out import markdown_line
from bot.usecases.cab.agenda import Agenda, AgendaItem, Minute
from handlers.change.views.card import ref_of

Namer = Callable[[str], str]
_VOTED = {Vote.APPROVE: "approved", Vote.CONDITION: "approved under a condition", Vote.REJECT: "rejected"}


def document(one: Agenda, who: Namer) -> str:
    """Date, chair, attendance; each change with its votes, its decision and its notes; what is to be done. In UTC."""
    lines = [*_head(one, who)]
    for number, point in enumerate(one.points, 1):
        if point.settled:
            lines += ["", *_item(number, point, point.settled, who)]
    return "\n".join([*lines, "", *_actions(one.points, who), ""])


def named(one: Agenda) -> set[str]:
    """Ids of all whom the minutes name."""
    told = [point.settled for point in one.points if point.settled]
    notes = [note for point in one.points for note in point.notes]
    people = {one.meeting.chair, one.meeting.closed_by or "", *one.present, *one.voters}
    people |= {who for note in notes for who in (note.by, note.owner)}
    people |= {who for item in told for who in (item.requester, item.implementer)}
    people |= {point.item.added_by for point in one.points}
    return people | {who for item in told for voice in item.voices for who in (voice.by, voice.seat)}


def _head(one: Agenda, who: Namer) -> Iterator[str]:
    meeting = one.meeting
    others = [person for person in one.voters if person not in one.present]
    yield f"# {one.ref}: minutes of the change advisory board"
    yield ""
    yield f"- Opened: {_at(meeting.opened_at)} (all times are in UTC)"
    if meeting.closed_at:
        yield f"- Closed: {_at(meeting.closed_at)}, by {who(meeting.closed_by or '')}"
    yield f"- Chair: {who(meeting.chair)}"
    yield f"- Present: {', '.join(map(who, one.present)) or 'nobody said so'}"
    if others:
        yield f"- Voted meanwhile: {', '.join(map(who, others))}"


def _item(number: int, point: AgendaItem, told: ItemOutcome, who: Namer) -> Iterator[str]:
    yield f"## {number}. {ref_of(point.change)} {markdown_line(told.title)}"
    yield ""
    yield f"- Decision: {told.outcome}"
    asked_by = f" of {who(point.item.added_by)}" if point.item.why == Why.ADDED else ""
    yield f"- On the agenda: {point.item.why}{asked_by}"
    yield f"- Revision {told.revision}, {told.type}, on {markdown_line(told.service)}"
    yield f"- Window: {_at(told.starts_at)} to {_at(told.ends_at)}"
    yield f"- Asked for by {who(told.requester)}, carried out by {who(told.implementer)}"
    yield f"- Risk: {told.risk}. {markdown_line(' '.join(told.reasons))}".rstrip()
    if told.collisions:
        yield f"- Runs into: {markdown_line(', '.join(told.collisions))}"
    yield "- Votes:" if told.voices else "- Votes: none"
    yield from (f"  - {_voice(one, who)}" for one in told.voices)
    if point.notes:
        yield "- Notes:"
        yield from (f"  - {_at(one.at)} {who(one.by)}: {markdown_line(one.note)}" for one in point.notes)


def _voice(one: VoteRecord, who: Namer) -> str:
    instead = f" for {who(one.seat)}" if one.seat != one.by else ""
    said = f": {markdown_line(one.comment)}" if one.comment else ""
    return f"{_at(one.at)} {who(one.by)}{instead} {_VOTED[one.vote]}{said}"


def _actions(points: Sequence[AgendaItem], who: Namer) -> Iterator[str]:
    wanted: list[tuple[AgendaItem, Minute]] = [(point, one) for point in points for one in point.notes if one.action]
    yield "## Actions"
    yield ""
    if not wanted:
        yield "None."
    for point, one in wanted:
        owner = f" ({who(one.owner)})" if one.owner else ""
        yield f"- {ref_of(point.change)}: {markdown_line(one.action)}{owner}"


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
