"""What is told of a report that was issued: its message in the channel, the detail in its thread."""

from collections.abc import Iterator

from bot.rules.record.notices import Notice, NoticeKind, channel

SUBJECT = "reports"
DUE = "report_due"
"""The timer at which a report is made."""


def posted(ref: str, room: str, version: int) -> Iterator[Notice]:
    """The message once, and kept true; of each version a picture, the detail and a file."""
    if version == 1:
        yield Notice(NoticeKind.REPORT_POSTED, channel(room), ref)
    yield Notice(NoticeKind.REPORT_PICTURE, channel(room), ref, str(version), {"version": version})
    yield Notice(NoticeKind.REPORT_DETAIL, channel(room), ref, str(version), {"version": version})
    yield Notice(NoticeKind.REPORT_FILE, channel(room), ref, str(version), {"version": version})
