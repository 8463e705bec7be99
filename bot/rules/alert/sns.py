"""CloudWatch alarms as Amazon SNS delivers them: an envelope with the alarm as a text of JSON in it."""

import json
from collections.abc import Mapping

from bot.rules.alert.alerts import Alert, AlertState, Reading, fitting, unread
from bot.rules.alert.values import body, instant, labels, others, table, text, title

NOTIFICATION = "Notification"
SUBSCRIBED, UNSUBSCRIBED = "SubscriptionConfirmation", "UnsubscribeConfirmation"
_STATES = {"ALARM": AlertState.FIRING, "OK": AlertState.RESOLVED, "INSUFFICIENT_DATA": AlertState.NO_DATA}
_NAMED = (
    *("AlarmName", "AlarmDescription", "AWSAccountId", "NewStateValue", "NewStateReason"),
    *("StateChangeTime", "Region", "AlarmArn", "OldStateValue", "Trigger"),
)


def read(payload: Mapping[str, object]) -> Reading:
    """An alarm alone, without its envelope, is read as well: that is how it is shown in the console."""
    if "AlarmName" in payload:
        return _alarm(payload)
    kind = text(payload.get("Type"))
    if kind in (SUBSCRIBED, UNSUBSCRIBED):
        return Reading(confirm=text(payload.get("SubscribeURL")) if kind == SUBSCRIBED else "")
    if kind != NOTIFICATION:
        return unread(f"its Type is “{kind[:40]}”, which SNS does not have")
    message = payload.get("Message")
    try:
        alarm = json.loads(message) if isinstance(message, str) else message
    except (ValueError, RecursionError):
        return unread("its Message is not JSON, so it is no alarm of CloudWatch")
    return _alarm(table(alarm))


def _alarm(alarm: Mapping[str, object]) -> Reading:
    name, state = text(alarm.get("AlarmName")), _STATES.get(text(alarm.get("NewStateValue")))
    if not name:
        return unread("it has no AlarmName, so it is no alarm of CloudWatch")
    if state is None:
        return unread(
            f"its NewStateValue is “{text(alarm.get('NewStateValue'))[:40]}”, not ALARM, OK or INSUFFICIENT_DATA"
        )
    place = [text(alarm.get("AWSAccountId")), text(alarm.get("Region"))]
    key = fitting(text(alarm.get("AlarmArn")) or ":".join([*place, name]))
    changed, trigger = instant(alarm.get("StateChangeTime")), table(alarm.get("Trigger"))
    shown = {"alarm": name, "account": place[0], "region": place[1], "metric": trigger.get("MetricName")}
    shown |= {"namespace": trigger.get("Namespace")} | _dimensions(trigger)
    alert = Alert(
        key=key,
        group=key,
        state=state,
        title=title(name),
        body=body("\n\n".join(filter(None, (text(alarm.get("AlarmDescription")), text(alarm.get("NewStateReason")))))),
        labels=labels({one: said for one, said in shown.items() if said}),
        starts_at=changed if state is AlertState.FIRING else None,
        ends_at=changed if state is AlertState.RESOLVED else None,
        kept={**others(alarm, _NAMED), **({"Trigger": trigger} if trigger else {})},
    )
    return Reading((alert,))


def _dimensions(trigger: Mapping[str, object]) -> dict[str, object]:
    listed = trigger.get("Dimensions")
    found = [table(one) for one in listed] if isinstance(listed, list) else []
    return {text(one["name"]): one.get("value") for one in found if "name" in one}
