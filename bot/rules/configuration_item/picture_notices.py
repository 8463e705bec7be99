"""Pictures of impact are uploaded in a lane that nobody waits for; a message to who asked follows."""

from datetime import datetime

from bot.rules.record.notices import Notice, NoticeKind, person

DRAWINGS = "#IMPACT"
"""No channel's name has capital letters."""


def drawing(about: str, reader: str, at: datetime) -> Notice:
    return Notice(NoticeKind.CI_DRAWING, DRAWINGS, about, f"{reader}:{at.isoformat()}", {"for": reader})


def picture(about: str, reader: str, file: str) -> Notice:
    return Notice(NoticeKind.CI_PICTURE, person(reader), about, file, {"file": file})
