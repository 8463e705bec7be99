"""Freeze and maintenance windows as people see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk.windows import Shown
from bot.rules.freeze import Repeat, Window, WindowKind, WindowSort
from bot.rules.policy import Policy
from bot.rules.recurrence import LONGEST_RULE
from bot.rules.refs import Seen
from bot.rules.words import SUMMARY_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.change_forms import long
from handlers.views.changes import ref_of
from handlers.views.incidents import service_options
from handlers.views.kit import Block, Message, View
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


def seen(window: Window) -> Seen:
    return Seen(window.ref, 1)


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
        kit.section(f"*Reason*\n{kit.quote(shorten(row.reason, 600))}"),
    ]
    if row.lifted_at and row.lifted_by:
        lifted = f"Lifted by {kit.mention(row.lifted_by)} {kit.when(row.lifted_at)}"
        blocks.append(kit.context(f"{lifted}: “{kit.esc(shorten(row.lifted_why or '', 300))}”"))
        return Message(f"{window.ref} {kit.esc(row.title)} was lifted", blocks)
    if shown.held:
        blocks.append(kit.context(f":double_vertical_bar: Holds {_held(shown.held)}"))
    blocks.append(kit.actions(kit.button(Action.LIFT_WINDOW, "Lift", seen(window))))
    return Message(f"{window.ref} {kit.esc(row.title)}: {window.label}", blocks)


def listing(windows: Sequence[Shown], *, manages: bool) -> Message:
    """`/change windows`: what is, and what comes next first; change managers have the buttons."""
    make = [kit.actions(kit.button(Action.MAKE_WINDOW, "Make one", style="primary"))] if manages else []
    if not windows:
        text = ":sparkles: Nothing is frozen, and there are no maintenance windows."
        return Message(text, [kit.section(text), *make])
    blocks = [kit.header("Freeze and maintenance windows")]
    for one in windows[:LISTED]:
        lift = kit.button(Action.LIFT_WINDOW, "Lift", seen(one.window))
        blocks.append(kit.section(_line(one)) | ({"accessory": lift} if manages else {}))
    if len(windows) > LISTED:
        blocks.append(kit.context(f"{len(windows) - LISTED} more come later. `/change calendar` shows them."))
    return Message(f"{len(windows)} freeze and maintenance windows", [*blocks, *make])


def window_form(policy: Policy, now: datetime, zone: str) -> View:
    """To make one; it is suggested from now until tomorrow."""
    starts_at = now.replace(second=0, microsecond=0)
    sorts = [kit.option(label, sort, hint) for sort, (label, hint) in SORTS.items()]
    repeats = [kit.option(label, one) for one, label in REPEATS.items()]
    services = kit.multi_select(service_options(policy))
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(most=SUMMARY_MOST), hint="As in: Year-end closing"),
        kit.ask(Field.WINDOW_SORT, "Kind", kit.select(sorts, WindowSort.HARD)),
        kit.ask(Field.SERVICES, "Services", services, hint="None chosen: all of them", optional=True),
        kit.ask(Field.STARTS_AT, "From", kit.datetime_input(starts_at)),
        kit.ask(Field.ENDS_AT, "To", kit.datetime_input(starts_at + timedelta(days=1))),
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
        long(Field.WHY, "Reason", "Why; those whose changes it holds read this"),
    ]
    return kit.form(Form.CHANGE_WINDOW, "Make a window", "Make it", blocks)


def lifting_form(row: ChangeWindow, window: Window) -> View:
    lead = kit.section(f"*{window.ref}* {kit.esc(row.title)}")
    blocks = [lead, long(Field.COMMENT, "Reason", "Why it ends now; it stands on its card")]
    return kit.form(Form.WINDOW_LIFTING, f"Lift {window.ref}", "Lift", blocks, seen(window))


def held(change: Change, shown: Shown, lifted: Window | None) -> Message:
    """For whom it concerns: a freeze holds their change, or wants another approval of it."""
    window, name = shown.window, f"*{ref_of(change)}* {kit.esc(change.title)}"
    freeze = f"*{window.ref}* {kit.esc(window.title)}"
    what = f"{_services(window, shown.policy)}, {_span(shown)}"
    if change.held_by != window.number:
        text = f":snowflake: {name} falls into a soft freeze, {freeze}: {what}. It takes one approval more."
        return Message(f"{ref_of(change)} takes one approval more", [kit.section(text), _reason(shown)])
    still = f"{lifted.ref} was lifted, yet {name} is still held" if lifted else f"{name} is held"
    text = f":double_vertical_bar: {still} by {freeze}, which freezes {what}."
    hint = "It can be neither approved nor started until the freeze is over or lifted. Another window frees it at once."
    buttons = kit.actions(kit.button(Action.EDIT_CHANGE, "Edit", Seen(ref_of(change), change.revision)))
    return Message(
        f"{ref_of(change)} is held by {window.ref}", [kit.section(text), _reason(shown), kit.context(hint), buttons]
    )


def released(change: Change, shown: Shown, vote: Sequence[Block]) -> Message:
    """For the same; `vote` is what an approver is asked once more."""
    window = shown.window
    ended = "was lifted" if shown.row.lifted_at else "is over"
    text = (
        f":arrow_forward: *{window.ref}* {kit.esc(window.title)} {ended}: *{ref_of(change)}* {kit.esc(change.title)} "
        f"can go on. Its window: {kit.when(change.starts_at)} to {kit.when(change.ends_at)}."
    )
    return Message(f"{ref_of(change)} can go on", [kit.section(text), *vote])


def _reason(shown: Shown) -> Block:
    return kit.section(kit.quote(shorten(shown.row.reason, 600)))


def _line(shown: Shown) -> str:
    window = shown.window
    held = f"\n:double_vertical_bar: Holds {_held(shown.held)}" if shown.held else ""
    return (
        f"{_mark(shown)} *{window.ref}* {kit.esc(window.title)}: {window.label}\n"
        f"{_services(window, shown.policy)} · {_span(shown)} · {_repeats(window)}{held}"
    )


def _mark(shown: Shown) -> str:
    if shown.row.lifted_at:
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
