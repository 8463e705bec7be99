"""Freeze and maintenance windows as people see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.rules.change.flow import ChangeState
from bot.rules.change_window.windows import Repeat, Window, WindowKind, WindowSort
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import SUMMARY_MOST, headed, shorten
from bot.rules.time.recurrence import LONGEST_RULE
from bot.usecases.change_window.windows import CATCHABLE, Shown
from handlers.blocks import facts, fitting, kit
from handlers.blocks.kit import Block, Message, View
from handlers.blocks.services import service_options
from handlers.change.views.card import ref_of
from handlers.change.views.request_form import long
from handlers.ids import Action, Field, Form
from handlers.records.paging import Listing, Query, part
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.tables import Change, ChangeWindow

SORTS = {
    WindowSort.HARD: ("Freeze (blackout)", "No change is asked for, approved or started in it"),
    WindowSort.SOFT: ("Soft freeze", "What falls into it takes one approval more"),
    WindowSort.MAINTENANCE: ("Maintenance window", "When its services should be changed"),
}
REPEATS = {
    Repeat.ONCE: "It does not",
    Repeat.DAILY: "Every day",
    Repeat.WEEKLY: "Every week, on that day",
    Repeat.MONTHLY: "Every month, on that date",
    Repeat.YEARLY: "Every year, on that date",
    Repeat.RULE: "By the rule below",
}
LISTED = 15
CATCH = "catch"
"""The id of the block on a form that says what it would hold."""

_SAID = {FactKind.WINDOW_MADE: "made it", FactKind.WINDOW_LIFTED: "lifted it"}


def say(fact: Fact) -> str:
    """What a fact of a window says after the name of who did it."""
    return facts.said(fact, _SAID)


def seen(window: Window) -> RecordVersion:
    return RecordVersion(window.ref, 1)


def card(shown: Shown) -> Message:
    """A window for everyone in the channel of changes."""
    row, window = shown.row, shown.window
    state = "lifted" if row.lifted_at else window.label
    blocks = [
        kit.section(f"{_mark(shown)} *{window.ref}* *{kit.esc(row.title)}*: {state}"),
        kit.fields(
            f"*Services*\n{_services(window, shown.policy)}",
            f"*When*\n{_span(shown)}",
            f"*Repeats*\n{_repeats(window)}",
            f"*Made by*\n{kit.mention(row.made_by)}",
        ),
        reading.excerpt(row.reason, 600, seen(window), "*Reason*"),
    ]
    if row.lifted_at and row.lifted_by:
        lifted = f"Lifted by {kit.mention(row.lifted_by)} {kit.when(row.lifted_at)}"
        blocks.append(kit.context(f"{lifted}: “{kit.excerpt(row.lifted_why or '', 300)}”"))
        return Message(f"{window.ref} {kit.esc(row.title)} was lifted", blocks)
    if shown.held:
        blocks.append(kit.context(f":double_vertical_bar: Holds {_held(shown.held)}"))
    lift = kit.actions(lift_button(window))
    blocks.append(lift if shown.next else kit.context(f"It ended {kit.when(window.ends_at)}."))
    return Message(f"{window.ref} {kit.colon(kit.esc(row.title))} {window.label}", blocks)


def reading_of(row: ChangeWindow) -> Reading:
    said = (("Reason", row.reason), ("Why it was lifted", row.lifted_why))
    return Reading(row.title, [Passage(name, text) for name, text in said if text])


def listing(query: Query, windows: Sequence[Shown], *, manages: bool) -> Listing:
    """`/change windows`: what is, and what comes next first; change managers have the buttons."""
    make = [kit.actions(kit.button(Action.MAKE_WINDOW, "Make one", style="primary"))] if manages else []
    query, found = part(windows, query, LISTED)
    rows = []
    for one in found:
        lift = lift_button(one.window)
        rows.append(kit.section(_line(one)) | ({"accessory": lift} if manages else {}))
    empty = ":sparkles: Nothing is frozen, and there are no maintenance windows."
    return Listing(query, "Freezes and maintenance windows", rows, len(windows), LISTED, empty, below=make)


def suggested(now: datetime) -> tuple[datetime, datetime]:
    """When the form begins with: from now until tomorrow."""
    starts_at = now.replace(second=0, microsecond=0)
    return starts_at, starts_at + timedelta(days=1)


def catches(view: View, met: Sequence[Change], sort: WindowSort) -> View:
    """The form with what the window would hold as it stands there; what was shown before gives way."""
    blocks = [block for block in view["blocks"] if block.get("block_id") != CATCH]
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    shown = [kit.context(_catch(met, sort)) | {"block_id": CATCH}] if sort is not WindowSort.MAINTENANCE else []
    return fitting.view({key: view[key] for key in kept if key in view} | {"blocks": [*blocks, *shown]})


def caught_on(view: View) -> str:
    """What an open form says of it already."""
    said = next((block["elements"][0]["text"] for block in view["blocks"] if block.get("block_id") == CATCH), "")
    return str(said)


def _catch(met: Sequence[Change], sort: WindowSort) -> str:
    if not met:
        return "No change that is asked for falls into it."
    named = [f"*{ref_of(one)}* {kit.esc(shorten(one.title, 60))}" for one in met]
    does = "holds" if sort is WindowSort.HARD else "asks one approval more of"
    return f":double_vertical_bar: Once made it {does} {kit.some(named, 5)}."


def window_form(policy: Policy, now: datetime, zone: str, typed: str = "", chosen: Sequence[str] = ()) -> View:
    """To make one; it is suggested from now until tomorrow, with what was typed and the services that it names."""
    title, why = headed(typed)
    starts_at, ends_at = suggested(now)
    sorts = [kit.option(label, sort, hint) for sort, (label, hint) in SORTS.items()]
    repeats = [kit.option(label, one) for one, label in REPEATS.items()]
    services = kit.multi_select(service_options(policy), chosen)
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(title, most=SUMMARY_MOST), hint="As in: Year-end closing"),
        kit.ask(Field.WINDOW_SORT, "Kind", kit.select(sorts, WindowSort.HARD), live=True),
        kit.ask(Field.SERVICES, "Services", services, hint="None chosen: all of them", optional=True, live=True),
        kit.ask(Field.STARTS_AT, "From", kit.datetime_input(starts_at), live=True),
        kit.ask(Field.ENDS_AT, "To", kit.datetime_input(ends_at), live=True),
        kit.ask(
            Field.REPEAT,
            "Repeats",
            kit.select(repeats, Repeat.ONCE),
            hint=f"At the same time by the clocks of {zone}",
        ),
        kit.ask(
            Field.RRULE,
            "Rule",
            kit.text_input(most=LONGEST_RULE),
            hint="An RRULE, as in FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231",
            optional=True,
        ),
        long(Field.WHY, "Reason", "Why; those whose changes it holds read this", why),
    ]
    return kit.form(Form.CHANGE_WINDOW, "Make a window", "Make it", blocks)


def lift_button(window: Window) -> Block:
    return kit.button(Action.LIFT_WINDOW, "Lift", seen(window))


def lifting_form(row: ChangeWindow, window: Window) -> View:
    lead = kit.section(f"*{window.ref}* {kit.esc(row.title)}")
    blocks = [lead, long(Field.COMMENT, "Reason", "Why it ends now; it stands on its card")]
    return kit.form(Form.WINDOW_LIFTING, f"Lift {window.ref}", "Lift", blocks, seen(window))


def held(change: Change, shown: Shown, lifted: Window | None, reader: str = "", ended: str = "") -> Message:
    """For whom it concerns: a freeze holds their change, or wants another approval of it; or did, and how that ended.

    Those may find another window who ask for it or carry it out.
    """
    window, name = shown.window, f"*{ref_of(change)}* {kit.esc(change.title)}"
    freeze = facts.named(window)
    what = f"{_services(window, shown.policy)}, {_span(shown)}"
    if ended:
        was = "was held by" if window.blocks else "fell into a soft freeze,"
        return Message(f"{ref_of(change)} is held no more", [kit.context(f"{name} {was} {freeze}. {ended}")])
    if not window.blocks and change.held_by != window.number:
        text = f":snowflake: {name} falls into a soft freeze, {freeze}: {what}. It takes one approval more."
        return Message(f"{ref_of(change)} takes one approval more", [kit.section(text), _reason(shown)])
    still = f"{lifted.ref} was lifted, yet {name} is still held" if lifted else f"{name} is held"
    text = f":double_vertical_bar: {still} by {freeze}, which freezes {what}."
    hint = "It can be neither approved nor started until the freeze is over or lifted. Another window frees it at once."
    blocks = [kit.section(text), _reason(shown), kit.context(hint)]
    if reader in (change.requester, change.implementer):
        edit = kit.button(Action.EDIT_CHANGE, "Edit", RecordVersion(ref_of(change), change.revision))
        blocks.append(kit.actions(edit))
    return Message(f"{ref_of(change)} is held by {window.ref}", blocks)


def end_of_hold(change: Change, shown: Shown) -> str:
    """How a freeze let a change go, in a sentence; empty while it holds it, or wants one approval more of it."""
    window = shown.window
    if shown.row.lifted_at is not None:
        return f"{window.ref} was lifted {kit.when(shown.row.lifted_at)}."
    if change.state not in CATCHABLE:
        return f"{ref_of(change)} is {ChangeState(change.state).label} now."
    if not window.blocks or change.held_by == window.number:
        return ""
    return f"{window.ref} holds {ref_of(change)} no more."


def released(change: Change, shown: Shown, vote: Sequence[Block]) -> Message:
    """For the same; `vote` is what an approver is asked once more."""
    window = shown.window
    ended = "was lifted" if shown.row.lifted_at else "is over"
    goes_on = "has missed its window, so postpone or cancel it" if change.missed else "can go on"
    text = (
        f":arrow_forward: {facts.named(window)} {ended}: *{ref_of(change)}* {kit.esc(change.title)} "
        f"{goes_on}. Its window: {kit.when(change.starts_at)} to {kit.when(change.ends_at)}."
    )
    return Message(f"{ref_of(change)} {goes_on}", [kit.section(text), *vote])


def _reason(shown: Shown) -> Block:
    return reading.excerpt(shown.row.reason, 600, seen(shown.window))


def _line(shown: Shown) -> str:
    window = shown.window
    held = f"\n:double_vertical_bar: Holds {_held(shown.held)}" if shown.held else ""
    return (
        f"{_mark(shown)} {kit.colon(facts.named(window))} {window.label}\n"
        f"{_services(window, shown.policy)} · {_span(shown)} · {_repeats(window)}{held}"
    )


def _mark(shown: Shown) -> str:
    if shown.row.lifted_at or shown.next is None:
        return ":white_circle:"
    if shown.window.kind is WindowKind.MAINTENANCE:
        return ":wrench:"
    return ":no_entry:" if shown.window.hard else ":snowflake:"


def _span(shown: Shown) -> str:
    start, end = shown.next or (shown.window.starts_at, shown.window.ends_at)
    return f"{kit.when(start)} to {kit.when(end)}"


def _services(window: Window, policy: Policy) -> str:
    return kit.esc(shorten(policy.service_names(sorted(window.services)), 300))


def _repeats(window: Window) -> str:
    repeat = Repeat.of(window.rrule)
    if repeat is Repeat.ONCE:
        return "once"
    said = f"`{window.rrule}`" if repeat is Repeat.RULE else REPEATS[repeat].lower()
    return f"{said}, by the clocks of {kit.esc(window.zone)}"


def _held(changes: Sequence[Change]) -> str:
    more = f" and {len(changes) - 10} more" if len(changes) > 10 else ""
    return ", ".join(str(ref_of(one)) for one in changes[:10]) + more
