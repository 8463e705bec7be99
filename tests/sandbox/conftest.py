"""A workspace of its own, with the real Slack clients before its doors."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from workbench import MONDAY, Stopwatch, client_of, manifest, serving, undocumented

from bot.sandbox import Clock, Server, Workspace


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def make_slack(stopwatch: Stopwatch) -> Iterator[Callable[..., Workspace]]:
    """Workspaces with the roles in them; afterwards every error they answered must be one that Slack documents."""
    made: list[Workspace] = []

    def make(app_manifest: dict[str, Any] | None = None, **options: Any) -> Workspace:
        patience = {"ack_seconds": 30.0, "monotonic": stopwatch} | options
        slack = Workspace(app_manifest or manifest(), clock=Clock.frozen(MONDAY), **patience)
        slack.add_person("requester")
        slack.add_person("agent", tz="America/New_York")
        slack.add_channel("service-desk", members=["agent"])
        made.append(slack)
        return slack

    yield make
    for slack in made:
        assert undocumented(slack) == []


@pytest.fixture
def slack(make_slack: Callable[..., Workspace]) -> Workspace:
    return make_slack()


@pytest.fixture
async def server(slack: Workspace) -> AsyncIterator[Server]:
    async with Server(slack) as opened:
        yield opened


@pytest.fixture
def client(slack: Workspace, server: Server) -> AsyncWebClient:
    return client_of(slack, server)


@pytest.fixture(params=["http", "socket"])
async def app(request: pytest.FixtureRequest, slack: Workspace, server: Server) -> AsyncIterator[AsyncApp]:
    """A Bolt app on both roads."""
    async with serving(slack, server, request.param) as connected:
        yield connected


@pytest.fixture
async def app_on_http(slack: Workspace, server: Server) -> AsyncIterator[AsyncApp]:
    """A Bolt app over HTTP alone, where the road makes no difference."""
    async with serving(slack, server, "http") as connected:
        yield connected
