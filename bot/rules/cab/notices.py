"""Who hears what of a meeting of the change advisory board: its thread."""

from bot.rules.record.notices import Notice, NoticeKind, channel


def opened(meeting: str, channel_name: str) -> Notice:
    return Notice(NoticeKind.CAB_AGENDA, channel(channel_name), meeting)


def item(meeting: str, change: str, channel_name: str) -> Notice:
    """About the change: whatever happens to it, wherever, redraws it."""
    return Notice(NoticeKind.CAB_ITEM, channel(channel_name), change, meeting, {"meeting": meeting})


def closed(meeting: str, channel_name: str) -> list[Notice]:
    return [Notice(NoticeKind.CAB_MINUTES, channel(channel_name), meeting), exported(meeting, channel_name, 1)]


def exported(meeting: str, channel_name: str, number: int) -> Notice:
    return Notice(NoticeKind.CAB_EXPORT, channel(channel_name), meeting, str(number), {"number": number})
