"""Who hears of a promise that is near or broken."""

from bot.rules.notices import Notice, NoticeKind, channel, person
from bot.rules.sla import BREACH


def promise_at_risk(about: str, clock: str, threshold: int, channel_name: str, assignee: str | None) -> list[Notice]:
    """The channel and, where there is one, the assignee hear that a promise is near or broken."""
    kind = NoticeKind.SLA_BREACH if threshold >= BREACH else NoticeKind.SLA_WARNING
    lanes = [channel(channel_name), *([person(assignee)] if assignee else [])]
    return [Notice(kind, lane, about, f"{clock}:{threshold}", {"clock": clock}) for lane in lanes]
