"""What stories about alerts do: a policy with sources, and deliveries."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.alert import deliveries

PAYLOADS = Path(__file__).parent / "rules" / "alert" / "payloads"
SOURCE = """
[alerts.prom]
format = "alertmanager"
key = "env:PROM_KEY"
service_label = "service"
service = "vpn"
"""


async def adopts(desk: Desk, more: str = "", text: str = SOURCE) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text + more), by="deskbell", now=desk.clock.now())


def alert(key: str, state: str, at: datetime, title: str = "Tunnel is down", **labels: str) -> dict[str, Any]:
    """One alert of Alertmanager's, which began or ended then."""
    began, ended = (at, "0001-01-01T00:00:00Z") if state == "firing" else (at - timedelta(minutes=5), at.isoformat())
    return {
        "status": state,
        "fingerprint": key,
        "labels": {"alertname": title, "severity": "critical"} | labels,
        "annotations": {"summary": title},
        "startsAt": began.isoformat(),
        "endsAt": ended,
    }


def delivery(*alerts: dict[str, Any], group: str = "g") -> bytes:
    return json.dumps({"version": "4", "groupKey": group, "alerts": alerts}).encode()


async def delivers(desk: Desk, content: bytes, source: str = "prom") -> None:
    """As the door keeps it; then all that follows."""
    async with desk.bot.database.begin() as tx:
        await deliveries.keep(tx, source, content, "made", desk.clock.now())
    await desk.settles()


async def fires(desk: Desk, *keys: str, group: str = "g", **labels: str) -> None:
    now = desk.clock.now()
    await delivers(desk, delivery(*(alert(key, "firing", now, **labels) for key in keys), group=group))


async def clears(desk: Desk, *keys: str, group: str = "g", **labels: str) -> None:
    now = desk.clock.now()
    await delivers(desk, delivery(*(alert(key, "resolved", now, **labels) for key in keys), group=group))


def recorded(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return read
