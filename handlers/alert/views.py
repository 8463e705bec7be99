"""Alerts as people see them: a line in a channel, a list, and how those of an incident stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.rules.alert.alerts import AlertState
from bot.rules.incident.flow import OPEN
from bot.rules.policy.policy import Policy
from bot.usecases.alert.lists import Listed, Told
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.blocks.samples import AT, Drawn, said
from handlers.ids import Action
from storage.alert.alerts import Standing
from storage.tables import Alert, AlertGroup, AlertSource, Incident

_MARKS = {
    AlertState.FIRING: ":rotating_light:",
    AlertState.ACKNOWLEDGED: ":eyes:",
    AlertState.RESOLVED: ":white_check_mark:",
    AlertState.NO_DATA: ":grey_question:",
}
LINES = 5
"""Alerts of a group that a line names."""


def line(told: Told, on_call: Sequence[str] = ()) -> Message:
    """What fires, for a channel; once it is over, or an incident is open, it says so and has no button."""
    first, firing = told.alerts[0], told.firing
    lead = f"{_MARKS[AlertState(first.state)]} *{kit.esc(first.title)}*"
    counted = f"{firing} of {len(told.alerts)} fire" if firing else "over"
    facts = [told.policy.service_name(first.service), first.severity, f"from {told.group.source}", counted]
    blocks = [kit.section(lead), kit.context(" · ".join(kit.esc(one) for one in facts if one))]
    if len(told.alerts) > 1:
        blocks.append(kit.section("\n".join(_short(one) for one in told.alerts[:LINES])))
    elif first.body:
        blocks.append(kit.section(kit.excerpt(first.body, 600)))
    blocks += _link(first)
    if told.incident is not None:
        blocks.append(kit.context(f":ballot_box_with_check: {told.incident.ref} is {told.incident.state}."))
    elif firing:
        if on_call:
            blocks.append(kit.context(f"On call: {' '.join(map(kit.mention, on_call))}"))
        blocks.append(kit.actions(kit.button(Action.OPEN_FOR_ALERTS, "Open an incident", told.group.id)))
    word = "Alert" if firing else "Over"
    return Message(f"{word}: {kit.esc(first.title)}", blocks)


def listing(found: Listed, typed: str) -> Message:
    """One section a line, and what the sources say."""
    if not found.total:
        nothing = f"No alert matches “{kit.esc(typed)}”." if typed else "No alert fires."
        if typed.casefold() == "all":
            nothing = "No alert is on record."
        return Message(nothing, [kit.section(nothing), *_sources(found)])
    more = found.total - len(found.rows)
    left = [kit.context(f"{more} more. `/alert list SOURCE` or `/alert list SERVICE` narrows it.")] if more else []
    rows = [kit.section(_row(alert, group, found.policy)) for alert, group in found.rows]
    return Message(f"{found.total} alerts", [kit.header(f"Alerts: {found.total}"), *rows, *left, *_sources(found)])


def on_card(card: Message, standing: Standing | None) -> Message:
    """How the alerts of an incident stand, beneath its facts."""
    if standing is None:
        return card
    groups = f" in {standing.groups:,} groups" if standing.groups > 1 else ""
    flaps = f", {standing.flapping} come and go" if standing.flapping else ""
    text = f":rotating_light: {standing.firing:,} of {standing.total:,} alerts{groups} fire{flaps}"
    return replace(card, blocks=[*card.blocks[:2], kit.context(text), *card.blocks[2:]])


def _row(alert: Alert, group: AlertGroup, policy: Policy) -> str:
    incident = f" · INC-{group.incident}" if group.incident else ""
    flags = "".join([" · comes and goes" if alert.flapping else "", " · muted by maintenance" if alert.muted else ""])
    since = f"since {kit.when(alert.changed_at)}"
    severity = f"{kit.esc(alert.severity)} · " if alert.severity else ""
    return (
        f"{_MARKS[AlertState(alert.state)]} *{kit.esc(alert.title)}*\n"
        f"{severity}{kit.esc(policy.service_name(alert.service))} · {alert.state} {since}"
        f" · from {alert.source}{flags}{incident}"
    )


def _short(alert: Alert) -> str:
    return f"{_MARKS[AlertState(alert.state)]} {kit.esc(alert.title)}"


def _link(alert: Alert) -> list[Block]:
    return [kit.context(f"<{kit.esc(alert.link)}|At the source>")] if alert.link else []


def _sources(found: Listed) -> list[Block]:
    """Each with when it was heard, what could not be read, and what maintenance muted."""
    said_of = []
    for name in found.policy.alerts:
        known = found.sources.get(name)
        heard = f"heard {kit.when(known.heard_at)}" if known and known.deliveries else "not heard yet"
        faults = f", {known.faults} parts could not be read" if known and known.faults else ""
        muted = f", {known.muted} muted by maintenance" if known and known.muted else ""
        silent = ":warning: silent, " if known and known.silent else ""
        said_of.append(f"*{name}*: {silent}{heard}{faults}{muted}")
    if not said_of:
        return [kit.context("The policy has no sources of alerts: `[alerts.NAME]`.")]
    return [kit.context("\n".join(said_of))]


def drawn(policy: Policy, words: dict[str, str]) -> dict[str, Drawn]:
    """Samples, for the gallery."""
    many = [_sample(policy, words, number) for number in range(20)]
    group = AlertGroup(id=7, source="prom", group_key="g", incident=None)
    opened = AlertGroup(id=7, source="prom", group_key="g", incident=12)
    over = [_sample(policy, words, 0, AlertState.RESOLVED)]
    incident = Incident(
        number=12,
        state=min(OPEN),
        summary="x",
        service="vpn",
        impact="high",
        urgency="high",
        priority="P1",
        reporter="U1",
        opened_at=AT,
        policy_version=1,
    )
    sources = {"prom": AlertSource(name="prom", heard_at=AT, deliveries=3, faults=2, muted=1, silent=True)}
    shown = Listed(policy, [(one, opened) for one in many[:15]], 200, sources)
    return {
        "alert line": said(line(Told(policy, group, many[:1], None))),
        "alert line, on call": said(line(Told(policy, group, many[:1], None), ["U0A", "U0B"])),
        "alert line, several": said(line(Told(policy, group, many, None))),
        "alert line, over": said(line(Told(policy, group, over, None))),
        "alert line, with an incident": said(line(Told(policy, opened, many[:2], incident))),
        "alerts": said(listing(shown, "")),
        "alerts, none": said(listing(Listed(policy, [], 0, {}), "vpn")),
    }


def _sample(policy: Policy, words: dict[str, str], number: int, state: AlertState = AlertState.FIRING) -> Alert:
    since = AT - timedelta(minutes=number)
    return Alert(
        source="prom",
        key=f"k{number}",
        group_id=7,
        state=state,
        title=words.get("summary", "Tunnel to the office is down"),
        body=words.get("description", "No packet came through for 5 minutes."),
        severity="critical",
        service=next(iter(policy.services)),
        link="https://prometheus.example.com/graph?g0.expr=up",
        changed_at=since,
        heard_at=since,
        first_seen_at=since,
        seen_at=since,
        flapping=number % 3 == 1,
        muted=number % 3 == 2,
    )
