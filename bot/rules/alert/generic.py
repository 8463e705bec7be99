"""Any JSON: the policy's expressions of JMESPath say where each value stands."""

from collections.abc import Mapping

from bot.rules.alert.alerts import ALERTS_MOST, Alert, AlertState, Reading, fitting, unread
from bot.rules.alert.expressions import NotFound, found
from bot.rules.alert.policy import Fields
from bot.rules.alert.values import body, instant, labels, link, table, text, title


def read(payload: object, fields: Fields) -> Reading:
    try:
        there = found(fields.alerts, payload)
    except NotFound as fault:
        return unread(f"“alerts” finds nothing: {_words(fault)}")
    listed = there if isinstance(there, list) else [] if there is None else [there]
    alerts, faults = [], []
    for number, one in enumerate(listed[:ALERTS_MOST]):
        read_one = _alert(one, fields)
        if isinstance(read_one, str):
            faults.append(f"alerts[{number}]: {read_one}")
        else:
            alerts.append(read_one)
    if not listed:
        faults.append("there is no alert in it")
    return Reading(tuple(alerts), tuple(faults), max(0, len(listed) - ALERTS_MOST))


def _alert(one: object, fields: Fields) -> Alert | str:
    """The alert, or what is wrong with it."""
    try:
        values = {name: found(expression, one) for name, expression in fields.expressions.items()}
    except NotFound as fault:
        return _words(fault)
    key = text(values["key"])
    if not key:
        return f"“{fields.key}” finds no key to tell it by"
    state = _state(values.get("state"), fields)
    if state is None:
        return f"its state is “{text(values.get('state'))[:40]}”, which the policy does not list"
    at = instant(values.get("at"))
    return Alert(
        key=fitting(key),
        group=fitting(text(values.get("group")) or key),
        state=state,
        title=title(values.get("title"), key),
        body=body(values.get("body")),
        severity=text(values.get("severity")).casefold(),
        service=text(values.get("service")),
        link=link(values.get("link")),
        labels=labels(values.get("labels") or _plain(one)),
        starts_at=at if state is AlertState.FIRING else None,
        ends_at=at if state is AlertState.RESOLVED else None,
        kept=table(one),
    )


def _state(value: object, fields: Fields) -> AlertState | None:
    if fields.state is None:
        return AlertState.FIRING
    said = text(value).casefold()
    ways = (
        (fields.firing, AlertState.FIRING),
        (fields.acknowledged, AlertState.ACKNOWLEDGED),
        (fields.resolved, AlertState.RESOLVED),
    )
    return next((state for words, state in ways if said in {word.casefold() for word in words}), None)


def _plain(one: object) -> Mapping[str, object]:
    return {name: value for name, value in table(one).items() if isinstance(value, str | int | float | bool)}


def _words(fault: NotFound) -> str:
    return " ".join(str(fault).split())[:200] or "the expression cannot be evaluated"
