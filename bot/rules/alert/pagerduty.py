"""PagerDuty's Events API v2, as whatever speaks to PagerDuty sends it; `problems` are what a 400 says."""

from collections.abc import Mapping

from bot.rules.alert.alerts import KEY_MOST, Alert, AlertState, Reading, fitting
from bot.rules.alert.values import body, instant, labels, link, others, table, text, title

_STATES = {
    "trigger": AlertState.FIRING,
    "acknowledge": AlertState.ACKNOWLEDGED,
    "resolve": AlertState.RESOLVED,
}
_SEVERITIES = ("critical", "error", "warning", "info")
SUMMARY_MOST = 1024
_PLACES = ("source", "component", "group", "class")


def problems(event: Mapping[str, object]) -> list[str]:
    """What is wrong with an event, a sentence each; nothing where it can be taken."""
    action, key = event.get("event_action"), event.get("dedup_key")
    found = []
    if not isinstance(action, str) or action not in _STATES:
        found.append("“event_action” must be trigger, acknowledge or resolve")
    if key is not None and (not isinstance(key, str) or len(key) > KEY_MOST):
        found.append(f"“dedup_key” must be a string of at most {KEY_MOST} characters")
    elif not key and action in ("acknowledge", "resolve"):
        found.append(f"“dedup_key” is missing, and {action} is about an event that has one")
    if action == "trigger":
        found += _of_payload(event.get("payload"))
    return found


def _of_payload(payload: object) -> list[str]:
    if not isinstance(payload, Mapping):
        return ["“payload” is missing or no object"]
    found = [
        f"“payload.{name}” is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not text(payload[name])
    ]
    if isinstance(payload.get("severity"), str) and payload["severity"] not in _SEVERITIES:
        found.append(f"“payload.severity” must be one of {', '.join(_SEVERITIES)}")
    if len(text(payload.get("summary"))) > SUMMARY_MOST:
        found.append(f"“payload.summary” has more than {SUMMARY_MOST} characters")
    if payload.get("timestamp") is not None and instant(payload["timestamp"]) is None:
        found.append("“payload.timestamp” is no instant; write it like 2026-03-02T09:00:00Z")
    return found


def read(event: Mapping[str, object], made: str) -> Reading:
    """`made` is the identity of an event that brings none."""
    if faults := problems(event):
        return Reading(faults=tuple(faults))
    said, state = table(event.get("payload")), _STATES[str(event["event_action"])]
    key = fitting(text(event.get("dedup_key")) or made)
    places = {name: said[name] for name in _PLACES if text(said.get(name))}
    details = said.get("custom_details")
    at = instant(said.get("timestamp"))
    first = next(iter(_listed(event.get("links"))), {})
    alert = Alert(
        key=key,
        group=key,
        state=state,
        title=title(said.get("summary"), key),
        body=body(details),
        severity=text(said.get("severity")),
        link=link(first.get("href"), event.get("client_url")),
        labels=labels({**(table(details)), **places}),
        starts_at=at if state is AlertState.FIRING else None,
        ends_at=at if state is AlertState.RESOLVED else None,
        kept=others(event, ("routing_key", "event_action", "dedup_key", "payload", "client_url")),
    )
    return Reading((alert,))


def _listed(value: object) -> list[Mapping[str, object]]:
    return [table(one) for one in value] if isinstance(value, list) else []
