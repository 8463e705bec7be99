"""What is said of a change because the time has come."""

from collections.abc import Callable, Mapping, Sequence

from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, Review, legal
from bot.rules.change.reminders import ReminderKind
from bot.rules.record.refs import RecordVersion
from bot.usecases.approval.asking import Poll
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.change.actions import ACTIONS
from handlers.change.views.card import ref_of, title
from handlers.change.views.step_forms import because
from handlers.ids import Action
from handlers.records.actions import button
from storage.tables import Change

_PRIMARY = ("start", "finish", "close")


def reminder(change: Change, kind: ReminderKind, *, poll: Poll, asked_by: Sequence[Review], alone: bool) -> Message:
    """`alone`: for one person, who may press."""
    if kind is ReminderKind.APPROVAL:
        return Message(f"The approval of {ref_of(change)} is due soon", [kit.section(_approval(change, poll))])
    if kind is ReminderKind.REVIEW:
        text, pressed = _review(change, asked_by), ["close"]
    else:
        text, pressed = _WINDOW[kind](change)
    blocks = [kit.section(text), *(_way_back(change) if pressed[:1] == ["finish"] else [])]
    return Message(
        f"{kit.colon(kit.esc(title(change)))} {_spoken(kind)}", [*blocks, *(_buttons(change, pressed) if alone else [])]
    )


def unstaffed(change: Change, left: str) -> Message:
    """For who can have somebody else carry it out."""
    text = f":bust_in_silhouette: {mention(left)}, who was to implement {_named(change)}, has left. "
    times = f"Its window opens {kit.when(change.starts_at)}. Have somebody else carry it out."
    assign = button(ACTIONS["assign"], RecordVersion.of(change), "primary")
    return Message(f"The implementer of {ref_of(change)} has left", [kit.section(text + times), kit.actions(assign)])


def orphaned(change: Change, left: str, *, cancels: bool) -> Message:
    """For who goes on with it. `cancels`: this reader may cancel it."""
    steps = legal(ChangeState(change.state), ChangeType(change.type))
    pressed = []
    said = f"It is {ChangeState(change.state).label.lower()}: who carries it out and the change managers go on with it."
    if ChangeStep.SUBMIT in steps or ChangeStep.REVISE in steps:
        pressed.append(kit.button(Action.EDIT_CHANGE, "Edit", RecordVersion.of(change), "primary"))
        said = "Edit it where it is to go on, or cancel it."
    if ChangeStep.CANCEL in steps and cancels:
        pressed.append(button(ACTIONS["cancel"], RecordVersion.of(change)))
    elif ChangeStep.CANCEL in steps:
        said = "Edit it where it is to go on; a change manager can cancel it."
    text = f":bust_in_silhouette: {mention(left)}, who asked for {_named(change)}, has left. {said}"
    spoken = f"The requester of {ref_of(change)} has left"
    return Message(spoken, [kit.section(text), *([kit.actions(*pressed)] if pressed else [])])


def mention(person: str) -> str:
    return kit.mention(person) if person else "Nobody"


def _spoken(kind: ReminderKind) -> str:
    return {
        ReminderKind.AHEAD: "its window opens soon",
        ReminderKind.OPENS: "its window is open",
        ReminderKind.ENDS_SOON: "its window closes soon",
        ReminderKind.OVERRUN: "its window has closed",
        ReminderKind.REVIEW: "it waits to be closed",
    }.get(kind, "")


def _ahead(change: Change) -> tuple[str, list[str]]:
    times = f"opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}"
    who = f"{kit.mention(change.implementer)} carries it out."
    return f":calendar: The window of {_named(change)} {times}. {who}", ["postpone"]


def _opens(change: Change) -> tuple[str, list[str]]:
    text = f":large_green_circle: The window of {_named(change)} is open until {kit.when(change.ends_at)}."
    return f"{text} Start it now, or postpone it.", ["start", "postpone"]


def _ends_soon(change: Change) -> tuple[str, list[str]]:
    text = f":hourglass_flowing_sand: The window of {_named(change)} closes {kit.when(change.ends_at)}"
    if change.state == ChangeState.SCHEDULED:
        return f"{text}, and it has not been started.", ["start", "postpone"]
    return f"{text}. Finish it, or back out in time.", ["finish"]


def _overrun(change: Change) -> tuple[str, list[str]]:
    text = f":alarm_clock: The window of {_named(change)} closed {kit.when(change.ends_at)}"
    if change.state == ChangeState.SCHEDULED:
        said = f"{text}, and it was never started. Postpone it to another window, or cancel it."
        return said, ["postpone", "cancel"]
    said = f"{text}, and it is not finished. {kit.mention(change.implementer)} carries it out; say how it went."
    return said, ["finish"]


_WINDOW: Mapping[ReminderKind, Callable[[Change], tuple[str, list[str]]]] = {
    ReminderKind.AHEAD: _ahead,
    ReminderKind.OPENS: _opens,
    ReminderKind.ENDS_SOON: _ends_soon,
    ReminderKind.OVERRUN: _overrun,
}


def _review(change: Change, asked_by: Sequence[Review]) -> str:
    ended = f" {kit.when(change.finished_at)}" if change.finished_at else ""
    needed = f" It needs a post-implementation review, since {because(asked_by)}." if asked_by else ""
    return f":mag: {_named(change)} was finished{ended} ({change.result}) and waits to be closed.{needed}"


def _approval(change: Change, poll: Poll) -> str:
    due = f"must be approved by {kit.when(poll.case.due_at)}" if poll.case else "must be approved soon"
    wanted = kit.some([kit.mention(one) for one in poll.open_seats], 10)
    asked = f" Wanted is the vote of {wanted}." if wanted else ""
    owed = "After that the team that owns the service has no standard changes until it is decided."
    return f":rotating_light: {_named(change)} was begun without approval and {due}.{asked} {owed}"


def _named(change: Change) -> str:
    return f"*{ref_of(change)}* {kit.esc(change.title)}"


def _way_back(change: Change) -> list[Block]:
    return [kit.section(f"*Backout plan*\n{kit.quote(change.backout, 600)}")] if change.backout else []


def _buttons(change: Change, pressed: Sequence[str]) -> list[Block]:
    styled = ((ACTIONS[verb], "primary" if verb in _PRIMARY else None) for verb in pressed)
    return [kit.actions(*(button(action, RecordVersion.of(change), style) for action, style in styled))]
