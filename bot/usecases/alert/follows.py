"""What a decision leads to: an incident opened, joined, resolved or reopened, or a line in a channel."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.decision import Decision, Does
from bot.rules.alert.policy import Opens, Source
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import Notice, NoticeKind, channel
from bot.rules.record.refs import of_subject
from bot.rules.record.text import SUMMARY_MOST, WORDS_MOST, shorten
from bot.usecases.incident import by_alerts, incidents
from bot.usecases.incident.incidents import Report
from bot.usecases.on_call import rotas
from bot.usecases.records import links
from bot.usecases.records.declared import Deed
from bot.usecases.records.visibility import find
from storage import record_links
from storage.alert import alerts as stored
from storage.delivery import outbox
from storage.record_links import LinkKind
from storage.tables import AlertGroup, Incident


@dataclass(frozen=True)
class Heard:
    """An alert with all that what follows from it needs."""

    policy: Policy
    name: str
    """The source's."""
    source: Source
    alert: Alert
    group: AlertGroup
    service: str
    incident: Incident | None
    decision: Decision
    now: datetime

    @property
    def data(self) -> dict[str, Datum]:
        return {"source": self.name, "alert": self.alert.key}


async def do(tx: AsyncSession, heard: Heard) -> None:
    await _DOES[heard.decision.does](tx, heard)


async def steady(tx: AsyncSession, heard: Heard) -> None:
    """It flapped, and does no more: told once."""
    if heard.incident is not None:
        words = f"{heard.alert.title}: it is {heard.alert.state}"
        await by_alerts.heard(tx, heard.incident, FactKind.ALERT_STEADY, words, heard.data, heard.now)


async def open_for(tx: AsyncSession, heard: Heard, *, by: str = SYSTEM, summary: str = "") -> Incident:
    """An incident of the alert's group, linked to the one that it had before."""
    weight = heard.source.weight(heard.alert.severity)
    report = Report(
        summary=shorten(summary or heard.alert.title, SUMMARY_MOST),
        description=_description(heard),
        service=heard.service,
        impact=weight.impact,
        urgency=weight.urgency,
    )
    incident = await incidents.log(tx, report, by=by, now=heard.now)
    if heard.incident is not None:
        await record_links.add(tx, str(incident.ref), str(heard.incident.ref), LinkKind.RELATED, SYSTEM, heard.now)
        await links.noted(tx, incident, heard.incident, LinkKind.RELATED, Deed(SYSTEM, heard.now))
    await _belongs(tx, heard, incident, storm=False)
    return incident


def _description(heard: Heard) -> str:
    alert = heard.alert
    labels = " ".join(f"{name}={value}" for name, value in alert.labels.items())
    parts = (alert.body, alert.link, f"Source: {heard.name}", f"Labels: {shorten(labels, 1000)}" if labels else "")
    return shorten("\n".join(filter(None, parts)), WORDS_MOST)


async def _nothing(_tx: AsyncSession, _heard: Heard) -> None:
    """It is kept, and that is all."""


async def _open(tx: AsyncSession, heard: Heard) -> None:
    await open_for(tx, heard)


async def _storm(tx: AsyncSession, heard: Heard) -> None:
    """One incident for all that come; what it has so far is on its card."""
    words = f"Storm of alerts from {heard.name}: {heard.alert.title}"
    incident = await open_for(tx, heard, summary=words)
    await _belongs(tx, heard, incident, storm=True)
    await stored.set_source(tx, heard.name, storm_incident=incident.number)


async def _attach(tx: AsyncSession, heard: Heard) -> None:
    """No fact of its own, since there may be thousands: the card counts them."""
    incident = await find(tx, Incident, of_subject(heard.decision.incident))
    await _belongs(tx, heard, incident, storm=True)
    await outbox.redraw(tx, str(incident.ref), heard.now, [NoticeKind.INCIDENT_CARD])


async def _belongs(tx: AsyncSession, heard: Heard, incident: Incident, *, storm: bool) -> None:
    values = {"incident": incident.number, "storm": storm, "told": True, "opened_at": heard.now}
    await stored.set_group(tx, heard.group.id or 0, **values)
    await _redraw_line(tx, heard)


async def _line(tx: AsyncSession, heard: Heard) -> None:
    if heard.incident is None:
        return
    kinds = {
        AlertState.FIRING: FactKind.ALERT_FIRED,
        AlertState.ACKNOWLEDGED: FactKind.ALERT_ACKNOWLEDGED,
        AlertState.RESOLVED: FactKind.ALERT_CLEARED,
    }
    await stored.set_group(tx, heard.group.id or 0, told=True)
    if heard.group.storm:
        await outbox.redraw(tx, str(heard.incident.ref), heard.now, [NoticeKind.INCIDENT_CARD])
    else:
        kind = kinds[heard.alert.state]
        await by_alerts.heard(tx, heard.incident, kind, heard.alert.title, heard.data, heard.now)


async def _reopen(tx: AsyncSession, heard: Heard) -> None:
    if heard.incident is None:
        return
    await by_alerts.reopen(tx, heard.incident, f"{heard.alert.title}: {heard.decision.because}", heard.now)
    await stored.set_group(tx, heard.group.id or 0, told=True)


async def _resolve(tx: AsyncSession, heard: Heard) -> None:
    if heard.incident is None:
        return
    await by_alerts.resolve(tx, heard.incident, f"The alerts of {heard.name} are over: {heard.alert.title}", heard.now)
    await stored.set_group(tx, heard.group.id or 0, told=False)


async def _propose(tx: AsyncSession, heard: Heard) -> None:
    if heard.incident is None:
        return
    words = f"All alerts of {heard.name} about it are over. Resolve it on its card if that is so."
    await by_alerts.propose(tx, heard.incident, words, heard.data, heard.now)
    await _redraw_line(tx, heard)


async def _flapping(tx: AsyncSession, heard: Heard) -> None:
    if heard.incident is not None:
        words = f"{heard.alert.title}: {heard.decision.because}. It is counted, and told when it stays."
        await by_alerts.heard(tx, heard.incident, FactKind.ALERT_FLAPPING, words, heard.data, heard.now)
    await _redraw_line(tx, heard)


async def _post(tx: AsyncSession, heard: Heard) -> None:
    """A line in a channel; that it is over is drawn into the same line."""
    firing = heard.alert.state is not AlertState.RESOLVED
    values = {"told": firing} | ({"opened_at": heard.now} if firing else {})
    await stored.set_group(tx, heard.group.id or 0, **values)
    if firing:
        room = heard.policy.channel(heard.source.channel) if heard.source.channel else None
        lane = channel(room or heard.policy.channel_of(heard.service))
        key = heard.now.isoformat()
        name = heard.policy.rota_of(heard.service)
        crew = await rotas.on_call_by_name(tx, heard.policy, name, heard.now)
        data: dict[str, str | int] = {"group": heard.group.id or 0, "mention": " ".join(crew)}
        notice = Notice(NoticeKind.ALERT_LINE, lane, about(heard.group), key, data)
        await outbox.put(tx, notice, heard.now)
    await _redraw_line(tx, heard)


async def _redraw_line(tx: AsyncSession, heard: Heard) -> None:
    if heard.source.opens is Opens.ALERT:
        await outbox.redraw(tx, about(heard.group), heard.now, [NoticeKind.ALERT_LINE])


def about(group: AlertGroup) -> str:
    """What a line in a channel is about."""
    return f"alerts {group.id}"


_DOES: Mapping[Does, Callable[[AsyncSession, Heard], Awaitable[None]]] = MappingProxyType(
    {
        Does.OPEN: _open,
        Does.STORM: _storm,
        Does.ATTACH: _attach,
        Does.LINE: _line,
        Does.POST: _post,
        Does.REOPEN: _reopen,
        Does.RESOLVE: _resolve,
        Does.PROPOSE: _propose,
        Does.FLAPPING: _flapping,
        Does.NOTHING: _nothing,
    }
)
