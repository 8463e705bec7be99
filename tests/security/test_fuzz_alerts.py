"""The doors of monitoring systems, fed with recorded deliveries that were spoilt: never a 500, nothing half kept."""

import json
from typing import Any

import pytest
from alert_steps import PAYLOADS, recorded
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import text
from test_fuzz import SPOILING, fed, ground, short, spoil

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.alert import deliveries

SOURCES = "".join(
    f'[alerts.{name}]\nformat = "{name}"\nkey = "env:FUZZ_KEY"\nservice = "vpn"\n'
    for name in ("alertmanager", "grafana", "datadog", "pagerduty")
)
GENERIC = """
[alerts.generic]
format = "generic"
key = "env:FUZZ_KEY"
service = "vpn"
fields = { alerts = "events", key = "id", title = "name", state = "status", labels = "where", at = "when" }
"""
NAMES = [one.stem for one in sorted(PAYLOADS.glob("*.json")) if one.stem != "sns"]
"""SNS is held to its signature before anything else of it is read: tests/stories/alert/test_doors.py."""


def test_no_spoilt_delivery_is_a_500_or_holds_up_those_behind_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUZZ_KEY", "k")
    with ground(sqlite_url, "http", short) as field:
        desk = field.desk

        async def adopt() -> None:
            async with desk.bot.database.begin() as tx:
                await desk_policy.adopt(tx, parse(SOURCES + GENERIC), by="U1", now=desk.clock.now())

        field.runner.run(adopt())

        async def waits() -> bool:
            async with desk.bot.database.read() as tx:
                return await deliveries.is_waiting(tx)

        @given(st.sampled_from(NAMES), st.lists(SPOILING, max_size=3), st.booleans())
        @fed(150)
        def every(name: str, spoilings: list[Any], at_pagerduty: bool) -> None:
            payload, _ = recorded(name) | {"routing_key": "k"}, field.next()
            for one in spoilings:
                if isinstance(payload, dict) and payload:
                    spoil(payload, *one)
            body = json.dumps(payload).encode()
            path = "/v2/enqueue" if at_pagerduty else f"/alerts/{name}/k"
            status, said = field.runner.run(field.raw(body, "application/json", path, signed=False))
            note(f"{path} {status} {said[:200]} {body[:500]!r}")
            assert status in (202, 400)
            assert "Traceback" not in said
            field.runner.run(desk.bot.jobs.alerts())
            assert not field.runner.run(waits())

        every()
        field.runner.run(field.sound())

        async def failed() -> list[str]:
            async with desk.bot.database.read() as tx:
                query = "SELECT outcome FROM alert_delivery WHERE outcome LIKE 'It could not be worked off%'"
                return list((await tx.exec(text(query))).scalars())

        assert field.runner.run(failed()) == []
