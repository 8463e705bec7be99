"""Who hears what of an incident."""

from bot.rules.notices import Notice, NoticeKind, channel, home, person


def incident_logged(about: str, channel_name: str, reporter: str) -> list[Notice]:
    return [
        Notice(NoticeKind.INCIDENT_CARD, channel(channel_name), about),
        Notice(NoticeKind.INCIDENT_RECEIPT, person(reporter), about),
        home(reporter),
    ]


def incident_resolved(about: str, reporter: str, resolver: str) -> list[Notice]:
    """The reporter hears of it, unless they did it themselves."""
    told = [] if reporter == resolver else [Notice(NoticeKind.INCIDENT_RESOLVED, person(reporter), about)]
    return [*told, home(reporter)]
