"""What the desk knows of the workspace: channels made and joined, people, groups, and what events change."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.policy.policy import Policy, parse
from bot.rules.record.facts import SYSTEM
from bot.sandbox import Clock, Server, Workspace
from bot.usecases import policy as desk_policy
from handlers.workspace import client, directory, roster
from handlers.workspace.directory import Report
from storage.db.database import Database
from storage.journal import journal
from storage.workspace import channels, people

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNELS = ["service-desk", "changes", "major-incidents", "private-incidents", "deskbell-audit"]


@dataclass
class Office:
    slack: Workspace
    database: Database
    reads: AsyncWebClient
    policy: Policy

    async def refresh(self, policy: str | None = None) -> Report:
        if policy is not None:
            self.policy = parse(policy)
        return await directory.refresh(self.reads, self.database, self.policy, self.slack.clock.now())

    async def members(self, group: str) -> list[str]:
        """By handle, in order."""
        async with self.database.read() as tx:
            ids = await people.members(tx, group)
        return sorted(self.slack.users[one].name for one in ids)

    async def place(self, name: str) -> str | None:
        async with self.database.read() as tx:
            return await channels.channel_of(tx, name)

    async def falls(self, group: str) -> list[bool]:
        async with self.database.read() as tx:
            return [fact.data["fallen"] for fact in await journal.timeline(tx, f"group:{group}")]

    def id_of(self, handle: str) -> str:
        return self.slack.person(handle).user.id

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    slack = Workspace(MANIFEST, clock=Clock.frozen(MONDAY))
    slack.add_person("owner", is_owner=True, is_admin=True)
    for handle in ("agent", "approver", "manager", "engineer"):
        slack.add_person(handle)
    slack.add_usergroup("service-desk", ["agent"])
    slack.add_usergroup("security-desk", ["manager"])
    slack.add_usergroup("change-approvers", ["approver", "manager"])
    slack.add_usergroup("change-managers", ["manager"])
    slack.add_usergroup("cab", ["manager", "approver", "engineer"])
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(slack))
        session = await stack.enter_async_context(client.session())
        database = Database(sqlite_url)
        stack.push_async_callback(database.close)
        policy = parse("")
        async with database.begin() as tx:
            await desk_policy.adopt(tx, policy, by=SYSTEM, now=MONDAY)
        yield Office(slack, database, client.for_reads(slack.bot_token, server.api_url, session), policy)


async def test_missing_channels_are_made_with_their_purpose_and_joined(office):
    report = await office.refresh()
    assert report == Report()
    for name in CHANNELS:
        channel = office.slack.channel(name)
        assert office.slack.bot_user.id in channel.members
        assert await office.place(name) == channel.id
    assert "conversations.setPurpose" in {call.method for call in office.slack.calls}


async def test_channels_that_are_there_are_joined_and_not_made_again(office):
    there = office.slack.add_channel("changes", members=["engineer"])
    await office.refresh()
    assert office.slack.bot_user.id in there.members
    assert await office.place("changes") == there.id
    await office.refresh()
    assert office.calls("conversations.create") == len(CHANNELS) - 1


async def test_everything_is_found_however_many_pages_it_takes(office, monkeypatch):
    monkeypatch.setattr(roster, "PAGE", 2)
    for number in range(5):
        office.slack.add_channel(f"noise-{number}")
    last = office.slack.add_channel("changes")
    await office.refresh()
    assert await office.place("changes") == last.id
    assert await office.members("cab") == ["approver", "engineer", "manager"]


async def test_an_archived_channel_is_reported_and_not_posted_to(office, caplog):
    office.slack.add_channel("changes").is_archived = True
    report = await office.refresh()
    assert "archived" in report.unreachable["changes"]
    assert await office.place("changes") is None
    assert "#changes cannot be posted to: it is archived" in caplog.text


async def test_the_private_incidents_channel_is_private_and_its_group_is_let_in(office):
    await office.refresh()
    channel = office.slack.channel("private-incidents")
    assert channel.is_private
    assert set(channel.members) >= {office.id_of("manager"), office.slack.bot_user.id}
    assert office.id_of("agent") not in channel.members
    await office.refresh()
    assert office.calls("conversations.invite") == 2, "one for each private channel"


async def test_a_public_channel_never_serves_private_incidents(office):
    office.slack.add_channel("private-incidents")
    report = await office.refresh()
    assert "it is public" in report.unreachable["private-incidents"]
    assert await office.place("private-incidents") is None


async def test_a_private_channel_of_that_name_asks_for_an_invitation(office):
    office.slack.add_channel("changes", is_private=True, members=["engineer"])
    report = await office.refresh()
    assert "invite Deskbell to it" in report.unreachable["changes"]
    assert await office.place("service-desk") is not None


async def test_a_workspace_where_apps_make_no_channels_says_so(office):
    office.slack.faults.add("conversations.create", error="restricted_action", times=len(CHANNELS))
    report = await office.refresh()
    assert set(report.unreachable) == set(CHANNELS)
    assert "create it" in report.unreachable["changes"]


async def test_a_channel_renamed_while_the_bot_was_away_is_kept(office):
    await office.refresh()
    kept = office.slack.channel("changes")
    kept.name = "change-control"
    report = await office.refresh()
    assert report.renamed == {"changes": "change-control"}
    assert await office.place("changes") == kept.id
    assert office.calls("conversations.create") == len(CHANNELS)


async def test_people_are_known_with_zone_and_standing(office):
    office.slack.add_person("clerk", tz="Asia/Tokyo")
    office.slack.add_person("guest", is_restricted=True)
    office.slack.add_person("gone", deleted=True)
    await office.refresh()
    async with office.database.read() as tx:
        known = {handle: await people.get(tx, office.id_of(handle)) for handle in ("clerk", "guest", "gone", "owner")}
        bot = await people.get(tx, office.slack.bot_user.id)
    assert (known["clerk"].name, known["clerk"].tz) == ("Clerk", "Asia/Tokyo")
    assert known["guest"].is_guest
    assert known["gone"].deleted
    assert known["owner"].is_admin
    assert bot.is_bot


@pytest.mark.parametrize("zone", ["Mars/Phobos", "", None, "../etc/passwd"])
def test_a_zone_that_this_machine_does_not_know_is_utc(zone):
    assert roster.person({"id": "U1", "tz": zone}, MONDAY).tz == "UTC"


async def test_strangers_of_a_shared_channel_are_not_of_the_workspace():
    ours = {"id": "U1", "team_id": "T1"}
    assert roster.is_of(ours, "T1")
    assert not roster.is_of(ours | {"team_id": "T2"}, "T1")
    assert not roster.is_of(ours | {"is_stranger": True}, "T1")
    assert roster.is_of({"id": "U1", "team_id": "T2", "enterprise_user": {"teams": ["T1"]}}, "T1")


async def test_groups_are_user_groups_private_channels_or_lists_of_people(office):
    there = office.slack.add_channel("board", is_private=True, members=["engineer", "manager"])
    there.members.append(office.slack.bot_user.id)
    people_ids = f'["{office.id_of("agent")}", "@Approver"]'.lower().replace("u0", "U0")
    await office.refresh(f'[groups.cab]\nchannel = "board"\n[groups.change-managers]\npeople = {people_ids}')
    assert await office.members("cab") == ["engineer", "manager"]
    assert await office.members("change-managers") == ["agent", "approver"]
    assert await office.members("service-desk") == ["agent"]


async def test_guests_bots_and_the_deactivated_hold_no_role(office):
    office.slack.add_person("guest", is_ultra_restricted=True)
    office.slack.add_person("gone", deleted=True)
    office.slack.usergroups.clear()
    for handle in ("service-desk", "change-approvers", "change-managers", "cab"):
        office.slack.add_usergroup(handle, ["agent", "guest", "gone"]).members.append(office.slack.bot_user.id)
    await office.refresh()
    assert await office.members("cab") == ["agent"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('usergroup = "nobody-made-it"', "there is no user group @nobody-made-it"),
        ('channel = "board"', "there is no private channel #board that Deskbell was invited to"),
        ('channel = "general"', "#general is public, so anyone could join it"),
        ('people = ["U0NOBODY", "nobody"]', "none of the people it names is a full member"),
    ],
)
async def test_a_group_of_nobody_falls_to_the_owners_and_admins(office, said, why, caplog):
    report = await office.refresh(f"[groups.cab]\n{said}")
    assert await office.members("cab") == ["owner"]
    assert why in report.fallen["cab"]
    assert "Group “cab” falls to the workspace's owners and admins" in caplog.text
    assert await office.falls("cab") == [True]


async def test_a_plan_without_user_groups_falls_to_the_owners_and_admins(office):
    office.slack.paid_plan = False
    report = await office.refresh()
    assert set(report.fallen) == set(office.policy.groups)
    assert "plan has no user groups" in report.fallen["service-desk"]
    assert await office.members("service-desk") == ["owner"]


async def test_the_record_tells_each_fall_and_each_return_once(office):
    office.slack.paid_plan = False
    await office.refresh()
    await office.refresh()
    office.slack.paid_plan = True
    await office.refresh()
    await office.refresh()
    assert await office.falls("cab") == [True, False]


async def test_a_slack_that_fails_changes_no_group(office):
    await office.refresh()
    office.slack.faults.add("usergroups.list", error="internal_error", times=None)
    with pytest.raises(SlackApiError):
        await office.refresh()
    assert await office.members("service-desk") == ["agent"]


async def test_a_rate_limit_is_waited_out(office):
    office.slack.faults.add("users.list", status=429, retry_after=0)
    await office.refresh()
    assert await office.members("service-desk") == ["agent"]


async def changed(office: Office, handle: str, **fields: object) -> None:
    """As the event user_change tells it."""
    office.slack.change_person(handle, **fields)
    answer = await office.reads.users_info(user=office.id_of(handle))
    await directory.person_changed(
        office.reads, office.database, office.policy, answer["user"], office.slack.team_id, MONDAY
    )


async def test_someone_deactivated_leaves_every_group_at_once(office):
    await office.refresh()
    await changed(office, "manager", deleted=True)
    assert await office.members("change-approvers") == ["approver"]
    assert await office.members("change-managers") == ["owner"]
    assert await office.falls("change-managers") == [True]


async def test_a_new_zone_is_kept_without_asking_slack_for_more(office):
    await office.refresh()
    before = office.calls("users.list")
    await changed(office, "agent", tz="America/New_York")
    async with office.database.read() as tx:
        assert (await people.get(tx, office.id_of("agent"))).tz == "America/New_York"
    assert office.calls("users.list") == before


async def test_a_stranger_that_changes_is_not_taken_in(office):
    await office.refresh()
    stranger = {"id": "U0STRANGER", "team_id": "T0OTHER", "name": "stranger"}
    await directory.person_changed(office.reads, office.database, office.policy, stranger, office.slack.team_id, MONDAY)
    async with office.database.read() as tx:
        assert await people.get(tx, "U0STRANGER") is None


async def test_a_user_group_that_changes_changes_the_group(office):
    await office.refresh()
    office.slack.change_usergroup("service-desk", ["engineer"])
    await directory.user_group_changed(office.reads, office.database, office.policy, MONDAY)
    assert await office.members("service-desk") == ["engineer"]


async def test_who_joins_a_groups_private_channel_joins_the_group(office):
    board = office.slack.add_channel("board", is_private=True, members=["manager"])
    await office.refresh('[groups.cab]\nchannel = "board"')
    assert await office.members("cab") == ["owner"]
    board.members.append(office.slack.bot_user.id)
    await directory.channel_members_changed(office.reads, office.database, office.policy, board.id, MONDAY)
    assert await office.members("cab") == ["manager"]
    board.members.append(office.id_of("engineer"))
    await directory.channel_members_changed(office.reads, office.database, office.policy, board.id, MONDAY)
    assert await office.members("cab") == ["engineer", "manager"]


async def test_who_joins_any_other_channel_changes_nothing(office):
    await office.refresh()
    before = len(office.slack.calls)
    await directory.channel_members_changed(office.reads, office.database, office.policy, "C0OTHER", MONDAY)
    assert len(office.slack.calls) == before


async def test_an_archived_channel_is_noted_when_it_happens(office, caplog):
    await office.refresh()
    with caplog.at_level(logging.WARNING):
        await directory.channel_archived(office.database, office.slack.channel("changes").id)
    assert await office.place("changes") is None
    assert "#changes was archived" in caplog.text


async def test_a_renamed_channel_is_noted_when_it_happens(office, caplog):
    await office.refresh()
    channel = office.slack.channel("changes")
    channel.name = "change-control"
    await directory.channel_renamed(office.reads, office.database, office.policy, channel.id, channel.name)
    assert await office.place("changes") == channel.id
    assert "#changes is called #change-control in Slack" in caplog.text
