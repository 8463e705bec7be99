"""Prometheus Alertmanager's webhook, version 4, and Grafana's, which has the same form and says more.

An alert stands for itself: the group's state and its words tell nothing of one of them. Its identity is the
fingerprint, which Alertmanager makes of the labels; the group's is `groupKey`.
"""

from collections.abc import Mapping

from bot.rules.alert.alerts import ALERTS_MOST, Alert, AlertState, Reading, fitting, of_labels, unread
from bot.rules.alert.values import body, instant, labels, link, others, table, text, title

_STATES = {"firing": AlertState.FIRING, "resolved": AlertState.RESOLVED}
_LEGACY = {
    "alerting": AlertState.FIRING,
    "ok": AlertState.RESOLVED,
    "no_data": AlertState.NO_DATA,
    "pending": AlertState.NO_DATA,
    "paused": AlertState.NO_DATA,
    "unknown": AlertState.NO_DATA,
}
_GROUP = (
    *("version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels"),
    *("commonLabels", "commonAnnotations", "externalURL", "alerts"),
)
_ALERT = ["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"]
_LINKS = ["panelURL", "dashboardURL", "generatorURL"]


def read(payload: Mapping[str, object], severity_label: str) -> Reading:
    if "ruleId" in payload and "alerts" not in payload:
        return _legacy(payload)
    listed = payload.get("alerts")
    if not isinstance(listed, list):
        return unread("“alerts” is not a list, so this is not what Alertmanager sends")
    alerts, faults = [], []
    for number, one in enumerate(listed[:ALERTS_MOST]):
        found = _alert(table(one), payload, severity_label)
        if isinstance(found, str):
            faults.append(f"alerts[{number}]: {found}")
        else:
            alerts.append(found)
    truncated = payload.get("truncatedAlerts")
    left_out = truncated if isinstance(truncated, int) and not isinstance(truncated, bool) and truncated > 0 else 0
    left_out += max(0, len(listed) - ALERTS_MOST)
    return Reading(tuple(alerts), tuple(faults), left_out, kept=others(payload, _GROUP))


def _alert(one: Mapping[str, object], group: Mapping[str, object], severity_label: str) -> Alert | str:
    """The alert, or what is wrong with it."""
    named, said = labels(one.get("labels")), table(one.get("annotations"))
    state = _STATES.get(text(one.get("status") or group.get("status")).casefold())
    if state is None:
        return f"its status is “{text(one.get('status'))[:40]}”, and neither firing nor resolved"
    key = text(one.get("fingerprint")) or (of_labels(named) if named else "")
    if not key:
        return "it has neither a fingerprint nor labels to tell it by"
    return Alert(
        key=fitting(key),
        group=_group(group, key),
        state=state,
        title=title(said.get("summary"), said.get("title"), named.get("alertname"), group.get("title"), key),
        body=body(said.get("description"), said.get("message")),
        severity=named.get(severity_label, "").casefold(),
        link=link(*(one.get(name) for name in _LINKS), group.get("externalURL")),
        labels=named,
        starts_at=instant(one.get("startsAt")),
        ends_at=instant(one.get("endsAt")) if state is AlertState.RESOLVED else None,
        kept=others(one, _ALERT),
    )


def _group(group: Mapping[str, object], key: str) -> str:
    if given := text(group.get("groupKey")):
        return fitting(given)
    shared = labels(group.get("groupLabels"))
    return of_labels(shared) if shared else fitting(key)


def _legacy(payload: Mapping[str, object]) -> Reading:
    """Grafana's alerting before version 9: one rule a delivery."""
    state = _LEGACY.get(text(payload.get("state")).casefold())
    key = text(payload.get("ruleId"))
    if state is None or not key:
        return unread(f"its state is “{text(payload.get('state'))[:40]}”, which Grafana does not have")
    tags = labels(payload.get("tags"))
    alert = Alert(
        key=fitting(f"rule:{key}"),
        group=fitting(f"rule:{key}"),
        state=state,
        title=title(payload.get("title"), payload.get("ruleName"), key),
        body=body(payload.get("message")),
        severity=tags.get("severity", "").casefold(),
        link=link(payload.get("ruleUrl")),
        labels=tags,
        kept=others(payload, ("state", "title", "ruleName", "message", "ruleUrl", "tags", "ruleId")),
    )
    return Reading((alert,))
