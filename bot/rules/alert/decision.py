"""What becomes of an alert: one function of the alert, the rules of its source, and what is known.

Nothing here knows of databases or of Slack: the door, `deskbell alerts try` and the tests ask the same function.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.policy import Opens, Source
from bot.rules.record.text import spell

LATE = timedelta(minutes=5)
"""A delivery that was overtaken comes no later. What says so longer after the resolve is how it is now."""


class Does(StrEnum):
    OPEN = "open"
    STORM = "open a storm"
    ATTACH = "attach to the storm"
    LINE = "line"
    POST = "post"
    REOPEN = "reopen"
    RESOLVE = "resolve"
    PROPOSE = "propose to resolve"
    FLAPPING = "say that it flaps"
    NOTHING = "nothing"


class Standing(StrEnum):
    """How the incident of a group stands."""

    NONE = "none"
    OPEN = "open"
    RESOLVED = "resolved"
    """Or closed: it may go on."""
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class KnownAlert:
    state: AlertState
    starts_at: datetime | None
    changed_at: datetime
    """When it came to this state, by the source's clock where that tells."""
    heard_at: datetime
    """When the desk heard of that."""
    changes: tuple[datetime, ...] = ()
    """The latest of them, for as long as flapping is counted."""
    flapping: bool = False


@dataclass(frozen=True)
class KnownGroup:
    firing: int
    """Alerts of the group that are not resolved, without the one that is asked about."""
    total: int
    """All of them, with it."""
    incident: str = ""
    standing: Standing = Standing.NONE
    taken: bool = False
    """Whether a person has taken the incident over."""
    storm: bool = False
    """Whether its incident is that of a storm, which others share."""
    quiet_since: datetime | None = None
    """When its last alert was resolved."""
    told: bool = False
    """Whether anything was opened, posted or attached for what fires now."""


@dataclass(frozen=True)
class Known:
    alert: KnownAlert | None = None
    group: KnownGroup | None = None
    new_groups: int = 0
    """Groups of the source for which something was opened within the storm's time."""
    storm: str = ""
    """The incident of the storm that goes on."""
    muted_by: str = ""
    """The maintenance window that the service is in."""


class Decision(NamedTuple):
    does: Does
    because: str
    incident: str = ""
    """The one that it is about; empty where there is none yet."""
    muted: bool = False


NEW_GROUP = KnownGroup(0, 1)


def decide(alert: Alert, source: Source, known: Known, now: datetime) -> Decision:
    """The first reason that holds decides."""
    if alert.state is AlertState.NO_DATA:
        return Decision(Does.NOTHING, "the source has no data, which changes nothing")
    if overtaken := _overtaken(alert, known.alert, now):
        return Decision(Does.NOTHING, overtaken)
    if known.alert is None and alert.state is not AlertState.FIRING:
        return Decision(Does.NOTHING, f"{alert.state} without a firing that was seen: kept, and nothing opened")
    group = known.group or NEW_GROUP
    same = known.alert is not None and known.alert.state is alert.state
    if same and (group.told or alert.state is not AlertState.FIRING):
        return Decision(Does.NOTHING, f"it was {alert.state} already: the same again changes nothing", group.incident)
    if known.alert is not None and not same and (flaps := _flaps(known.alert, source, now)):
        return _flapping(alert, source, known.alert, group, flaps, now)
    if alert.state is AlertState.ACKNOWLEDGED:
        return _line(group, "somebody acknowledged it at the source")
    return _resolved(source, group) if alert.state is AlertState.RESOLVED else _fires(alert, source, known, group, now)


def after(alert: Alert, source: Source, known: KnownAlert | None, now: datetime) -> KnownAlert | None:
    """What is known of it from then on; None of one that was never known and is not to be."""
    if alert.state is AlertState.NO_DATA or _overtaken(alert, known, now):
        return known
    if known is not None and known.state is alert.state:
        return replace(known, starts_at=alert.starts_at or known.starts_at)
    counted = (*_recent(known.changes, source, now), now) if known else ()
    flapping = known is not None and len(counted) >= source.flapping.changes
    at = (alert.ends_at if alert.state is AlertState.RESOLVED else alert.starts_at) or now
    starts_at = alert.starts_at or (known.starts_at if known else None)
    return KnownAlert(alert.state, starts_at, min(at, now), now, counted, flapping)


def steady(known: KnownAlert, source: Source, now: datetime) -> bool:
    """Whether an alert that flaps has stopped: it has not changed for as long as changes are counted."""
    return known.flapping and not _recent(known.changes, source, now)


def settled(alert: Alert, source: Source, known: Known, now: datetime) -> Decision:
    """What follows when an alert that flapped stays as it is."""
    group = known.group or NEW_GROUP
    return _resolved(source, group) if alert.state is AlertState.RESOLVED else _fires(alert, source, known, group, now)


def silent(source: Source, heard_at: datetime, now: datetime) -> str:
    """Why a source's silence is an alert by itself; empty while it is none."""
    if source.heartbeat is None or now - heard_at <= source.heartbeat:
        return ""
    return f"nothing was heard for more than {spell(source.heartbeat)}"


def _overtaken(alert: Alert, known: KnownAlert | None, now: datetime) -> str:
    """Why the delivery is older than what is known; empty where it is not."""
    if known is None:
        return ""
    was_resolved = known.state is AlertState.RESOLVED
    if alert.state is AlertState.RESOLVED:
        older = not was_resolved and alert.ends_at and known.starts_at and alert.ends_at < known.starts_at
        return "it resolves an earlier firing than the one that is known" if older else ""
    if not was_resolved or alert.starts_at is None or alert.starts_at >= known.changed_at:
        return ""
    if now - known.heard_at >= LATE:
        return ""
    return "it began before the resolve that is known, so the delivery was overtaken"


def _recent(changes: tuple[datetime, ...], source: Source, now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in changes if now - at < source.flapping.within)


def _flaps(known: KnownAlert, source: Source, now: datetime) -> str:
    counted = len(_recent(known.changes, source, now)) + 1
    if counted < source.flapping.changes:
        return ""
    return f"it flaps: {counted} changes within {spell(source.flapping.within)}"


def _flapping(
    alert: Alert, source: Source, known: KnownAlert, group: KnownGroup, flaps: str, now: datetime
) -> Decision:
    """Told once. An incident that is resolved by now goes on, and stays open until it is quiet."""
    if known.flapping or source.opens is Opens.NOTHING:
        return Decision(Does.NOTHING, flaps, group.incident)
    if alert.state is AlertState.FIRING and _goes_on(source, group, now):
        return Decision(Does.REOPEN, flaps, group.incident)
    return Decision(Does.FLAPPING, flaps, group.incident)


def _goes_on(source: Source, group: KnownGroup, now: datetime) -> bool:
    if group.standing is not Standing.RESOLVED or group.quiet_since is None or group.storm:
        return False
    return now - group.quiet_since <= source.reopen_within


def _line(group: KnownGroup, because: str) -> Decision:
    if group.standing is not Standing.OPEN:
        return Decision(Does.NOTHING, f"{because}, and no incident is open for it", group.incident)
    return Decision(Does.LINE, because, group.incident)


def _resolved(source: Source, group: KnownGroup) -> Decision:
    if source.opens is Opens.NOTHING:
        return Decision(Does.NOTHING, "its source opens nothing")
    if group.firing:
        return _line(group, f"{group.firing} of {group.total} of its group still fire")
    if source.opens is Opens.ALERT and group.standing is not Standing.OPEN:
        if not group.told:
            return Decision(Does.NOTHING, "nothing was posted for it")
        return Decision(Does.POST, "all of its group are resolved")
    if group.standing is not Standing.OPEN:
        return Decision(Does.NOTHING, "all of its group are resolved, and no incident is open for it", group.incident)
    quiet = "all of its group are resolved"
    if group.storm:
        return Decision(Does.LINE, f"{quiet}, and the storm's incident is of others too", group.incident)
    if group.taken:
        return Decision(Does.PROPOSE, f"{quiet}, and a person has taken the incident", group.incident)
    if not source.auto_resolve:
        return Decision(Does.PROPOSE, f"{quiet}, and its source does not resolve by itself", group.incident)
    return Decision(Does.RESOLVE, f"{quiet}, and no person has taken the incident", group.incident)


def _fires(alert: Alert, source: Source, known: Known, group: KnownGroup, now: datetime) -> Decision:
    if source.opens is Opens.NOTHING:
        return Decision(Does.NOTHING, "its source opens nothing")
    if group.standing is Standing.OPEN:
        return Decision(Does.LINE, "the incident of its group is open", group.incident)
    if not source.opens_for(alert.severity):
        named = f"its severity “{alert.severity}”" if alert.severity else "no severity, which"
        return Decision(Does.NOTHING, f"{named} is none that opens anything")
    if known.muted_by and source.mute_in_maintenance:
        return Decision(Does.NOTHING, f"muted by the maintenance window {known.muted_by}", muted=True)
    if source.opens is Opens.ALERT:
        return _posts(source, known, group)
    if _goes_on(source, group, now):
        return Decision(
            Does.REOPEN, f"it fires again within {spell(source.reopen_within)} of its resolve", group.incident
        )
    if known.storm:
        return Decision(Does.ATTACH, "a storm of alerts goes on", known.storm)
    if known.new_groups >= source.storm.groups:
        return Decision(Does.STORM, _stormy(source))
    old = f", later than {spell(source.reopen_within)} after {group.incident}" if group.incident else ""
    return Decision(Does.OPEN, f"it fires, and no incident is open for its group{old}", group.incident)


def _posts(source: Source, known: Known, group: KnownGroup) -> Decision:
    if group.told:
        return Decision(Does.NOTHING, "its group was posted already")
    if known.new_groups > source.storm.groups:
        return Decision(Does.NOTHING, f"{_stormy(source)}, which was posted: counted")
    if known.new_groups == source.storm.groups:
        return Decision(Does.POST, _stormy(source))
    return Decision(Does.POST, "it fires, and its source opens a line in a channel")


def _stormy(source: Source) -> str:
    return f"a storm: more than {source.storm.groups} new groups within {spell(source.storm.within)}"
