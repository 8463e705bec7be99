"""Meetings of the change advisory board as people see them: the agenda, its items, the minutes."""

from collections.abc import Iterable, Iterator, Sequence

from bot.rules.cab.meeting import ItemOutcome, MeetingState, VoteRecord, Why
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.text import WORDS_MOST, shorten
from bot.usecases.cab.agenda import Agenda, AgendaItem, Minute
from bot.usecases.change.details import ChangeDetails
from handlers.blocks import facts, fitting, kit
from handlers.blocks.kit import Block, Message, View
from handlers.change.views import card as change_card
from handlers.change.views.approval_status import VOTED
from handlers.change.views.card import ref_of
from handlers.change.views.request_form import long
from handlers.change.views.texts import RISK_MARK
from handlers.ids import Action, Field, Form
from storage.tables import CabMeeting, Change

LISTED, VOICES_MOST = 40, 9
"""Changes that an agenda names; the rest stands in its thread."""
A_SECTION = 6
"""Lines that fit into a section however they are escaped."""

TITLE = "Change advisory board"
_SAID = {
    FactKind.CAB_OPENED: "opened the meeting",
    FactKind.CAB_ATTENDED: "was there",
    FactKind.CAB_NOTED: "noted of CHG-{change}{given}",
    FactKind.CAB_CLOSED: "closed the meeting and posted its minutes",
    FactKind.CAB_EXPORTED: "exported its minutes",
}

_CONFIRM: Block = {
    "title": kit.plain("Close the meeting?"),
    "text": kit.plain("How each change stands now goes into the minutes, and they are posted. Votes go on elsewhere."),
    "confirm": kit.plain("Close and post minutes"),
    "deny": kit.plain("Not yet"),
}


def say(fact: Fact) -> str:
    """What a fact of a meeting says after the name of who did it."""
    owner = fact.data.get("owner")
    return facts.said(fact, _SAID, given=f", with an action for {kit.mention(str(owner))}," if owner else "")


def agenda(one: Agenda) -> Message:
    """The head of the thread."""
    meeting, changes_said = one.meeting, _counted(len(one.points))
    if meeting.state == MeetingState.OPEN:
        lead = f"{kit.mention(meeting.chair)} opened a meeting of the board {kit.when(meeting.opened_at)}."
        lead += f" {_to_do(one.points, 'this')}"
    else:
        lead = f"{_held(meeting)} The minutes are in this thread."
    blocks = [kit.header(f"{TITLE}, {one.ref}"), kit.section(lead), *_lines(one.points)]
    blocks.append(
        kit.context(f":busts_in_silhouette: {_people(one.present) or 'Nobody has said yet that they are here.'}")
    )
    blocks.append(kit.actions(*_buttons(meeting)))
    return Message(f"{TITLE}, {one.ref}: {changes_said} on the agenda", blocks)


def pointer(one: Agenda) -> Message:
    """Where the open meeting is, and what is on its agenda."""
    where = f"*{one.ref}* is open in #{kit.esc(one.meeting.channel_name)}."
    lead = f"{where} {_to_do(one.points, 'its')}"
    return Message(f"{one.ref} is open", [kit.section(lead), *_lines(one.points)])


def item(point: AgendaItem, sheet: ChangeDetails, meeting: Ref) -> Message:
    """A change in the agenda's thread: its card, what was noted, and the buttons to vote."""
    if point.settled:
        return _settled_item(point, point.settled, meeting)
    change = point.change
    shown = change_card.card(sheet)
    lead = f":clipboard: On the agenda of {meeting} {_why(point)}"
    rest = [block for block in shown.blocks if block["type"] != "actions"]
    blocks = _while_they_fit([kit.section(lead), *rest], ([_noted(one)] for one in point.notes[-5:]))
    return Message(
        f"{meeting}: {shown.text}",
        [*blocks, kit.actions(*change_card.votes(sheet, blocks), _note(meeting, change))],
    )


def minutes(one: Agenda) -> Message:
    """What was come to, in the thread; the file beside it has every word."""
    head = [kit.header(f"Minutes of {one.ref}"), kit.section(f"{_held(one.meeting)}\n{attendance(one)}")]
    told = (list(_settled(point, point.settled)) for point in one.points if point.settled)
    return Message(f"Minutes of {one.ref}", _while_they_fit(head, told))


def attendance(one: Agenda) -> str:
    """Who was there, and who voted meanwhile without saying so."""
    there = f"Present: {_people(one.present) or 'nobody said so'}."
    others = [who for who in one.voters if who not in one.present]
    return f"{there} Voted meanwhile: {_people(others)}." if others else there


def past(meetings: Sequence[tuple[CabMeeting, int]], now_open: CabMeeting | None = None) -> Message:
    """`/change cab list`: meetings that are over, with the number of their changes, and the one that is open."""
    line = f"*{now_open.ref}* is open since {kit.when(now_open.opened_at)} · chair" if now_open else ""
    lead = [kit.section(f"{line} {kit.mention(now_open.chair)}")] if now_open else []
    if lead and not meetings:
        return Message("A meeting of the board is open", [kit.header("Meetings of the board"), *lead])
    if not meetings:
        text = "No meeting of the board has been held yet. A change manager opens one with `/change cab`."
        return Message(text, [kit.section(text)])
    blocks = [kit.header("Meetings of the board"), *lead]
    for meeting, count in meetings:
        counted = "one change" if count == 1 else f"{count} changes"
        export = kit.button(Action.CAB_EXPORT, "Export", _seen(meeting))
        line = f"*{meeting.ref}* {kit.when(meeting.opened_at)} · chair {kit.mention(meeting.chair)}"
        blocks.append(kit.section(f"{line} · {counted}") | {"accessory": export})
    return Message(f"{len(meetings)} meetings of the board", blocks)


def note_form(meeting: Ref, change: Change) -> View:
    """Its number stands where other forms have the revision: a note is about the change, whatever is asked for."""
    blocks = [
        kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}"),
        long(Field.COMMENT, "Note", "What was said; it stands in the minutes"),
        kit.ask(
            Field.ACTION,
            "Action",
            kit.text_input(most=WORDS_MOST),
            hint="What is to be done, if anything",
            optional=True,
        ),
        kit.ask(Field.PERSON, "Who does it", kit.people_input(), optional=True),
    ]
    return kit.form(Form.CAB_NOTE, f"Note on {ref_of(change)}", "Save", blocks, RecordVersion(meeting, change.number))


def _held(meeting: CabMeeting) -> str:
    ended = f", until {kit.when(meeting.closed_at)}" if meeting.closed_at else ""
    return f"The board met {kit.when(meeting.opened_at)}{ended}, with {kit.mention(meeting.chair)} in the chair."


def _counted(count: int) -> str:
    return "One change is" if count == 1 else f"{count} changes are"


def _to_do(points: Sequence[AgendaItem], whose: str) -> str:
    """What the board does with its agenda: votes, and looks back."""
    back = sum(point.item.why == Why.LOOK_BACK for point in points)
    voted = len(points) - back
    if voted and back:
        both = f"{voted} to be voted on in {whose} thread, {back} to look back on"
        return f"{_counted(len(points))} on the agenda: {both}."
    done = "to look back on" if back else "to be voted on"
    return f"{_counted(len(points))} on the agenda, {done} in {whose} thread."


def _lines(points: Sequence[AgendaItem]) -> Iterator[Block]:
    said = [f"{number}. {_line(point)}" for number, point in enumerate(points[:LISTED], 1)]
    for at in range(0, len(said), A_SECTION):
        yield kit.section("\n".join(said[at : at + A_SECTION]))
    if len(points) > LISTED:
        yield kit.context(f"{len(points) - LISTED} more are in the thread.")


def _line(point: AgendaItem) -> str:
    told, end = (point.settled, point.settled.outcome) if point.settled else (point.change, point.item.why)
    return f"*{ref_of(point.change)}* {kit.esc(shorten(told.title, 80))} · {end}"


def _why(point: AgendaItem) -> str:
    who = f" of {kit.mention(point.item.added_by)}" if point.item.why == Why.ADDED else ""
    return f"{point.item.why}{who}"


def _settled_item(point: AgendaItem, told: ItemOutcome, meeting: Ref) -> Message:
    card = f"{RISK_MARK[told.risk]} risk · {kit.esc(told.service)} · {kit.when(told.starts_at)}"
    where = f"As it stood at the end of {meeting}; `/change {ref_of(point.change)}` shows it as it is now."
    blocks = [*_settled(point, told), kit.context(card, where)]
    return Message(f"{meeting}: {ref_of(point.change)} {told.outcome}", blocks)


def _settled(point: AgendaItem, told: ItemOutcome) -> Iterator[Block]:
    yield kit.section(f"*{ref_of(point.change)}* {kit.colon(kit.esc(told.title))} *{told.outcome}*")
    if told.voices:
        yield kit.context(*kit.first([_voice(one) for one in told.voices], VOICES_MOST))
    yield from map(_noted, point.notes[-5:])


def _voice(one: VoteRecord) -> str:
    instead = f" for {kit.mention(one.seat)}" if one.seat != one.by else ""
    said = f": “{kit.excerpt(one.comment, 250)}”" if one.comment else ""
    return f"{VOTED[one.vote]} by {kit.mention(one.by)}{instead}{said}"


def _noted(one: Minute) -> Block:
    said = f":memo: {kit.mention(one.by)} noted:\n{kit.quote(one.note, 400)}"
    if one.action:
        who = f" {kit.mention(one.owner)}" if one.owner else ""
        said += f"\n:point_right: {kit.excerpt(one.action, 250)}{who}"
    return kit.section(said)


def _while_they_fit(head: list[Block], groups: Iterable[list[Block]]) -> list[Block]:
    """All groups, or as many as a message holds, saying that there are more."""
    blocks, more = list(head), kit.context("There is more than fits here; the file of minutes has every word.")
    for group in groups:
        if not fitting.fits([*blocks, *group, more, more]):
            return [*blocks, more]
        blocks += group
    return blocks


def _people(people: Sequence[str]) -> str:
    return kit.some([kit.mention(one) for one in people])


def _note(meeting: Ref, change: Change) -> Block:
    return kit.button(Action.CAB_NOTE, "Note", RecordVersion(meeting, change.number))


def _buttons(meeting: CabMeeting) -> list[Block]:
    seen = _seen(meeting)
    if meeting.state == MeetingState.CLOSED:
        return [kit.button(Action.CAB_EXPORT, "Export minutes", seen)]
    return [
        kit.button(Action.CAB_HERE, "I'm here", seen, "primary"),
        kit.button(Action.CAB_CLOSE, "Close the meeting", seen) | {"confirm": _CONFIRM},
    ]


def _seen(meeting: CabMeeting) -> RecordVersion:
    return RecordVersion(meeting.ref, 0)
