"""Both roads to the app: signed requests and websockets, their time limits and retries."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from workbench import client_of, serving

from bot.sandbox import Person, Server, Workspace


class Listener:
    """An app's request URL that keeps what it got and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200, headers=self.headers)

    def retries(self) -> list[tuple[str | None, str | None]]:
        return [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in self.got]


@pytest.fixture
async def listener(server: Server) -> AsyncIterator[Listener]:
    heard = Listener()
    app = web.Application()
    app.router.add_post("/slack/events", heard.answer)
    async with TestServer(app) as door:
        server.deliver_to(str(door.make_url("/slack/events")))
        yield heard


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


async def settled(condition: Callable[[], bool]) -> None:
    """Wait for what happens by itself, patiently: a busy machine is no fault."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 what is waited for has no event of its own
            await asyncio.sleep(0.001)


async def test_requests_are_signed_over_their_raw_body(slack: Workspace, listener: Listener, agent: Person) -> None:
    await agent.runs("/raw ünïcode & more")
    headers, body = listener.got[0]
    stamp = headers["X-Slack-Request-Timestamp"]
    mac = hmac.new(slack.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    assert headers["X-Slack-Signature"] == f"v0={mac.hexdigest()}"
    assert abs(time.time() - int(stamp)) < 60, "signatures are of real time, whatever the workspace's clock says"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five(
    slack: Workspace, listener: Listener, agent: Person
) -> None:
    listener.answers = [500, 500, 500, 500]
    await agent.opens_home()
    await settled(lambda: len(listener.got) == 2 and slack.clock.sleeping == 1)
    slack.clock.forward(seconds=59)
    await asyncio.sleep(0.01)
    assert len(listener.got) == 2
    slack.clock.forward(seconds=1)
    await settled(lambda: len(listener.got) == 3 and slack.clock.sleeping == 1)
    slack.clock.forward(minutes=5)
    await settled(lambda: len(listener.got) == 4)
    assert listener.retries() == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({body for _, body in listener.got}) == 1, "it stays the same event"
    slack.clock.forward(hours=1)
    await asyncio.sleep(0.01)
    assert len(listener.got) == 4


async def test_an_event_that_was_heard_is_not_repeated(slack: Workspace, listener: Listener, agent: Person) -> None:
    listener.answers = [500]
    await agent.opens_home()
    await settled(lambda: len(listener.got) == 2)
    slack.clock.forward(minutes=10)
    await asyncio.sleep(0.01)
    assert len(listener.got) == 2


async def test_an_app_may_ask_not_to_be_sent_an_event_again(
    slack: Workspace, listener: Listener, agent: Person
) -> None:
    listener.answers, listener.headers = [500], {"X-Slack-No-Retry": "1"}
    await agent.opens_home()
    slack.clock.forward(minutes=10)
    await asyncio.sleep(0.01)
    assert len(listener.got) == 1


async def test_commands_are_never_sent_again(slack: Workspace, listener: Listener, agent: Person) -> None:
    listener.answers = [500]
    assert (await agent.runs("/raw")).failure == "dispatch_failed"
    slack.clock.forward(minutes=10)
    await asyncio.sleep(0.01)
    assert len(listener.got) == 1


async def test_an_app_that_takes_too_long_is_not_waited_for(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(ack_seconds=0.05)
    never = asyncio.Event()

    async def stall(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", stall)
    async with Server(slack) as server, TestServer(app) as door:
        server.deliver_to(str(door.make_url("/")))
        assert (await slack.person("agent").runs("/raw")).failure == "operation_timeout"
        never.set()


@asynccontextmanager
async def socket(http: aiohttp.ClientSession, client: AsyncWebClient, slack: Workspace) -> AsyncIterator[Any]:
    """A websocket as bare as can be, its hello read."""
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with http.ws_connect(url) as websocket:
        hello = await websocket.receive_json()
        assert (hello["type"], hello["connection_info"]["app_id"]) == ("hello", slack.app_id)
        yield websocket


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_an_envelope_is_acknowledged_by_its_id(
    slack: Workspace, client: AsyncWebClient, http: aiohttp.ClientSession, agent: Person
) -> None:
    async with socket(http, client, slack) as websocket:
        running = asyncio.create_task(agent.runs("/raw hello"))
        envelope = await websocket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "hello"
        await websocket.send_str("not json")
        await websocket.send_json({"envelope_id": "another"})
        assert not running.done()
        await websocket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "heard"}})
        assert (await running).text == "heard"


async def test_events_say_which_attempt_they_are(
    slack: Workspace, client: AsyncWebClient, http: aiohttp.ClientSession, agent: Person
) -> None:
    slack.ack_seconds = 0.02
    async with socket(http, client, slack) as websocket:
        opening = asyncio.create_task(agent.opens_home())
        first, second = await websocket.receive_json(), await websocket.receive_json()
        await websocket.send_json({"envelope_id": second["envelope_id"]})
        await opening
    assert [(e["retry_attempt"], e["retry_reason"]) for e in (first, second)] == [(0, ""), (1, "http_timeout")]
    assert first["accepts_response_payload"] is False
    assert first["payload"] == second["payload"]


async def test_several_connections_take_turns(
    slack: Workspace, client: AsyncWebClient, http: aiohttp.ClientSession, agent: Person
) -> None:
    async def answer(websocket: Any, got: list[str]) -> None:
        async for message in websocket:
            got.append(message.json()["type"])
            await websocket.send_json({"envelope_id": message.json()["envelope_id"]})

    first: list[str] = []
    second: list[str] = []
    async with socket(http, client, slack) as one, socket(http, client, slack) as two:
        tasks = [asyncio.create_task(answer(one, first)), asyncio.create_task(answer(two, second))]
        for _ in range(4):
            assert (await agent.runs("/raw")).ok
        for task in tasks:
            task.cancel()
    assert (len(first), len(second)) == (2, 2)


async def test_a_ticket_is_good_for_one_connection(
    slack: Workspace, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with http.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


@pytest.mark.parametrize("how", ["drop_socket", "disconnect_socket"])
async def test_a_client_comes_back_after_its_socket_is_gone(slack: Workspace, server: Server, how: str) -> None:
    agent = slack.person("agent")
    async with serving(slack, server, "socket", ping_interval=0.05) as app:

        @app.command("/raw")
        async def command(ack: Any) -> None:
            await ack("here")

        assert (await agent.runs("/raw")).text == "here"
        before = slack.delivery.sockets.ready[0]
        getattr(slack, how)()
        await settled(lambda: any(c is not before for c in slack.delivery.sockets.ready))
        assert (await agent.runs("/raw")).text == "here"


async def test_an_answer_lost_with_its_socket_is_a_failure_at_once(
    slack: Workspace, client: AsyncWebClient, http: aiohttp.ClientSession, agent: Person
) -> None:
    async with socket(http, client, slack) as websocket:
        running = asyncio.create_task(agent.runs("/raw"))
        await websocket.receive_json()
        slack.drop_socket()
        assert (await asyncio.wait_for(running, 20)).failure == "dispatch_failed"


async def test_doors_close_whatever_is_open(slack: Workspace) -> None:
    async with Server(slack) as server, aiohttp.ClientSession() as http:
        events = await http.get(f"{server.url}/_/events")
        assert await events.content.readline() == b": open\n"
        url = (await client_of(slack, server).apps_connections_open(app_token=slack.app_token))["url"]
        websocket = await http.ws_connect(url)
        await websocket.receive_json()
        slack.clock.forward(seconds=1)
        async with asyncio.timeout(20):  # aiohttp itself would wait for a minute
            await server.__aexit__(None, None, None)
        assert (await websocket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        with pytest.raises(aiohttp.ClientError):
            await http.get(server.url)


async def test_a_taken_port_is_an_error_to_catch(slack: Workspace, server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        await Server(slack, port=port).__aenter__()


async def test_a_workspace_may_be_served_again(slack: Workspace) -> None:
    for _ in range(2):
        async with Server(slack) as server:
            assert (await client_of(slack, server).auth_test())["ok"]
