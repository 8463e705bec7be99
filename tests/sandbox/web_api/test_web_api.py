"""Who may call what, and how a call is read."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workbench import METHODS, client_of, manifest, refused

from bot.sandbox import Server, Workspace
from bot.sandbox.web_api import HANDLERS
from bot.sandbox.web_api.arguments import methods

OWN = {"blocks.validate"}
"""Methods that only the sandbox has."""


async def post(server: Server, method: str, **kwargs: Any) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.post(server.api_url + method, **kwargs) as answer:
        return answer.status, await answer.json()


def test_every_method_is_what_slacks_reference_says() -> None:
    assert set(HANDLERS) == set(methods()) == set(METHODS) | OWN
    for name, fact in METHODS.items():
        method = methods()[name]
        stated = (method.tier, list(method.bot_scopes), list(method.required), list(method.optional))
        assert stated == (fact["tier"], fact["bot_scopes"], fact["required"], fact["optional"]), name


async def test_a_call_without_token_is_not_authed(slack: Workspace, server: Server) -> None:
    assert await post(server, "auth.test") == (200, {"ok": False, "error": "not_authed"})


async def test_a_foreign_token_is_refused(slack: Workspace, server: Server) -> None:
    assert (await refused(client_of(slack, server, "xoxb-somebody-else").auth_test()))["error"] == "invalid_auth"


async def test_a_revoked_token_says_so(slack: Workspace, client: AsyncWebClient) -> None:
    slack.revoked = "token_revoked"
    assert (await refused(client.auth_test()))["error"] == "token_revoked"


async def test_a_token_may_come_as_a_form_field(slack: Workspace, server: Server) -> None:
    status, answer = await post(server, "auth.test", data={"token": slack.bot_token})
    assert (status, answer["ok"], answer["bot_id"]) == (200, True, slack.bot_id)


async def test_a_token_in_a_json_body_is_not_read(slack: Workspace, server: Server) -> None:
    _, answer = await post(server, "auth.test", json={"token": slack.bot_token})
    assert answer["error"] == "not_authed"


async def test_each_token_opens_its_own_methods(slack: Workspace, server: Server, client: AsyncWebClient) -> None:
    assert (await refused(client.apps_connections_open(app_token=slack.bot_token)))["error"] == "not_allowed_token_type"
    assert (await refused(client_of(slack, server, slack.app_token).auth_test()))["error"] == "not_allowed_token_type"


async def test_an_unknown_method_is_named(client: AsyncWebClient) -> None:
    answer = await refused(client.api_call("chat.shout"))
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


async def test_a_missing_argument_is_named(client: AsyncWebClient) -> None:
    answer = await refused(client.api_call("users.info"))
    assert answer["error"] == "invalid_arguments"
    assert "missing required field: user" in answer["response_metadata"]["messages"][0]


async def test_a_misspelt_argument_is_named(client: AsyncWebClient) -> None:
    answer = await refused(client.api_call("conversations.list", params={"exclude_archive": True}))
    assert "exclude_archive" in answer["response_metadata"]["messages"][0]


async def test_a_missing_scope_says_what_is_needed_and_what_is_there(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(scopes=["chat:write", "channels:read"]))
    async with Server(slack) as server:
        client = client_of(slack, server)
        answer = await refused(client.users_list())
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
        assert answer["provided"] == "channels:read,chat:write"
        answer = await refused(client.conversations_list(types="public_channel,private_channel"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")
        assert (await client.conversations_list())["ok"]


@pytest.mark.parametrize("how", ["form", "json", "multipart", "query"])
async def test_arguments_are_read_from_every_kind_of_body(slack: Workspace, server: Server, how: str) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    args = {"channel": slack.direct(slack.person("agent").id).id, "text": "hello", "blocks": json.dumps([])}
    multipart = aiohttp.MultipartWriter("form-data")
    for name, value in args.items():
        multipart.append(value).set_content_disposition("form-data", name=name)
    given: dict[str, Any] = {
        "form": {"data": args},
        "json": {"data": json.dumps(args), "headers": headers | {"Content-Type": "application/json; charset=utf-8"}},
        "multipart": {"data": multipart},
        "query": {"params": args},
    }[how]
    status, answer = await post(server, "chat.postMessage", **{"headers": headers} | given)
    assert (status, answer["ok"], answer.get("warning")) == (200, True, None)
    assert slack.person("agent").messages("DM")[-1].text == "hello"


async def test_json_without_charset_is_warned_about(slack: Workspace, server: Server) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    _, answer = await post(server, "auth.test", json={}, headers=headers)
    assert answer["warning"] == "missing_charset"


@pytest.mark.parametrize("body", ["{", "[]", '"text"'])
async def test_a_body_that_is_no_json_object_is_refused(slack: Workspace, server: Server, body: str) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    assert await post(server, "auth.test", data=body, headers=headers) == (200, {"ok": False, "error": "invalid_json"})


async def test_every_call_is_on_record(slack: Workspace, client: AsyncWebClient) -> None:
    await client.auth_test()
    await refused(client.users_info(user="U404"))
    assert [(call.method, call.ok, call.error) for call in slack.calls] == [
        ("auth.test", True, None),
        ("users.info", False, "user_not_found"),
    ]
    assert slack.calls[1].args == {"user": "U404"}
    assert slack.calls[1].at == slack.clock.now()


async def test_blocks_can_be_validated_without_being_sent(client: AsyncWebClient) -> None:
    good = [{"type": "section", "text": {"type": "mrkdwn", "text": "fine"}}]
    assert (await client.api_call("blocks.validate", json={"blocks": good}))["ok"]
    answer = await refused(client.api_call("blocks.validate", json={"blocks": [{"type": "section"}]}))
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0" in answer["response_metadata"]["messages"][0]


async def test_api_test_echoes(client: AsyncWebClient) -> None:
    assert (await client.api_call("api.test", params={"foo": "bar"}))["args"] == {"foo": "bar"}
    assert (await refused(client.api_test(error="my_error")))["error"] == "my_error"


async def test_team_and_bot_are_told(slack: Workspace, client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["id"] == slack.team_id
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == slack.bot_user.id
    assert (await refused(client.bots_info(bot="B404")))["error"] == "bot_not_found"
