"""The control door: what the page sees and does, in JSON."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from workbench import TEXT, buttons, client_of, field, menu, modal, plain

from bot.sandbox import Server, Workspace


class Page:
    """What a browser would send as one person."""

    def __init__(self, http: aiohttp.ClientSession, server: Server, handle: str) -> None:
        self.http, self.url, self.handle = http, f"{server.url}/_/", handle

    async def get(self, path: str, **query: str) -> Any:
        async with self.http.get(self.url + path, params={"as": self.handle, **query}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        async with self.http.post(self.url + path, json={"as": self.handle, **body}) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def page(http: aiohttp.ClientSession, server: Server) -> Page:
    return Page(http, server, "agent")


async def test_the_frame_of_the_workspace(slack: Workspace, page: Page) -> None:
    slack.add_channel("cab", is_private=True, members=["agent"])
    told = await page.get("workspace")
    assert [(p["handle"], p["name"], p["initials"]) for p in told["people"]] == [
        ("requester", "Requester", "RE"),
        ("agent", "Agent", "AG"),
    ]
    assert told["channels"][-1] == {"name": "cab", "is_private": True}
    assert [command["command"] for command in told["commands"]] == ["/escaped", "/raw"]
    assert told["shortcuts"][0] == {"name": "Log incident", "type": "global", "callback_id": "log"}
    assert (told["app"], told["now"]) == ({"name": "Desk"}, "2026-03-02T09:00:00+00:00")


async def test_one_persons_view_of_a_channel(slack: Workspace, client: AsyncWebClient, page: Page) -> None:
    place = slack.channel("service-desk")
    await client.conversations_join(channel=place.id)
    await client.chat_postMessage(channel=place.id, text="card", blocks=[buttons("Close")])
    await page.post("say", channel="service-desk", text="hello")
    view = await page.get("view", channel="service-desk")
    assert view["channel"] == {
        "name": "service-desk", "topic": "", "members": 2, "is_member": True, "is_private": False, "is_archived": False,
        "is_read_only": False,
    }  # fmt: skip
    card, said = view["messages"][-2:]
    assert (card["author"], card["is_app"], card["blocks"][0]["block_id"]) == ("Desk", True, "row")
    assert (said["author"], said["text"], said["time"]) == ("Agent", "hello", "4:00 AM")
    assert view["unread"] == {"service-desk": 2}
    assert view["names"][slack.person("agent").id] == "agent"
    assert (view["tz"], view["home"], view["modal"]) == ("America/New_York", None, None)
    await page.post("read", channel="service-desk")
    assert (await page.get("view", channel="service-desk"))["unread"] == {}
    assert (await page.get("view", channel="home"))["channel"]["name"] == "home"


async def test_a_command_a_form_and_a_card(app_on_http: AsyncApp, page: Page) -> None:
    app, form = app_on_http, modal(field("Summary", TEXT), field("Impact", menu("High", "Low"), dispatch_action=True))

    @app.command("/raw")
    async def command(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=form)
        await ack("Opening")

    @app.action("value")
    async def changed(ack: Any) -> None:
        await ack()

    @app.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        words = view["state"]["values"]["summary"]["value"]["value"]
        if words == "bad":
            await ack(response_action="errors", errors={"summary": "No"})
        else:
            await ack()

    assert await page.post("command", channel="general", text="/raw x") == {"note": "Opening"}
    seen = (await page.get("view", channel="general"))["modal"]
    assert (seen["title"]["text"], seen["depth"], seen["errors"]) == ("A form", 1, {})
    await page.post("action", container={"type": "modal"}, block_id="impact", action_id="value", option="high")
    seen = (await page.get("view", channel="general"))["modal"]
    assert seen["values"]["impact"]["value"]["selected_option"]["value"] == "high"
    bad = {"summary": {"value": {"text": "bad"}}}
    assert await page.post("modal/submit", values=bad) == {"errors": {"summary": "No"}}
    assert await page.post("modal/submit", values={"summary": {"value": {"text": "good"}}}) == {}
    assert (await page.get("view", channel="general"))["modal"] is None


async def test_a_file_is_shared_byte_for_byte(slack: Workspace, page: Page) -> None:
    sent = bytes(range(256))
    await page.post("share", channel="general", name="all.bin", base64=base64.b64encode(sent).decode())
    assert [one.content for one in slack.files.values()] == [sent]
    refused = await page.post("share", 400, channel="general", name="all.bin", base64="no base64")
    assert "base64" in refused["error"], refused


async def test_pressing_suggesting_reacting_and_closing(
    app_on_http: AsyncApp, slack: Workspace, client: AsyncWebClient, page: Page
) -> None:
    agent = slack.person("agent")
    posted = await client.chat_postMessage(channel=agent.id, text="x", blocks=[buttons("Close")])

    @app_on_http.action("close")
    async def close(ack: Any, respond: Any) -> None:
        await respond("Closed")
        await ack()

    @app_on_http.options("value")
    async def options(ack: Any) -> None:
        await ack(options=[{"text": plain("VPN"), "value": "vpn"}])

    container = {"type": "message", "channel": "DM", "ts": posted["ts"]}
    told = await page.post("action", container=container, block_id="row", action_id="close", button=True)
    assert told == {"note": "Closed"}
    await page.post("react", channel="DM", ts=posted["ts"], name="eyes")
    message = (await page.get("view", channel="DM"))["messages"][0]
    assert message["reactions"] == [{"name": "eyes", "count": 1}]
    await page.post("react", channel="DM", ts=posted["ts"], name="eyes")
    again = (await page.get("view", channel="DM"))["messages"][0]
    assert again["reactions"] == [], "a second click takes it back"
    form = modal(field("Service", {"type": "external_select"}))
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=form)
    asked = {"container": {"type": "modal"}, "block_id": "service", "action_id": "value", "query": "V"}
    assert (await page.post("suggest", **asked))["options"][0]["value"] == "vpn"
    await page.post("modal/close")
    assert agent.modal is None


async def test_a_form_that_came_since_the_page_was_drawn_is_neither_sent_nor_closed(
    slack: Workspace, client: AsyncWebClient, page: Page
) -> None:
    agent = slack.person("agent")
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=modal(field("First", TEXT)))
    drawn = (await page.get("view", channel="general"))["modal"]["id"]
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=modal(field("Second", TEXT)))
    assert await page.post("modal/close", view=drawn) == {}
    assert "not in front any more" in (await page.post("modal/submit", 400, view=drawn, values={}))["error"]
    assert agent.modal is not None
    newest = (await page.get("view", channel="general"))["modal"]["id"]
    assert await page.post("modal/close", view=newest) == {}
    assert agent.modal is None


async def test_home_and_shortcuts(app_on_http: AsyncApp, slack: Workspace, page: Page) -> None:
    @app_on_http.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [buttons("Approve")]})

    @app_on_http.shortcut("log")
    async def log(ack: Any) -> None:
        await ack()

    await page.post("home")
    assert (await page.get("view", channel="home"))["home"]["blocks"][0]["block_id"] == "row"
    assert await page.post("shortcut", callback_id="log") == {}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("say", {"channel": "nowhere", "text": "x"}, "no channel 'nowhere'"),
        ("say", {"channel": "general"}, "'text' must be text"),
        ("say", {"as": "nobody", "channel": "general", "text": "x"}, "Nobody here is called 'nobody'"),
        ("modal/submit", {}, "No modal is open"),
        ("home", {"as": 7}, "'as' must be text"),
        ("action", {"container": "modal"}, "'container' must be an object"),
        (
            "action",
            {"container": {"type": "modal"}, "block_id": "x", "action_id": "y", "text": "z"},
            "No modal is open",
        ),
        ("shortcut", {"callback_id": "x"}, "no global shortcut 'x'"),
        ("react", {"channel": "general", "ts": "1.0", "name": "eyes"}, "There is no message"),
    ],
)
async def test_what_cannot_be_done_is_said(page: Page, path: str, body: dict[str, Any], words: str) -> None:
    assert words in (await page.post(path, 400, **body))["error"]


async def test_a_broken_body_is_refused(page: Page) -> None:
    for body in (b"{", b"[]", b"\xff"):
        async with page.http.post(f"{page.url}say", data=body, headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 400


async def test_a_page_from_elsewhere_cannot_act(slack: Workspace, page: Page) -> None:
    """What a foreign page may send without asking first is a form or plain text, never JSON."""
    body = json.dumps({"as": "agent", "channel": "general", "text": "hello"})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        async with page.http.post(f"{page.url}say", data=body, headers={"Content-Type": kind}) as answer:
            assert answer.status == 400
    assert slack.general.messages == []


async def test_moving_the_clock_wakes_whoever_asked(slack: Workspace, http: aiohttp.ClientSession) -> None:
    woken: list[str] = []

    async def wake() -> None:
        woken.append(slack.clock.now().isoformat())

    async with Server(slack, on_clock=wake) as server:
        page = Page(http, server, "agent")
        async with page.http.post(f"{page.url}clock", json={"minutes": 15}) as answer:
            assert await answer.json() == {"now": "2026-03-02T09:15:00+00:00"}
        for bad in ({"minutes": -1}, {"weeks": 1}, {"minutes": "x"}, {"minutes": "nan"}, {"days": 1e12}):
            async with page.http.post(f"{page.url}clock", json=bad) as answer:
                assert answer.status == 400, bad
    assert woken == ["2026-03-02T09:15:00+00:00"]


async def test_changes_are_told_as_they_happen(slack: Workspace, server: Server, page: Page) -> None:
    async with page.http.get(f"{page.url}events") as stream:
        assert await stream.content.readline() == b": open\n"
        await client_of(slack, server).chat_postMessage(channel=slack.person("agent").id, text="hello")
        assert await told(stream) == ("change", {"channels": ["DM"], "as": ["agent"]})
        await page.post("say", channel="general", text="hello")
        assert await told(stream) == ("change", {"channels": ["general"], "as": []})
        async with page.http.post(f"{page.url}clock", json={"hours": 1}):
            assert await told(stream) == ("clock", {"now": "2026-03-02T10:00:00+00:00"})


async def told(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    """The next server-sent event."""
    name = ""
    async with asyncio.timeout(20):
        while True:
            line = (await stream.content.readline()).decode().strip()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))


async def test_a_private_channel_is_listed_to_its_members_alone(slack: Workspace, page: Page) -> None:
    slack.add_channel("secrets", is_private=True, members=["agent"])
    assert (await page.get("view", channel="general", **{"as": "agent"}))["private"] == ["secrets"]
    assert (await page.get("view", channel="general", **{"as": "requester"}))["private"] == []
