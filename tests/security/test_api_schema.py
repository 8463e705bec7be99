"""The REST API is what its OpenAPI document says, whatever is asked: schemathesis asks."""

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from api_steps import served, token_of
from cast import open_desk
from hypothesis import HealthCheck, given, settings

EXAMPLES = int(os.environ.get("DESKBELL_FUZZ", "0")) or 15


class House(threading.Thread):
    """A desk with its API, on a loop of its own: schemathesis asks from outside of any."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.database, self.ready, self.ending = url, threading.Event(), asyncio.Event()
        self.url, self.token = "", ""

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        async with open_desk(self.database, "http") as desk:
            await desk.reports()
            await desk.asks_for_change()
            self.token = await token_of(desk, desk.manager.id)
            async with served(desk) as client:
                self.url = client.url
                self.ready.set()
                await self.ending.wait()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.ending.set)
        self.join()


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    opened = House(sqlite_url)
    opened.start()
    assert opened.ready.wait(60)
    yield opened
    opened.close()


@pytest.mark.filterwarnings("ignore")
def test_it_is_what_its_document_says(house: House) -> None:
    # Imported here: that costs each process of tests 1.5 s.
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
        unsupported_method,
    )

    schema = schemathesis.openapi.from_url(f"{house.url}/openapi.json")
    checks: list[Any] = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
        unsupported_method,
    ]
    headers = {"Authorization": f"Bearer {house.token}"}
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=checks)

        ask()
        asked += 1
    assert asked > 40
