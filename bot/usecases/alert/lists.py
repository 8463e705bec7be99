"""Alerts and their sources as people look at them, and an incident that a person opens for some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert.alerts import AlertState
from bot.rules.alert.decision import Decision, Does
from bot.rules.alert.refusals import AlertsAreOver, AlertsHaveAnIncident, NoSuchAlerts, NoSuchSource
from bot.rules.incident.flow import OPEN
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import listed
from bot.rules.record.list_filter import joined, key_of, tokens
from bot.usecases import people
from bot.usecases.alert import alerts
from bot.usecases.alert.follows import Heard, open_for
from bot.usecases.policy import in_force
from storage.alert import alerts as stored
from storage.alert.alerts import Standing
from storage.incident import incidents
from storage.tables import Alert, AlertGroup, AlertSource, Incident

_LIVE = (AlertState.FIRING, AlertState.ACKNOWLEDGED)
_WORDS = {
    "firing": _LIVE,
    "open": _LIVE,
    "acknowledged": (AlertState.ACKNOWLEDGED,),
    "resolved": (AlertState.RESOLVED,),
    "all": tuple(AlertState),
}


@dataclass(frozen=True)
class Listed:
    """A page of alerts, as it was asked for."""

    policy: Policy
    rows: Sequence[tuple[Alert, AlertGroup]]
    total: int
    sources: dict[str, AlertSource]


@dataclass(frozen=True)
class Told:
    """A group as a line in a channel shows it."""

    policy: Policy
    group: AlertGroup
    alerts: Sequence[Alert]
    """Those that fire first."""
    incident: Incident | None

    @property
    def firing(self) -> int:
        return sum(one.state != AlertState.RESOLVED for one in self.alerts)


async def page(tx: AsyncSession, typed: str, *, by: str, size: int, offset: int = 0) -> Listed:
    """Those that fire, or what the words say: a state, a source, a service. Raises NoSuchSource, GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    states: Sequence[AlertState] = _LIVE
    source, services = None, []
    names = {key: one.name for key, one in policy.services.items()}
    for word in joined(tokens(typed), names):
        if word.casefold() in _WORDS:
            states = _WORDS[word.casefold()]
        elif found := key_of(word, {one: one for one in policy.alerts}):
            source = found
        elif found := key_of(word, names):
            services.append(found)
        else:
            known = f"Sources are {listed(policy.alerts)}" if policy.alerts else "The policy has no sources yet"
            raise NoSuchSource(typed=word, known=known)
    page_of, total = await stored.page(tx, states=states, source=source, services=services, limit=size, offset=offset)
    return Listed(policy, page_of, total, await stored.sources(tx))


async def of_incident(tx: AsyncSession, incident: Incident) -> Standing | None:
    return await stored.of_incident(tx, incident.number)


async def told(tx: AsyncSession, group_id: int) -> Told:
    """Raises NoSuchAlerts."""
    group = await stored.group_numbered(tx, group_id)
    found = await stored.of_group(tx, group_id) if group else []
    if group is None or not found:
        raise NoSuchAlerts()
    incident = await incidents.get(tx, group.incident) if group.incident else None
    return Told((await in_force(tx)).policy, group, found, incident)


async def open_incident(tx: AsyncSession, group_id: int, *, by: str, now: datetime) -> Incident:
    """A person has an incident opened for alerts that were a line. Raises NoSuchAlerts, AlertsAreOver, GuestsMayNot."""
    await people.member(tx, by)
    found = await told(tx, group_id)
    if found.incident is not None and found.incident.state in OPEN:
        raise AlertsHaveAnIncident(ref=found.incident.ref)
    first, source = found.alerts[0], found.policy.alerts.get(found.group.source)
    if first.state == AlertState.RESOLVED or source is None:
        raise AlertsAreOver()
    heard = Heard(
        policy=found.policy,
        name=found.group.source,
        source=source,
        alert=alerts.alert_of(first, found.group),
        group=found.group,
        service=first.service,
        incident=found.incident,
        decision=Decision(Does.OPEN, "a person asked for it"),
        now=now,
    )
    return await open_for(tx, heard, by=by)
