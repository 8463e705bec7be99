"""Datadog's webhook. Its body is whatever the user wrote: `TEMPLATE` is what Deskbell asks them to paste."""

import re
from collections.abc import Mapping

from bot.rules.alert.alerts import Alert, AlertState, Reading, fitting, unread
from bot.rules.alert.values import body, instant, link, others, tags, text, title

TEMPLATE = """{
  "alert_id": "$ALERT_ID",
  "alert_cycle_key": "$ALERT_CYCLE_KEY",
  "aggreg_key": "$AGGREG_KEY",
  "alert_transition": "$ALERT_TRANSITION",
  "alert_priority": "$ALERT_PRIORITY",
  "alert_scope": "$ALERT_SCOPE",
  "event_title": "$EVENT_TITLE",
  "text_only_msg": "$TEXT_ONLY_MSG",
  "link": "$LINK",
  "date": "$DATE",
  "tags": "$TAGS"
}"""

_NAMES = {
    "key": ("alertcyclekey", "cyclekey"),
    "rule": ("alertid", "id", "aggregkey"),
    "state": ("alerttransition", "transition"),
    "priority": ("alertpriority", "priority"),
    "scope": ("alertscope", "scope"),
    "title": ("eventtitle", "alerttitle", "title"),
    "body": ("textonlymsg", "eventmsg", "body", "message"),
    "link": ("link", "url"),
    "at": ("date", "lastupdated"),
    "tags": ("tags",),
}
"""What a value may be called: the variable's name, whatever its capitals and underscores, or a shorter one."""
_SEVERITIES = {"p1": "critical", "p2": "error", "p3": "warning", "p4": "info", "p5": "info"}


def read(payload: Mapping[str, object]) -> Reading:
    plain = {re.sub(r"[^a-z]", "", name.casefold()): (name, value) for name, value in payload.items()}
    found, read_names = {}, []
    for meaning, names in _NAMES.items():
        name, value = next((plain[one] for one in names if one in plain), ("", None))
        read_names.append(name)
        # A variable that Datadog does not know stays as it was written.
        found[meaning] = None if isinstance(value, str) and value.startswith("$") else value
    state = _state(text(found["state"]))
    if state is None:
        return unread(
            f"its transition is “{text(found['state'])[:40]}”, which Datadog does not have; paste the template"
        )
    key = text(found["key"]) or text(found["rule"])
    if not key:
        return unread("it has no $ALERT_CYCLE_KEY, so it cannot be told from others; paste the template")
    at = instant(found["at"])
    priority = text(found["priority"]).casefold()
    alert = Alert(
        key=fitting(key),
        group=fitting(key),
        state=state,
        title=title(found["title"], key),
        body=body(found["body"]),
        severity=_SEVERITIES.get(priority, "warning" if "warn" in text(found["state"]).casefold() else priority),
        link=link(found["link"]),
        labels={**tags(found["tags"]), **tags(found["scope"])},
        starts_at=at if state is AlertState.FIRING else None,
        ends_at=at if state is AlertState.RESOLVED else None,
        kept=others(payload, read_names),
    )
    return Reading((alert,))


def _state(transition: str) -> AlertState | None:
    """“Re-Triggered”, “Warn”, “No Data” and “Renotify” all say that it is not well."""
    said = re.sub(r"[^a-z]", "", transition.casefold())
    if "recover" in said or said in ("ok", "resolved", "success"):
        return AlertState.RESOLVED
    if said.removeprefix("re") in ("triggered", "notify", "nodata", "warn") or said in ("alert", "error", "renotify"):
        return AlertState.FIRING
    return None
