"""Sample calendars, drawn every way."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.calendar.calendar import OPEN, CalendarQuery, Entry, EntryKind, Span, collisions, in_order
from bot.rules.calendar.page import Page
from bot.rules.change.flow import ChangeState
from bot.rules.policy.policy import Policy
from handlers.blocks.samples import AT, REQUESTER, Drawn, said
from handlers.calendar.views import agenda as views
from handlers.calendar.views.labels import in_words
from storage.tables import CalendarPicture

ADDRESS = "https://deskbell.example.com/calendar/not-a-real-token.ics"


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    week, month = (page(policy, words, span) for span in Span)
    crowd = page(policy, words, Span.MONTH, times=30)
    nothing = page(policy, words, Span.WEEK, times=0)
    shown = picture(week)
    return {
        "calendar, week": said(views.agenda(week)),
        "calendar, month": said(views.agenda(month)),
        "calendar, crowded": said(views.agenda(crowd)),
        "calendar, empty": said(views.agenda(nothing)),
        "calendar in a modal": views.agenda_view(crowd),
        "calendar posted": views.posted_view("changes", anew=True),
        "calendar posted before": views.posted_view("changes", anew=False),
        "calendar picture": said(views.picture(shown)),
        "calendar address": said(views.subscribed(ADDRESS)),
        "calendar address, kept": said(views.subscribed_before(AT)),
        "calendar address, ended": said(views.unsubscribed()),
    }


def page(policy: Policy, words: Mapping[str, str], span: Span, times: int = 1) -> Page:
    look = CalendarQuery.at(AT.date(), span)
    entries = in_order([*_entries(policy, words)] * times)
    names = {key: service.name for key, service in policy.services.items()}
    return Page(look, ZoneInfo("Europe/London"), AT, entries, names, collisions(entries[:20], policy.needs))


def picture(page: Page) -> CalendarPicture:
    return CalendarPicture(
        id=3,
        look=str(page.look),
        day=str(page.today),
        asked_by=REQUESTER,
        asked_at=AT,
        shows=page.digest,
        file="F0123456789",
        words=in_words(page, 2000),
    )


def _entries(policy: Policy, words: Mapping[str, str]) -> Sequence[Entry]:
    title, (first, second, *_) = words.get("title", "Upgrade the VPN gateway"), policy.services
    day = timedelta(days=1)
    changes = [
        Entry(
            EntryKind.CHANGE, f"CHG-{n}", title, AT + n * day / 3, AT + n * day / 3 + day / 6,
            (first, second), state, held=n == 4,
        )
        for n, state in enumerate(ChangeState, 1)
    ]  # fmt: skip
    return [
        *changes,
        Entry(EntryKind.FREEZE, "WIN-1", title, AT + day, AT + 4 * day, hard=True),
        Entry(EntryKind.FREEZE, "WIN-2", title, AT, AT + day, (first,)),
        Entry(EntryKind.MAINTENANCE, "WIN-3", title, AT + day, AT + 2 * day, (second,)),
        Entry(EntryKind.MAJOR, "INC-4", title, AT, AT + day / 12, (first,), OPEN),
    ]
