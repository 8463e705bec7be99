"""Users and user groups, as an app finds them."""

from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient
from workbench import client_of, manifest, refused

from bot.sandbox import Server, Workspace


async def test_everybody_is_listed_slackbot_and_bots_too(slack: Workspace, client: AsyncWebClient) -> None:
    members = (await client.users_list())["members"]
    assert {m["name"]: m["is_bot"] for m in members} == {
        "slackbot": False,
        "desk": True,
        "requester": False,
        "agent": False,
    }


async def test_users_come_in_pages(client: AsyncWebClient) -> None:
    first = await client.users_list(limit=3)
    rest = await client.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])
    assert (len(first["members"]), len(rest["members"])) == (3, 1)
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_standing_shows(slack: Workspace, client: AsyncWebClient) -> None:
    slack.add_person("owner", is_owner=True)
    guest = slack.add_person("guest", is_ultra_restricted=True)
    owner = (await client.users_info(user=slack.person("owner").id))["user"]
    assert (owner["is_owner"], owner["is_admin"], owner["is_restricted"]) == (True, True, False)
    visitor = (await client.users_info(user=guest.id))["user"]
    assert (visitor["is_restricted"], visitor["is_ultra_restricted"]) == (True, True)
    assert guest.id not in slack.general.members, "guests see only what they are invited to"


async def test_the_zone_comes_with_its_offset_of_the_day(slack: Workspace, client: AsyncWebClient) -> None:
    agent = (await client.users_info(user=slack.person("agent").id))["user"]
    assert (agent["tz"], agent["tz_offset"]) == ("America/New_York", -5 * 3600)
    slack.clock.forward(days=7)  # daylight saving began on 8 March 2026
    assert (await client.users_info(user=agent["id"]))["user"]["tz_offset"] == -4 * 3600


async def test_a_deactivated_person_keeps_id_and_name(slack: Workspace, client: AsyncWebClient) -> None:
    slack.change_person("agent", deleted=True)
    agent = (await client.users_info(user=slack.person("agent").id))["user"]
    assert (agent["deleted"], agent["name"], "tz" in agent) == (True, "agent", False)


async def test_addresses_need_their_scope(make_slack: Callable[..., Workspace]) -> None:
    slack = make_slack(manifest(scopes=["users:read"]))
    slack.add_person("manager", email="manager@example.com")
    async with Server(slack) as server:
        client = client_of(slack, server)
        assert "email" not in (await client.users_info(user=slack.person("manager").id))["user"]["profile"]
        assert (await refused(client.users_lookupByEmail(email="manager@example.com")))["error"] == "missing_scope"


async def test_a_person_is_found_by_address(slack: Workspace, client: AsyncWebClient) -> None:
    manager = slack.add_person("manager", email="manager@example.com")
    found = (await client.users_lookupByEmail(email="Manager@example.com"))["user"]
    assert (found["id"], found["profile"]["email"]) == (manager.id, "manager@example.com")
    assert (await refused(client.users_lookupByEmail(email="no@example.com")))["error"] == "users_not_found"


async def test_somebodys_channels_are_told(slack: Workspace, client: AsyncWebClient) -> None:
    channels = (await client.users_conversations(user=slack.person("agent").id))["channels"]
    assert [channel["name"] for channel in channels] == ["general", "service-desk"]
    assert (await client.users_conversations())["channels"] == []


async def test_user_groups_need_a_paid_plan(slack: Workspace, client: AsyncWebClient) -> None:
    group = slack.add_usergroup("service-desk", ["agent"])
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [slack.person("agent").id]
    listed = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(g["handle"], g["users"]) for g in listed] == [("service-desk", group.members)]
    assert (await refused(client.usergroups_users_list(usergroup="S404")))["error"] == "no_such_subteam"
    slack.paid_plan = False
    assert (await refused(client.usergroups_list()))["error"] == "plan_upgrade_required"


async def test_a_user_group_is_given_other_members_and_is_never_empty(slack: Workspace, client: AsyncWebClient) -> None:
    group, agent, requester = slack.add_usergroup("vpn", ["agent"]), slack.person("agent"), slack.person("requester")
    guest = slack.add_person("guest", is_restricted=True)
    said = (await client.usergroups_users_update(usergroup=group.id, users=[requester.id, requester.id]))["usergroup"]
    assert (said["users"], group.members, said["user_count"]) == ([requester.id], [requester.id], 1)
    assert (await refused(client.usergroups_users_update(usergroup=group.id, users=[])))["error"] in (
        "no_users_provided",
        "invalid_arguments",
    )
    for one in (guest.id, slack.bot_user.id, "U404"):
        answer = await refused(client.usergroups_users_update(usergroup=group.id, users=[agent.id, one]))
        assert answer["error"] == "invalid_users"
    assert group.members == [requester.id]


async def test_a_disabled_user_group_is_listed_where_it_is_asked_for(slack: Workspace, client: AsyncWebClient) -> None:
    group = slack.add_usergroup("vpn", ["agent"])
    slack.disable_usergroup("vpn")
    assert (await client.usergroups_list())["usergroups"] == []
    [listed] = (await client.usergroups_list(include_disabled=True))["usergroups"]
    assert listed["date_delete"]
    assert (await client.usergroups_users_list(usergroup=group.id, include_disabled=True))["users"] == group.members
    users = [slack.person("requester").id]
    refusal = await refused(client.usergroups_users_update(usergroup=group.id, users=users))
    assert refusal["error"] == "no_such_subteam"
    slack.disable_usergroup("vpn", again=True)
    await client.usergroups_users_update(usergroup=group.id, users=users)
    assert group.members == users


def test_scopes_that_are_optional_are_granted_here() -> None:
    app = manifest(scopes=["chat:write"])
    app["oauth_config"]["scopes"]["bot_optional"] = ["usergroups:write"]
    assert Workspace(app).manifest.scopes == {"chat:write", "usergroups:write"}
