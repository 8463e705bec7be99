"""Answers a monitoring system: requests and calls as counted here, and the state of the desk.

No label holds anything that a person chose: its values are ids of the code's own and codes of Slack's.
"""

import asyncio
import platform
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from importlib import metadata

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from storage.metrics import Queue, Readings

KEPT_SECONDS = 5.0
"""How long readings of the database are shown again: several who ask cost it no more than one."""

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0)
"""Seconds. Slack waits for three."""

_CODE = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)

Read = Callable[[], Awaitable[Readings | None]]
"""How the desk stands; None while the database does not answer."""


class Metrics:
    """One bot's numbers, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Histogram(
            "deskbell_request_seconds",
            "From a request of Slack's to its acknowledgement, by kind and name.",
            ["kind", "name"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._outcomes = Counter(
            "deskbell_requests",
            "Requests of Slack's by what came of them: done, refused, repeated, failed, untold, unauthorised, unknown.",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._calls = Counter(
            "deskbell_slack_calls", "Calls to Slack's Web API.", ["method", "code"], registry=self._registry
        )
        self._standing = _Standing()
        self._registry.register(self._standing)
        self._asking = asyncio.Lock()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def answered(self, kind: str, name: str, outcome: str, seconds: float) -> None:
        self._answers.labels(kind, name).observe(seconds)
        self._outcomes.labels(kind, outcome).inc()

    def called(self, method: str, code: str) -> None:
        """`code` is Slack's error, or "ok"."""
        self._calls.labels(method, code if _CODE.fullmatch(code) else "other").inc()

    async def text(self, read: Read, *, ready: bool) -> bytes:
        """All of it as Prometheus reads it. The database is asked once in five seconds, however many ask here."""
        async with self._asking:
            if time.monotonic() - self._standing.read_at > KEPT_SECONDS:
                self._standing.readings = await read()
                self._standing.read_at = time.monotonic()
        self._standing.ready = ready
        return generate_latest(self._registry)


class _Standing(Collector):
    """The gauges. While the database does not answer it says so, instead of what was true before."""

    def __init__(self) -> None:
        self.readings: Readings | None = None
        self.read_at = float("-inf")
        self.ready = False

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        build = {"version": metadata.version("deskbell"), "python": platform.python_version()}
        yield InfoMetricFamily("deskbell_build", "Which Deskbell this is.", build)
        yield GaugeMetricFamily("deskbell_ready", "Whether /ready answers 200.", int(self.ready))
        yield GaugeMetricFamily("deskbell_database_up", "Whether the database answers.", int(self.readings is not None))
        if self.readings is not None:
            yield from _of(self.readings)


def _of(found: Readings) -> Iterator[Metric]:
    rows = GaugeMetricFamily("deskbell_outbox_rows", "Messages to Slack that are not delivered.", labels=["state"])
    for state, count in found.outbox.items():
        rows.add_metric([state], count)
    yield rows
    yield GaugeMetricFamily(
        "deskbell_outbox_oldest_seconds", "Age of the oldest message that waits.", found.undelivered.age(found.at)
    )
    yield GaugeMetricFamily("deskbell_lanes_parked", "Channels and people that hear nothing.", found.parked)
    yield from _queue(found, found.late_timers, "deskbell_timers_late", "Timers that are due and have not rung")
    yield from _queue(found, found.approvals, "deskbell_approvals_waiting", "Votes that are asked for")
    yield from _queue(found, found.unsealed, "deskbell_journal_unsealed", "Facts that wait for their seal")
    yield from _queue(found, found.deliveries, "deskbell_alert_deliveries_waiting", "Alerts that wait to be worked off")
    for name, count in found.alerts.items():
        yield GaugeMetricFamily(f"deskbell_alerts_{name}", _OF_ALERTS[name], count)


_OF_ALERTS = {
    "firing": "Alerts that fire.",
    "deliveries": "Deliveries that were worked off, of all sources.",
    "faults": "Parts of deliveries that could not be read, of all sources.",
    "muted": "Alerts for which maintenance opened nothing, of all sources.",
}


def _queue(found: Readings, queue: Queue, name: str, what: str) -> Iterator[Metric]:
    yield GaugeMetricFamily(name, f"{what}.", queue.count)
    yield GaugeMetricFamily(f"{name}_seconds", f"{what}: age of the oldest.", queue.age(found.at))
