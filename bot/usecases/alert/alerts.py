"""One alert that is heard: decided on by the rules, kept, and what follows from it, in the same transaction."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert import decision as rules
from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.decision import Decision, Known, KnownAlert, KnownGroup, Standing
from bot.rules.alert.policy import Source
from bot.rules.alert.services import service_of
from bot.rules.change_window.windows import Window, WindowKind, occurrences
from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.policy.policy import Policy
from bot.usecases.alert import follows
from bot.usecases.alert.follows import Heard
from bot.usecases.incident import by_alerts
from storage.alert import alerts as stored
from storage.change_window import windows
from storage.incident import incidents
from storage.tables import Alert as Row
from storage.tables import AlertGroup, Incident

MERGED_MOST = 5
"""Incidents that were merged into each other one after another."""
_OPEN = "maintenance windows that are open"
"""What a transaction keeps them under: a delivery may have thousands of alerts."""
_MOMENT = timedelta(seconds=1)


async def hear(tx: AsyncSession, policy: Policy, name: str, alert: Alert, now: datetime) -> Decision:
    """Keep it as it stands now, and do what the rules of its source decide."""
    source = policy.alerts[name]
    row = await stored.get(tx, name, alert.key)
    group = await stored.group(tx, name, alert.group)
    service = service_of(alert, source, policy.services)
    before = _known(row)
    known, incident = await _known_of(tx, source, name, row, group, service, now)
    decision = rules.decide(alert, source, known, now)
    after = rules.after(alert, source, before, now)
    if after is not None:
        row = await _keep(tx, name, row, group, alert, service, after, muted=decision.muted, now=now)
    heard = Heard(policy, name, source, alert, group, service, incident, decision, now)
    await follows.do(tx, heard)
    if alert.state is AlertState.RESOLVED and after is not None and not _live(await _members(tx, group)):
        await stored.set_group(tx, group.id or 0, quiet_since=now, **({} if after.flapping else {"told": False}))
    if decision.muted:
        await stored.raise_source(tx, name, muted=1)
    return decision


async def settle(tx: AsyncSession, policy: Policy, row: Row, now: datetime) -> None:
    """An alert that flapped and has not changed for long enough is told of as it is."""
    source, known = policy.alerts.get(row.source), _known(row)
    if source is None or known is None or not rules.steady(known, source, now):
        return
    row.flapping, row.changes = False, "[]"
    await stored.put(tx, row)
    group = await stored.group_numbered(tx, row.group_id)
    if group is None:
        return
    alert = alert_of(row, group)
    all_known, incident = await _known_of(tx, source, row.source, row, group, row.service, now)
    decision = rules.settled(alert, source, all_known, now)
    heard = Heard(policy, row.source, source, alert, group, row.service, incident, decision, now)
    await follows.steady(tx, heard)
    await follows.do(tx, heard)


def alert_of(row: Row, group: AlertGroup) -> Alert:
    """As the rules take it."""
    return Alert(
        key=row.key,
        group=group.group_key,
        state=AlertState(row.state),
        title=row.title,
        body=row.body,
        severity=row.severity,
        service=row.service,
        link=row.link,
        labels=json.loads(row.labels),
        starts_at=row.starts_at,
    )


def _known(row: Row | None) -> KnownAlert | None:
    if row is None:
        return None
    changes = tuple(datetime.fromisoformat(one) for one in json.loads(row.changes))
    return KnownAlert(AlertState(row.state), row.starts_at, row.changed_at, row.heard_at, changes, row.flapping)


async def _known_of(
    tx: AsyncSession, source: Source, name: str, row: Row | None, group: AlertGroup, service: str, now: datetime
) -> tuple[Known, Incident | None]:
    incident = await _incident_of(tx, group)
    members = await _members(tx, group)
    own = 0 if row is None or row.group_id != group.id or row.state == AlertState.RESOLVED else 1
    total = sum(members.values()) + (row is None)
    standing = KnownGroup(
        firing=_live(members) - own,
        total=total,
        incident=str(incident.ref) if incident else "",
        standing=_standing(incident),
        taken=incident is not None and (incident.number != group.incident or await by_alerts.taken(tx, incident)),
        storm=group.storm,
        quiet_since=group.quiet_since,
        told=group.told,
    )
    recent = await stored.opened_since(tx, name, now - source.storm.within)
    known = Known(
        alert=_known(row),
        group=standing,
        new_groups=recent,
        storm=await _storm(tx, name, recent, now),
        muted_by=await _muted_by(tx, service, now) if source.mute_in_maintenance else "",
    )
    return known, incident


async def _incident_of(tx: AsyncSession, group: AlertGroup) -> Incident | None:
    """The group's; of one that was merged into another, that."""
    incident = await incidents.get(tx, group.incident) if group.incident else None
    for _ in range(MERGED_MOST):
        if incident is None or incident.duplicate_of is None:
            break
        incident = await incidents.get(tx, incident.duplicate_of)
    return incident


async def _storm(tx: AsyncSession, name: str, recent: int, now: datetime) -> str:
    """The incident of a storm that goes on; a storm without new groups is over."""
    number = (await stored.source(tx, name, now)).storm_incident
    if not recent or number is None:
        return ""
    incident = await incidents.get(tx, number)
    return str(incident.ref) if incident is not None and incident.state in OPEN else ""


async def _muted_by(tx: AsyncSession, service: str, now: datetime) -> str:
    """The maintenance window that the service is in now."""
    kept: tuple[datetime, list[Window]] | None = tx.info.get(_OPEN)
    if kept is None or kept[0] != now:
        found = [one for one in await windows.between(tx, now, now + _MOMENT) if one.kind is WindowKind.MAINTENANCE]
        kept = tx.info[_OPEN] = (now, [one for one in found if occurrences(one, now, now + _MOMENT)])
    return next((str(one.ref) for one in kept[1] if one.concerns([service])), "")


async def _members(tx: AsyncSession, group: AlertGroup) -> dict[str, int]:
    return await stored.members(tx, group.id or 0)


def _live(members: dict[str, int]) -> int:
    return sum(count for state, count in members.items() if state != AlertState.RESOLVED)


def _standing(incident: Incident | None) -> Standing:
    if incident is None:
        return Standing.NONE
    if incident.state in OPEN:
        return Standing.OPEN
    return Standing.CANCELLED if incident.state == IncidentState.CANCELLED else Standing.RESOLVED


async def _keep(
    tx: AsyncSession,
    name: str,
    row: Row | None,
    group: AlertGroup,
    alert: Alert,
    service: str,
    after: KnownAlert,
    *,
    muted: bool,
    now: datetime,
) -> Row:
    """What it says now; one that is resolved without a firing is kept too."""
    fired = row is not None and row.state == AlertState.RESOLVED and after.state is AlertState.FIRING
    said: dict[str, Any] = {
        "group_id": group.id or 0,
        "state": after.state,
        "title": alert.title,
        "body": alert.body,
        "severity": alert.severity,
        "service": service,
        "link": alert.link,
        "labels": json.dumps(dict(alert.labels)),
        "kept": json.dumps(alert.kept, default=str)[:20_000],
        "starts_at": after.starts_at,
        "changed_at": after.changed_at,
        "heard_at": after.heard_at,
        "seen_at": now,
        "changes": json.dumps([at.isoformat() for at in after.changes]),
        "flapping": after.flapping,
        "muted": muted,
    }
    if row is None:
        row = Row(source=name, key=alert.key, first_seen_at=now, count=int(after.state is AlertState.FIRING), **said)
    else:
        for column, value in said.items():
            setattr(row, column, value)
        row.count += fired
    await stored.put(tx, row)
    return row
