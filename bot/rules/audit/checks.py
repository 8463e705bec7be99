"""What an auditor says of a clause, and when people are reminded of an audit or a finding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.rules.audit.flow import FindingKind
from bot.rules.audit.policy import Audits
from bot.rules.audit.refusals import NoSuchItemVerdict, NoSuchVerdict
from bot.rules.record.facts import Fact, FactKind

DUE = "audit_due"
"""The kind of the timers that remind."""
_RINGS_AT = time(9, 0)


class Verdict(StrEnum):
    CONFORMS = "conforms"
    NOT_LOOKED_AT = "not-looked-at"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    GOOD_PRACTICE = "good-practice"

    @property
    def finding(self) -> FindingKind | None:
        return FindingKind(self.value) if self.value in set(FindingKind) else None

    @property
    def label(self) -> str:
        return self.finding.label if self.finding else {"conforms": "Conforms"}.get(self.value, "Not looked at")


class Examined(StrEnum):
    """What an auditor says of one record of a sample."""

    MEETS = "meets"
    DEVIATES = "deviates"

    @property
    def label(self) -> str:
        return {"meets": "It meets what is asked"}.get(self.value, "It deviates")


@dataclass(frozen=True)
class ItemVerdict:
    ref: str
    said: Examined
    words: str


def examined_named(typed: str) -> Examined:
    """Raises NoSuchItemVerdict."""
    try:
        return Examined(typed.strip().casefold())
    except ValueError:
        raise NoSuchItemVerdict(typed=typed.strip()) from None


def item_verdicts(facts: Iterable[Fact]) -> dict[str, ItemVerdict]:
    """By reference, the newest of each record."""
    told = [one for one in facts if one.kind is FactKind.AUDIT_EXAMINED]
    return {
        str(one.data["record"]): ItemVerdict(
            str(one.data["record"]), Examined(str(one.data["verdict"])), one.words.get("comment", "")
        )
        for one in told
    }


def verdict_named(typed: str) -> Verdict:
    """Raises NoSuchVerdict."""
    wanted = typed.strip().casefold().replace(" ", "-").replace("_", "-")
    try:
        return Verdict(wanted)
    except ValueError:
        raise NoSuchVerdict(typed=typed.strip()) from None


def reminders(rules: Audits, due_on: date, now: datetime) -> dict[str, datetime]:
    """By occurrence: before the day, on it, and the next while it is late. All are to come."""

    def at(day: date) -> datetime:
        return datetime.combine(day, _RINGS_AT, UTC)

    found = {f"{due_on}-{span.days}": at(due_on - span) for span in rules.remind_before}
    found[f"{due_on}-due"] = at(due_on)
    late = due_on
    while at(late) <= now:
        late += max(rules.remind_late, timedelta(days=1))
    if late != due_on:
        found[f"{due_on}+{late}"] = at(late)
    return {name: when for name, when in found.items() if when > now}
