"""The calendar as a picture. Pure: a page in, a PNG out."""

from bot.rules.calendar.calendar import Span
from bot.rules.calendar.page import Page
from handlers.calendar.views.month import month
from handlers.calendar.views.week import week


def png(page: Page) -> bytes:
    """A few tenths of a second of work: not for an event loop."""
    return (month if page.look.span is Span.MONTH else week)(page).png()
