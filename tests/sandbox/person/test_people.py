"""People act by what stands on the screen, over HTTP and through Socket Mode."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from workbench import buttons, manifest, menu

from bot.sandbox import CannotDo, Person, Workspace


@pytest.fixture
def agent(slack: Workspace) -> Person:
    return slack.person("agent")


async def test_a_command_is_answered_to_one_person(app: AsyncApp, slack: Workspace, agent: Person) -> None:
    @app.command("/raw")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"You said {command['text']} in {command['channel_name']}")

    answer = await agent.runs("/raw  a < b ", channel="service-desk")
    assert answer.ok
    assert answer.text == "You said a < b in service-desk"
    assert agent.notes() == [answer.text]
    assert slack.person("requester").notes() == []


async def test_references_are_escaped_if_the_manifest_asks_for_it(app: AsyncApp, agent: Person) -> None:
    heard: list[str] = []

    @app.command("/raw")
    @app.command("/escaped")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        await ack()

    await agent.runs("/raw @agent #general <!channel>")
    await agent.runs("/escaped @agent #general <!channel>")
    assert heard == [
        "@agent #general &lt;!channel&gt;",
        f"<@{agent.id}|agent> <#C0000000001|general> &lt;!channel&gt;",
    ]


async def test_an_answer_may_be_for_all(app: AsyncApp, slack: Workspace, agent: Person) -> None:
    @app.command("/raw")
    async def command(ack: Any) -> None:
        await ack(text="heard by all", response_type="in_channel")

    await agent.runs("/raw")
    assert [m.text for m in slack.person("requester").messages("general")] == ["heard by all"]


async def test_an_unknown_command_is_slackbots_business(slack: Workspace, agent: Person) -> None:
    answer = await agent.runs("/shrug it")
    assert answer.text.startswith("/shrug is not a valid command.")
    assert agent.messages("general")[-1].author == "slackbot"


async def test_nobody_home_is_a_note(slack: Workspace, agent: Person) -> None:
    answer = await agent.runs("/raw")
    assert (answer.failure, answer.text) == ("dispatch_failed", '/raw failed with the error "dispatch_failed"')


async def test_a_listener_that_fails_is_a_note(app_on_http: AsyncApp, agent: Person) -> None:
    @app_on_http.command("/raw")
    async def command(ack: Any) -> None:
        raise RuntimeError("on purpose")

    assert (await agent.runs("/raw")).failure == "dispatch_failed"


async def test_an_answer_that_is_no_message_is_complained_of(
    app_on_http: AsyncApp, slack: Workspace, agent: Person
) -> None:
    @app_on_http.command("/raw")
    async def command(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "section"}])

    assert (await agent.runs("/raw")).failure == "invalid_command_response"
    assert "/blocks/0" in slack.complaints[0]


async def test_a_button_is_clicked_by_its_label(app: AsyncApp, slack: Workspace, agent: Person) -> None:
    await app.client.conversations_join(channel=slack.channel("service-desk").id)
    for number in (1, 2):
        row = buttons("Acknowledge")
        row["elements"][0]["value"] = f"INC-{number}"
        section = {"type": "section", "text": {"type": "mrkdwn", "text": f"INC-{number}"}}
        await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text="x", blocks=[section, row])
    pressed: list[str] = []

    @app.action("acknowledge")
    async def acknowledge(ack: Any, action: dict[str, Any], body: dict[str, Any], respond: Any) -> None:
        pressed.append(action["value"])
        await respond(text=f"Thanks, <@{body['user']['id']}>", replace_original=False)
        await ack()

    answer = await agent.clicks("Acknowledge", channel="service-desk")
    await agent.clicks("Acknowledge", message="INC-1")
    await agent.clicks("Acknowledge", message=agent.messages("service-desk")[-1 - 3])
    assert pressed == ["INC-2", "INC-1", "INC-1"]
    assert answer.text == "Thanks, @agent"
    assert agent.notes("service-desk") == ["Thanks, @agent"] * 3
    with pytest.raises(LookupError, match="There are Acknowledge"):
        await agent.clicks("Resolve", channel="service-desk")


async def test_menus_in_messages_are_chosen_from(app: AsyncApp, slack: Workspace, agent: Person) -> None:
    more = menu("Explain", "Pause", kind="overflow") | {"action_id": "more"}
    team = menu("Network", "Web") | {"action_id": "team", "placeholder": {"type": "plain_text", "text": "Team"}}
    row = {"type": "actions", "block_id": "row", "elements": [more, team]}
    await app.client.chat_postMessage(channel=agent.id, text="x", blocks=[row])
    chosen: list[Any] = []

    @app.action("more")
    @app.action("team")
    async def choice(ack: Any, action: dict[str, Any], body: dict[str, Any]) -> None:
        chosen.append((action["type"], action["selected_option"]["value"], body["state"]["values"]["row"]["team"]))
        await ack()

    await agent.chooses("Web", from_="Team", channel="DM")
    await agent.chooses("Pause")
    web = {"text": {"type": "plain_text", "text": "Web"}, "value": "web"}
    state = {"type": "static_select", "selected_option": web}
    assert chosen == [("static_select", "web", state), ("overflow", "pause", state)]


async def test_a_message_can_be_replaced_and_taken_away_by_its_response_url(
    app: AsyncApp, slack: Workspace, agent: Person
) -> None:
    @app.command("/raw")
    async def command(ack: Any) -> None:
        await ack(text="Sure?", blocks=[buttons("Yes", "No")])

    @app.action("yes")
    async def yes(ack: Any, respond: Any) -> None:
        await respond(text="Done", replace_original=True)
        await ack()

    @app.action("no")
    async def no(ack: Any, respond: Any) -> None:
        await respond(delete_original=True)
        await ack()

    await agent.runs("/raw")
    await agent.clicks("Yes")
    assert agent.notes() == ["Done"]
    await agent.runs("/raw")
    await agent.clicks("No")
    assert agent.notes() == ["Done"]


async def answer_to(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_a_response_url_is_good_five_times_and_for_half_an_hour(
    app_on_http: AsyncApp, slack: Workspace, agent: Person
) -> None:
    urls: list[str] = []

    @app_on_http.command("/raw")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        urls.append(command["response_url"])
        await ack()

    await agent.runs("/raw")
    assert await answer_to(urls[0]) == (500, "no_text")
    assert (await answer_to(urls[0], text="x", blocks=[{"type": "section"}]))[0] == 500
    for number in range(5):
        assert await answer_to(urls[0], text=str(number)) == (200, "ok")
    assert await answer_to(urls[0], text="6") == (404, "used_url")
    await agent.runs("/raw")
    slack.clock.forward(minutes=31)
    assert await answer_to(urls[1], text="late") == (404, "expired_url")
    assert await answer_to(urls[1] + "x", text="nowhere") == (404, "no_service")
    assert agent.notes() == ["0", "1", "2", "3", "4"]


async def test_shortcuts_are_used_by_name(app: AsyncApp, slack: Workspace, agent: Person) -> None:
    used: list[Any] = []

    @app.shortcut("log")
    async def log(ack: Any, shortcut: dict[str, Any]) -> None:
        used.append(shortcut["type"])
        await ack()

    @app.shortcut("make")
    async def make(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        used.append((shortcut["message"]["text"], shortcut["channel"]["name"]))
        await respond(text="INC-1")
        await ack()

    await agent.uses_shortcut("Log incident")
    said = await agent.says("the printer is on fire", channel="service-desk")
    answer = await agent.uses_shortcut("Make incident", message=said)
    assert used == ["shortcut", ("the printer is on fire", "service-desk")]
    assert answer.text == "INC-1"
    with pytest.raises(LookupError, match="Log incident"):
        await agent.uses_shortcut("Log incident", message=said)


async def test_the_app_hears_what_it_is_subscribed_to_where_it_is(
    app: AsyncApp, slack: Workspace, agent: Person
) -> None:
    heard: list[str] = []

    @app.event("message")
    @app.event("app_mention")
    @app.event("reaction_added")
    @app.event("member_joined_channel")
    async def event(event: dict[str, Any]) -> None:
        heard.append(f"{event['type']} {event.get('text') or event.get('reaction')}")

    await agent.says("before it came", channel="service-desk")
    await app.client.conversations_join(channel=slack.channel("service-desk").id)
    await slack.quiet()
    heard.clear()
    said = await agent.says("hello @desk", channel="service-desk")
    await agent.reacts(":pushpin:", said)
    bot = slack.bot_user.id
    assert sorted(heard) == [f"app_mention hello <@{bot}>", f"message hello <@{bot}>", "reaction_added pushpin"]
    assert said.reactions == {"pushpin": 1}


async def test_changes_of_people_groups_and_channels_are_told(app: AsyncApp, slack: Workspace) -> None:
    told: list[Any] = []

    @app.event("user_change")
    async def user(event: dict[str, Any]) -> None:
        told.append((event["user"]["name"], event["user"]["deleted"]))

    @app.event("subteam_members_changed")
    async def group(event: dict[str, Any]) -> None:
        told.append((event["added_users"], event["removed_users"]))

    @app.event("channel_rename")
    async def renamed(event: dict[str, Any]) -> None:
        told.append(event["channel"]["name"])

    slack.add_usergroup("service-desk", ["agent"])
    slack.change_person("agent", deleted=True)
    slack.change_usergroup("service-desk", ["requester"])
    channel = (await app.client.conversations_create(name="room"))["channel"]["id"]
    await app.client.conversations_rename(channel=channel, name="hall")
    await slack.quiet()
    agent, requester = slack.person("agent").id, slack.person("requester").id
    assert ("agent", True) in told
    assert ([requester], [agent]) in told
    assert "hall" in told


async def test_nobody_writes_where_they_are_not(slack: Workspace) -> None:
    requester = slack.person("requester")
    slack.add_channel("cab", is_private=True, members=["agent"])
    with pytest.raises(CannotDo, match="not in #service-desk"):
        await requester.says("hi", channel="service-desk")
    with pytest.raises(CannotDo, match="not in #cab"):
        await requester.runs("/raw", channel="cab")
    assert requester.messages("cab") == []
    with pytest.raises(LookupError, match="general, service-desk, cab"):
        await requester.says("hi", channel="nowhere")
    slack.change_person("requester", deleted=True)
    with pytest.raises(CannotDo, match="deactivated"):
        await requester.says("hi")
    with pytest.raises(CannotDo, match="deactivated"):
        await requester.opens_home()


async def test_a_read_only_messages_tab_takes_no_messages(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(messages_tab_read_only_enabled=True))
    with pytest.raises(CannotDo, match="turned off"):
        await slack.person("agent").says("hi", channel="DM")


def test_a_name_that_is_wrong_or_taken_says_so(slack: Workspace) -> None:
    with pytest.raises(LookupError, match="requester, agent"):
        slack.person("nobody")
    with pytest.raises(ValueError, match="here already"):
        slack.add_person("agent")
    with pytest.raises(AttributeError, match="is_chief"):
        slack.change_person("agent", is_chief=True)


async def test_what_is_on_the_screen_of_somebody_just_deactivated_still_reaches_the_app(
    app_on_http: AsyncApp, slack: Workspace, agent: Person
) -> None:
    pressed: list[str] = []

    @app_on_http.action("approve")
    async def approve(ack: Any, body: dict[str, Any]) -> None:
        pressed.append(body["user"]["id"])
        await ack()

    await app_on_http.client.chat_postMessage(channel=agent.id, text="x", blocks=[buttons("Approve")])
    slack.change_person("agent", deleted=True)
    await agent.clicks("Approve")
    assert pressed == [agent.id]
