"""What is refused about the change calendar, in plain words."""

from bot.rules.record.refusals import Refusal


class BadCalendar(Refusal):
    """“{typed}” says nothing about the calendar. You can say: week, month, next, previous, a day like 24 Dec or
    2026-11-23, a month like 2026-12, service NAME, subscribe. To ask for a change, `/change` alone opens the form."""


class TooFarAway(Refusal):
    """“{typed}” is too far away to be shown. Choose a date within twenty years."""


class EnoughPictures(Refusal):
    """{most} pictures of the calendar were posted today, and #{room} is for more than that. `/change calendar` shows
    every week and month to you alone."""


class NoAddress(Refusal):
    """There is no address yet that a calendar program could read from. Whoever runs Deskbell must set
    DESKBELL_PUBLIC_URL to where its web port can be reached, such as https://deskbell.example.com."""
