"""With whom an incident is, told by its facts: what groups and suppliers owe counts by this."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind

MOVED = frozenset(
    {
        FactKind.INCIDENT_OPENED,
        FactKind.INCIDENT_ACKNOWLEDGED,
        FactKind.INCIDENT_STARTED,
        FactKind.INCIDENT_PENDED,
        FactKind.INCIDENT_RESUMED,
        FactKind.INCIDENT_RESOLVED,
        FactKind.INCIDENT_CANCELLED,
        FactKind.INCIDENT_REOPENED,
        FactKind.INCIDENT_ASSIGNED,
        FactKind.INCIDENT_RECLASSIFIED,
    }
)
"""The facts that may move it."""
_TAKES = (FactKind.INCIDENT_ACKNOWLEDGED, FactKind.INCIDENT_STARTED, FactKind.INCIDENT_RESOLVED)

Groups = Mapping[str, Collection[str]]
"""The keys of each person's groups, by the person's id."""


@dataclass(frozen=True)
class Custody:
    service: str
    priority: Priority
    private: bool
    done: bool = False
    """Resolved; cancelled too."""
    cancelled: bool = False
    pending_on: str | None = None
    assignee: str | None = None
    assigned_group: str | None = None
    group: str | None = None
    """The key of the group that has it; None while somebody of no such group has."""
    taken: bool = False
    """Whether one of that group's members has taken it."""


def custodies(facts: Iterable[Fact], policy: Policy, groups: Groups) -> Iterator[tuple[datetime, Custody]]:
    """Each time it moved, and how it stood from then on."""
    custody: Custody | None = None
    for fact in facts:
        if fact.kind not in MOVED:
            continue
        if fact.kind is FactKind.INCIDENT_OPENED:
            data = fact.data
            custody = Custody(str(data["service"]), Priority(str(data["priority"])), bool(data["private"]))
        elif custody is not None:
            custody = _after(custody, fact)
        if custody is not None:
            custody = _with_whom(custody, policy, groups)
            yield fact.at, custody


def people_in(facts: Iterable[Fact]) -> set[str]:
    """Whose groups `custodies` asks for."""
    found = set[str]()
    for fact in facts:
        if fact.kind in _TAKES:
            found.add(fact.by)
        elif fact.kind is FactKind.INCIDENT_ASSIGNED and fact.data.get("assignee"):
            found.add(str(fact.data["assignee"]))
    return found


def _after(custody: Custody, fact: Fact) -> Custody:
    data = fact.data
    if fact.kind in _TAKES and fact.by != SYSTEM:
        custody = replace(custody, assignee=custody.assignee or fact.by)
    match fact.kind:
        case FactKind.INCIDENT_ASSIGNED:
            return replace(custody, assignee=_text(data.get("assignee")), assigned_group=_text(data.get("group")))
        case FactKind.INCIDENT_RECLASSIFIED:
            service, priority = data.get("service", custody.service), data.get("priority", custody.priority)
            return replace(custody, service=str(service), priority=Priority(str(priority)))
        case FactKind.INCIDENT_PENDED:
            return replace(custody, pending_on=_text(data.get("on")))
        case FactKind.INCIDENT_RESOLVED:
            return replace(custody, done=True, pending_on=None)
        case FactKind.INCIDENT_CANCELLED:
            return replace(custody, done=True, cancelled=True, pending_on=None)
        case FactKind.INCIDENT_REOPENED:
            return replace(custody, done=False, cancelled=False, pending_on=None)
        case _:
            return replace(custody, pending_on=None)


def _with_whom(custody: Custody, policy: Policy, groups: Groups) -> Custody:
    mine = groups.get(custody.assignee or "", ())
    group = _group(custody, policy, mine)
    return replace(custody, group=group, taken=group is not None and group in mine)


def _group(custody: Custody, policy: Policy, mine: Collection[str]) -> str | None:
    """The group that it was given to; of a person, the group that had it before if the person is a member."""
    if custody.assigned_group:
        return custody.assigned_group
    owner = _owner(custody, policy)
    if custody.assignee is None:
        return owner
    candidates = (custody.group, owner, *policy.operational_targets)
    return next((one for one in candidates if one is not None and one in mine), None)


def _owner(custody: Custody, policy: Policy) -> str | None:
    if custody.private:
        return policy.incidents.private.group
    service = policy.services.get(custody.service)
    return service.owner if service else None


def _text(value: object) -> str | None:
    return str(value) if value else None
