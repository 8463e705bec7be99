"""The calendar in words: an agenda by day, with buttons to look further; its feed's address; its picture's message."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate

from bot.rules.calendar.calendar import CalendarQuery, Entry, EntryKind, Span
from bot.rules.calendar.page import Page
from bot.rules.change.flow import ChangeState
from bot.rules.record.text import shorten
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.calendar.views.labels import hours, says
from handlers.change.views.card import mark as change_mark
from handlers.ids import Action
from storage.tables import CalendarPicture

CHARACTERS_MOST = 11_000
"""Of an agenda's lines: Slack takes some 13,000 in a message."""
TITLE_MOST = 80
MARKS = {
    EntryKind.FREEZE: ":snowflake:",
    EntryKind.MAINTENANCE: ":wrench:",
    EntryKind.MAJOR: ":rotating_light:",
}
EVERY_SERVICE = "Every service"


def agenda(page: Page) -> Message:
    """For who asked by command."""
    return Message(kit.esc(_title(page)), _blocks(page))


def agenda_view(page: Page) -> View:
    """The same in a modal, from App Home and from the picture's message."""
    return kit.list_view("Change calendar", _blocks(page))


def _title(page: Page) -> str:
    service = f", {page.services.get(page.look.service, page.look.service)}" if page.look.service else ""
    return f"Changes in {page.look.name()}{service}"


def _blocks(page: Page) -> list[Block]:
    days, left_out = _days(page)
    told = days or [kit.section(":sparkles: Nothing is planned.")]
    if left_out:
        told.append(kit.context(f"{left_out} more are not shown. Look at a week, or at one service."))
    return [
        kit.header(_title(page)),
        kit.context(f"Times in {page.zone.key}."),
        *told,
        *_buttons(page),
    ]


def _days(page: Page) -> tuple[list[Block], int]:
    """A block a day that has something, and how many lines did not fit. What lasts is told on its first day here."""
    blocks, room, left_out = list[Block](), CHARACTERS_MOST, 0
    for day in page.look.days:
        begun = [one for one in page.on(day) if day == page.look.first or one.starts_at >= _begin(page, day)]
        lines = [_line(page, one, day) for one in begun]
        ends = list(accumulate(len(line) + 1 for line in lines))
        shown = lines[: bisect_right(ends, room)]
        room -= ends[len(shown) - 1] if shown else 0
        left_out += len(lines) - len(shown)
        if shown:
            blocks += [kit.section(text) for text in _parts([_head(page, day), *shown])]
    return blocks, left_out


def _parts(lines: Sequence[str]) -> list[str]:
    """The lines, as few texts as Slack's limit makes of them."""
    parts = [""]
    for line in lines:
        if len(parts[-1]) + len(line) + 1 > kit.SECTION_MOST:
            parts.append("")
        parts[-1] += f"\n{line}" if parts[-1] else line
    return parts


def _begin(page: Page, day: date) -> datetime:
    return page.midnights[(day - page.look.first).days]


def _head(page: Page, day: date) -> str:
    today = " · today" if day == page.today else ""
    frozen = " · :snowflake: frozen" if any(one.kind is EntryKind.FREEZE for one in page.on(day)) else ""
    return f"*{day:%A} {day.day} {day:%B}*{today}{frozen}"


def _line(page: Page, entry: Entry, day: date) -> str:
    stands = {"held": entry.held, "missed": entry.missed, "failed": entry.failed}
    mark = MARKS.get(entry.kind) or change_mark(ChangeState(entry.state), **stands)
    names = kit.esc(shorten(page.service_names(entry), TITLE_MOST))
    line = f"{mark} {_hours(page, entry, day)} *{entry.ref}* {kit.esc(shorten(entry.title, TITLE_MOST))}"
    line += f" · {names} · {says(entry)}"
    running = [one.ref for one in page.collides(entry)]
    if running:
        more = f" and {len(running) - 3} more" if len(running) > 3 else ""
        line += f"\n      :warning: collides with {', '.join(running[:3])}{more}"
    return line


def _hours(page: Page, entry: Entry, day: date) -> str:
    """With the day that it ends on, where that is another."""
    told, ends = hours(entry, page.zone, day), entry.ends_at.astimezone(page.zone)
    if told.startswith(("from", "all")):
        first = "until" if told == "all day" else f"{told} to"
        return f"{first} {ends:%a} {ends.day} {ends:%b} {ends:%H:%M}"
    return told


def _buttons(page: Page) -> list[Block]:
    look = page.look
    other = Span.MONTH if look.span is Span.WEEK else Span.WEEK
    day = page.today if look.first <= page.today < look.until else look.first
    return [
        kit.actions(
            kit.button(Action.CALENDAR_BACK, "Previous", look.preceding),
            kit.button(Action.CALENDAR_ON, "Next", look.following),
            kit.button(Action.CALENDAR_TURN, other.capitalize(), CalendarQuery.at(day, other, look.service)),
            kit.button(Action.POST_CALENDAR, "Post as picture", look),
        ),
        _services(page),
    ]


def service_choices(services: Mapping[str, str], look: CalendarQuery) -> list[Block]:
    """All of them, and each alone: the same week or month."""
    gone = {look.service: look.service} if look.service and look.service not in services else {}
    choices = [kit.option(EVERY_SERVICE, str(CalendarQuery(look.span, look.first)))]
    choices += [
        kit.option(name, str(CalendarQuery(look.span, look.first, key))) for key, name in {**gone, **services}.items()
    ]
    return choices


def _services(page: Page) -> Block:
    """Its block is named for what is looked at: a menu that asks for its options sends nothing else that says so."""
    menu = kit.select(service_choices(page.services, page.look), str(page.look))
    return kit.actions(menu | {"action_id": Action.CALENDAR_SERVICE}) | {"block_id": str(page.look)}


def picture(shown: CalendarPicture) -> Message:
    """In the channel. The picture says in words what it shows."""
    look = CalendarQuery.parse(shown.look)
    title = f"Changes in {look.name()}"
    blocks = [
        image(shown, title),
        kit.actions(kit.button(Action.OPEN_CALENDAR, "Open the calendar", look)),
    ]
    return Message(title, blocks)


def image(shown: CalendarPicture, title: str) -> Block:
    return {
        "type": "image",
        "title": kit.plain(title),
        "alt_text": shown.words,
        "slack_file": {"id": shown.file},
    }


def on_home(shown: CalendarPicture | None, look: CalendarQuery) -> list[Block]:
    """App Home's part: the week's picture where there is one, and the way to all of it."""
    pictures = [image(shown, f"Changes in {look.name()}")] if shown else []
    open_it = kit.button(Action.OPEN_CALENDAR, "Open the calendar", look)
    return [kit.header("Change calendar"), *pictures, kit.actions(open_it)]


def posted(room: str, *, anew: bool) -> str:
    if anew:
        return f":frame_with_picture: The picture is on its way to #{kit.esc(room)}."
    return (
        f":frame_with_picture: It is in #{kit.esc(room)} since today already, and is drawn anew where it is different."
    )


def posted_view(room: str, *, anew: bool) -> View:
    return kit.note_view("Calendar", posted(room, anew=anew))


def subscribed(address: str) -> Message:
    """The one time that the address is shown."""
    text = "\n".join(
        [
            ":calendar: Your address of the change calendar. Add it to your calendar program as a subscription:",
            f"`{address}`",
            "Whoever has it sees what you may see, so keep it to yourself. It is shown this once only.",
        ]
    )
    return Message("Your address of the change calendar", [kit.section(text), _feed_buttons()])


def subscribed_before(since: datetime) -> Message:
    text = (
        f":calendar: You have an address since {kit.when(since)}. It cannot be shown again: only its digest is"
        " kept. If you have lost it, make a new one; the old one then leads nowhere."
    )
    return Message("You have an address of the change calendar", [kit.section(text), _feed_buttons()])


def unsubscribed() -> Message:
    text = ":calendar: Your address leads nowhere any more. `/change calendar subscribe` makes a new one."
    return Message("Your address of the change calendar was withdrawn", [kit.section(text)])


def _feed_buttons() -> Block:
    return kit.actions(
        kit.button(Action.RENEW_FEED, "Make a new address"),
        kit.button(Action.END_FEED, "End the subscription", style="danger"),
    )
