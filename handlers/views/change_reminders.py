"""What is said of a change because the time has come."""

from collections.abc import Callable, Mapping, Sequence

from bot.rules.change_flow import ChangeState, Review
from bot.rules.change_reminders import ReminderKind
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit
from handlers.views.change_steps import because
from handlers.views.changes import ref_of, seen_of, title
from handlers.views.kit import Block, Message
from storage.tables import Change

_PRESSED = {
    Action.START_CHANGE: ("Start", "primary"),
    Action.FINISH_CHANGE: ("Finish", "primary"),
    Action.CLOSE_CHANGE: ("Close", "primary"),
    Action.POSTPONE_CHANGE: ("Postpone", None),
    Action.CANCEL_CHANGE: ("Cancel change", None),
}


def reminder(
    change: Change, kind: ReminderKind, *, waited_for: Sequence[str], asked_by: Sequence[Review], alone: bool
) -> Message:
    """`alone`: for one person, who may press; `waited_for` have not voted on what was begun without approval."""
    if kind is ReminderKind.APPROVAL:
        return Message(f"The approval of {ref_of(change)} is due soon", [kit.section(_approval(change, waited_for))])
    if kind is ReminderKind.REVIEW:
        text, pressed = _review(change, asked_by), [Action.CLOSE_CHANGE]
    else:
        text, pressed = _WINDOW[kind](change)
    blocks = [kit.section(text), *(_way_back(change) if pressed[:1] == [Action.FINISH_CHANGE] else [])]
    return Message(
        f"{kit.esc(title(change))}: {_spoken(kind)}", [*blocks, *(_buttons(change, pressed) if alone else [])]
    )


def _spoken(kind: ReminderKind) -> str:
    return {
        ReminderKind.AHEAD: "its window opens soon",
        ReminderKind.OPENS: "its window is open",
        ReminderKind.ENDS_SOON: "its window closes soon",
        ReminderKind.OVERRUN: "its window has closed",
        ReminderKind.REVIEW: "it waits to be closed",
    }.get(kind, "")


def _ahead(change: Change) -> tuple[str, list[Action]]:
    times = f"opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}"
    who = f"{kit.mention(change.implementer)} carries it out."
    return f":calendar: The window of {_named(change)} {times}. {who}", [Action.POSTPONE_CHANGE]


def _opens(change: Change) -> tuple[str, list[Action]]:
    text = f":large_green_circle: The window of {_named(change)} is open until {kit.when(change.ends_at)}."
    return f"{text} Start it now, or postpone it.", [Action.START_CHANGE, Action.POSTPONE_CHANGE]


def _ends_soon(change: Change) -> tuple[str, list[Action]]:
    text = f":hourglass_flowing_sand: The window of {_named(change)} closes {kit.when(change.ends_at)}"
    if change.state == ChangeState.SCHEDULED:
        return f"{text}, and it has not been started.", [Action.START_CHANGE, Action.POSTPONE_CHANGE]
    return f"{text}. Finish it, or back out in time.", [Action.FINISH_CHANGE]


def _overrun(change: Change) -> tuple[str, list[Action]]:
    text = f":alarm_clock: The window of {_named(change)} closed {kit.when(change.ends_at)}"
    if change.state == ChangeState.SCHEDULED:
        said = f"{text}, and it was never started. Postpone it to another window, or cancel it."
        return said, [Action.POSTPONE_CHANGE, Action.CANCEL_CHANGE]
    said = f"{text}, and it is not finished. {kit.mention(change.implementer)} carries it out; say how it went."
    return said, [Action.FINISH_CHANGE]


_WINDOW: Mapping[ReminderKind, Callable[[Change], tuple[str, list[Action]]]] = {
    ReminderKind.AHEAD: _ahead,
    ReminderKind.OPENS: _opens,
    ReminderKind.ENDS_SOON: _ends_soon,
    ReminderKind.OVERRUN: _overrun,
}


def _review(change: Change, asked_by: Sequence[Review]) -> str:
    ended = f" {kit.when(change.finished_at)}" if change.finished_at else ""
    needed = f" It needs a post-implementation review, since {because(asked_by)}." if asked_by else ""
    return f":mag: {_named(change)} was finished{ended} ({change.result}) and waits to be closed.{needed}"


def _approval(change: Change, waited_for: Sequence[str]) -> str:
    due = f"must be approved by {kit.when(change.due_at)}" if change.due_at else "must be approved soon"
    wanted = ", ".join(kit.mention(one) for one in waited_for[:10])
    asked = f" Wanted is the vote of {wanted}." if wanted else ""
    owed = "After that the team that owns the service has no standard changes until it is decided."
    return f":rotating_light: {_named(change)} was begun without approval and {due}.{asked} {owed}"


def _named(change: Change) -> str:
    return f"*{ref_of(change)}* {kit.esc(change.title)}"


def _way_back(change: Change) -> list[Block]:
    return [kit.section(f"*Backout plan*\n{kit.quote(shorten(change.backout, 600))}")] if change.backout else []


def _buttons(change: Change, pressed: Sequence[Action]) -> list[Block]:
    return [kit.actions(*(kit.button(one, _PRESSED[one][0], seen_of(change), _PRESSED[one][1]) for one in pressed))]
