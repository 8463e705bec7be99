"""A delivery's bytes, read by the format of its source. Nothing here raises: what cannot be read is a fault."""

import json
from dataclasses import replace
from typing import assert_never

from bot.rules.alert import alertmanager, datadog, generic, pagerduty, sns
from bot.rules.alert.alerts import Format, Reading, of_labels, unread
from bot.rules.alert.policy import Fields, Source
from bot.rules.alert.values import table
from bot.rules.record.json_faults import why_no_json


def read(source: Source, content: bytes, made: str = "") -> Reading:
    """`made` is the identity of an event that may be without one, and is given one."""
    payload = parsed(content)
    if isinstance(payload, Unreadable):
        return unread(str(payload))
    if source.format is not Format.GENERIC and not isinstance(payload, dict):
        return unread("it is no JSON object")
    return _grouped(source, _read(source, payload, made))


class Unreadable(ValueError):
    """Bytes that are no JSON; the message completes “it …”."""


def parsed(content: bytes) -> object:
    """The JSON in it, or Unreadable. Numbers that JSON does not have are taken for nothing."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=lambda _: None)
    except UnicodeDecodeError:
        return Unreadable("it is no text in UTF-8")
    except json.JSONDecodeError as fault:
        return Unreadable(f"it is no JSON: {str(fault)[:100]}")
    except (ValueError, RecursionError) as fault:
        return Unreadable(why_no_json(fault))


def _read(source: Source, payload: object, made: str) -> Reading:
    match source.format:
        case Format.ALERTMANAGER | Format.GRAFANA:
            return alertmanager.read(table(payload), source.severity_label)
        case Format.SNS:
            return sns.read(table(payload))
        case Format.DATADOG:
            return datadog.read(table(payload))
        case Format.PAGERDUTY:
            return pagerduty.read(table(payload), made)
        case Format.GENERIC:
            return generic.read(payload, source.fields or Fields(key="key"))
    assert_never(source.format)


def _grouped(source: Source, reading: Reading) -> Reading:
    """Grouped by labels, where the policy says so."""
    if not source.group_by:
        return reading
    alerts = tuple(
        replace(one, group=of_labels({name: one.labels.get(name, "") for name in source.group_by}))
        for one in reading.alerts
    )
    return replace(reading, alerts=alerts)
