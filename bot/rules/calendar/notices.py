"""What of the calendar is drawn and posted: a drawing is a step of its own, and the message follows it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.record.notices import Notice, NoticeKind, channel
from bot.rules.time.local_time import showings

DRAWINGS = "#CALENDAR"
"""The lane of drawings, which nobody waits for; no channel's name has capital letters."""

SUBJECT = "calendar"
POST = "calendar_post"
"""The timer on Monday mornings."""
LOOK_AGAIN = "calendar_look_again"
"""The timer after which a picture is drawn anew, if it would be a different one."""
EVERY = timedelta(hours=1)
POSTED_AT = 8 * 60
"""Minutes after midnight."""


def about(number: int) -> str:
    return f"{SUBJECT}-{number}"


def number_of(subject: str) -> int:
    """The picture that a notice or a timer is about."""
    return int(subject.removeprefix(f"{SUBJECT}-"))


def drawing(number: int, drawings: int) -> Notice:
    return Notice(NoticeKind.CALENDAR_DRAWING, DRAWINGS, about(number), str(drawings), {"drawing": drawings})


def picture(number: int, room: str) -> Notice:
    return Notice(NoticeKind.CALENDAR_PICTURE, channel(room), about(number))


def next_post(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Monday at eight by the zone's clocks (UTC)."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    at = _at(monday, zone)
    return at if at > now else _at(monday + timedelta(weeks=1), zone)


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(showings(zone, day, POSTED_AT)[0], UTC)
