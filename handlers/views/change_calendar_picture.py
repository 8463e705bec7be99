"""The calendar as a picture. Pure: a page in, a PNG out."""

from bot.rules.change_calendar import Span
from bot.rules.change_calendar_page import Page
from handlers.views.change_calendar_month import month
from handlers.views.change_calendar_week import week


def png(page: Page) -> bytes:
    """A few tenths of a second of work: not for an event loop."""
    return (month if page.look.span is Span.MONTH else week)(page).png()
