"""An alert as every source's is read: who it is, how it stands, and what it says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

KEY_MOST = 255
"""Characters of an identity; a longer one is kept as its digest."""
ALERTS_MOST = 5000
"""Of one delivery. What comes behind them is counted and told."""


class Format(StrEnum):
    ALERTMANAGER = "alertmanager"
    GRAFANA = "grafana"
    SNS = "sns"
    DATADOG = "datadog"
    PAGERDUTY = "pagerduty"
    GENERIC = "generic"


class AlertState(StrEnum):
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    NO_DATA = "no data"
    """The source cannot tell. Nothing changes by it."""


@dataclass(frozen=True)
class Alert:
    key: str
    """Its identity at the source: a fingerprint or the like, never its words."""
    group: str
    """What becomes one incident together with it."""
    state: AlertState
    title: str
    body: str = ""
    severity: str = ""
    service: str = ""
    """As the source names it, where the format has a place for it; labels are the other way."""
    link: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """When it was resolved, by the source's clock."""
    kept: Mapping[str, object] = field(default_factory=dict)
    """What the source said that this format does not name."""


@dataclass(frozen=True)
class Reading:
    """What a delivery says. Something that cannot be read is a fault and takes nothing else with it."""

    alerts: tuple[Alert, ...] = ()
    faults: tuple[str, ...] = ()
    left_out: int = 0
    """Alerts that the source itself says it left out of the delivery, or that are too many."""
    confirm: str = ""
    """The address that confirms a subscription, of a delivery that asks for it."""
    kept: Mapping[str, object] = field(default_factory=dict)
    """What the delivery said beside its alerts that this format does not name."""


def unread(fault: str) -> Reading:
    return Reading(faults=(fault,))


def fitting(identity: str) -> str:
    """An identity that fits its column: itself, or the digest of a long one."""
    if len(identity) <= KEY_MOST:
        return identity
    return f"sha256:{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()}"


def of_labels(labels: Mapping[str, str]) -> str:
    """An identity made of labels, whatever their order."""
    return fitting(json.dumps(dict(sorted(labels.items())), ensure_ascii=True, separators=(",", ":")))
