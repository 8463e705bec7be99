"""views.*: modals opened, stacked and redrawn, App Home published."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from workbench import FORM, TEXT, Stopwatch, buttons, client_of, field, manifest, modal, plain, refused

from bot.sandbox import CannotDo, Person, Server, Workspace

HOME = {"type": "home", "blocks": [{"type": "header", "text": plain("Waiting for you")}, buttons("Approve")]}


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


async def test_four_are_one_too_many(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=FORM)
    for _ in range(2):
        await client.views_push(trigger_id=slack.triggers.issue(agent.id), view=FORM)
    answer = await refused(client.views_push(trigger_id=slack.triggers.issue(agent.id), view=FORM))
    assert answer["error"] == "push_limit_reached"
    assert agent.modal is not None
    assert agent.modal.view.root_id == slack.modals[agent.id][0].id


async def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: Workspace, client: AsyncWebClient, agent: Person, stopwatch: Stopwatch
) -> None:
    used, late = slack.triggers.issue(agent.id), slack.triggers.issue(agent.id)
    await client.views_open(trigger_id=used, view=FORM)
    assert (await refused(client.views_open(trigger_id=used, view=FORM)))["error"] == "exchanged_trigger_id"
    stopwatch.seconds += 3.1
    assert (await refused(client.views_open(trigger_id=late, view=FORM)))["error"] == "expired_trigger_id"
    assert (await refused(client.views_open(trigger_id="made.up", view=FORM)))["error"] == "invalid_trigger_id"


async def test_an_invalid_view_says_where_and_costs_no_trigger(
    slack: Workspace, client: AsyncWebClient, agent: Person
) -> None:
    trigger = slack.triggers.issue(agent.id)
    answer = await refused(client.views_open(trigger_id=trigger, view=modal(title="x" * 25)))
    assert answer["error"] == "invalid_arguments"
    assert any("/view/title" in message for message in answer["response_metadata"]["messages"])
    home = await refused(client.views_open(trigger_id=trigger, view=HOME))
    assert home["error"] == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=FORM)


async def test_a_view_may_not_be_too_large(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    text = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    answer = await refused(client.views_open(trigger_id=slack.triggers.issue(agent.id), view=modal(*[text] * 90)))
    assert answer["error"] == "view_too_large"


async def test_an_update_with_an_old_hash_is_refused(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    view = (await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=FORM))["view"]
    await agent.fills(Summary="typed")
    newer = (await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))["view"]
    assert newer["hash"] != view["hash"]
    assert newer["state"]["values"]["summary"]["value"]["value"] == "typed"
    answer = await refused(client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))
    assert answer["error"] == "hash_conflict"
    await agent.closes()
    assert (await refused(client.views_update(view_id=view["id"], view=FORM)))["error"] == "not_found"


async def test_an_external_id_names_one_view(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    view = modal(field("Summary", TEXT), external_id="inc-1")
    await client.views_open(trigger_id=slack.triggers.issue(agent.id), view=view)
    answer = await refused(client.views_push(trigger_id=slack.triggers.issue(agent.id), view=view))
    assert answer["error"] == "duplicate_external_id"
    await client.views_update(external_id="inc-1", view=modal(title="Changed"))
    assert agent.modal is not None
    assert agent.modal.title == "Changed"


async def test_home_is_published_and_pressed(app: AsyncApp, agent: Person) -> None:
    opened: list[Any] = []

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        opened.append((event["tab"], "view" in event))
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.action("approve")
    async def approve(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        empty = {"type": "home", "blocks": [{"type": "section", "text": plain("Nothing waits")}]}
        await client.views_publish(user_id=body["user"]["id"], hash=body["view"]["hash"], view=empty)
        await ack()

    await agent.opens_home()
    assert agent.home is not None
    assert (agent.home.text, agent.home.buttons) == ("Waiting for you", ["Approve"])
    await agent.clicks("Approve", where="home")
    assert agent.home.text == "Nothing waits"
    await agent.opens_home()
    assert opened == [("home", False), ("home", True)]


async def test_publishing_has_its_own_refusals(slack: Workspace, client: AsyncWebClient, agent: Person) -> None:
    first = (await client.views_publish(user_id=agent.id, view=HOME))["view"]
    await client.views_publish(user_id=agent.id, view=HOME, hash=first["hash"])
    stale = await refused(client.views_publish(user_id=agent.id, view=HOME, hash=first["hash"]))
    assert stale["error"] == "hash_conflict"
    assert (await refused(client.views_publish(user_id="U404", view=HOME)))["error"] == "user_not_found"
    assert (await refused(client.views_publish(user_id=agent.id, view=FORM)))["error"] == "invalid_arguments"


async def test_no_home_tab_no_home(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(home_tab_enabled=False))
    async with Server(slack) as server:
        client = client_of(slack, server)
        answer = await refused(client.views_publish(user_id=slack.person("agent").id, view=HOME))
    assert answer["error"] == "not_enabled"
    with pytest.raises(CannotDo, match="no Home tab"):
        await slack.person("agent").opens_home()
