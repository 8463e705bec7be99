"""The doctor: what is wrong, and how to mend it. Looks only."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot import doctor, manifest
from bot.doctor import Check, State, local, slack
from bot.rules.journal import signing
from bot.sandbox import Clock, Server, Workspace
from bot.settings import Settings
from storage.db import schema

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass
class Practice:
    slack: Workspace
    settings: Settings

    async def finds(self, **changes: object) -> dict[str, Check]:
        """Each check by name, after the settings were changed."""
        settings = self.settings.model_copy(update=changes)
        return {check.name: check for check in await doctor.examine(settings, self.slack.clock.now)}


@pytest.fixture
async def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Practice]:
    """A workspace set up as it should be, and a bot that has not started yet."""
    monkeypatch.chdir(tmp_path)
    ours = Workspace(MANIFEST, clock=Clock.frozen(MONDAY))
    ours.add_person("owner", is_owner=True, is_admin=True)
    ours.add_person("agent")
    ours.add_person("manager")
    ours.add_person("engineer")
    for handle in ("service-desk", "change-approvers", "change-managers", "cab", "security-desk"):
        ours.add_usergroup(handle, ["agent", "manager", "engineer"])
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(ours))
        settings = Settings(
            _env_file=None,
            bot_token=ours.bot_token,
            app_token=ours.app_token,
            slack_api_url=server.api_url,
            database_url=f"sqlite:///{tmp_path / 'desk.db'}",
        )
        yield Practice(ours, settings)


async def test_the_journal_is_vouched_for_by_a_key_and_a_file(practice, tmp_path):
    assert "not signed" in (await practice.finds())["journal"].found
    key = SecretStr(signing.new_seed())
    assert "in Slack alone" in (await practice.finds(audit_key=key))["journal"].found
    found = (await practice.finds(audit_key=key, audit_file=tmp_path / "checkpoints.txt"))["journal"]
    assert (found.state, key.get_secret_value() in str(found)) == (State.OK, False)


async def test_a_sound_set_up_passes_and_nothing_is_touched(practice, tmp_path):
    found = await practice.finds()
    assert not doctor.failed(found.values())
    here = ["settings", "database", "policy", "journal"]
    assert list(found) == [*here, "token", "scopes", "clock", "way in", "channels", "groups", "approvals"]
    assert found["token"].found == "@deskbell in the workspace Deskbell"
    assert found["groups"].state is State.OK
    assert "the start makes it" in found["channels"].found
    assert not (tmp_path / "desk.db").exists()
    assert {call.method for call in practice.slack.calls} <= {
        "auth.test", "apps.connections.open", "conversations.list", "users.list", "usergroups.list",
    }  # fmt: skip


async def test_a_token_that_slack_does_not_know_is_told_and_the_rest_is_left(practice):
    found = await practice.finds(bot_token=type(practice.settings.bot_token)("xoxb-not-a-real-token"))
    assert found["token"].state is State.FAILED
    assert "invalid_auth" in found["token"].found
    assert "OAuth & Permissions" in found["token"].mend
    assert found["channels"].state is State.SKIPPED


async def test_a_slack_that_cannot_be_reached_is_told(practice):
    found = await practice.finds(slack_api_url="http://127.0.0.1:1/api/")
    assert found["token"].state is State.FAILED
    assert "cannot be reached" in found["token"].found


async def test_an_app_token_that_opens_no_socket_is_told(practice):
    found = await practice.finds(app_token=type(practice.settings.bot_token)("xapp-not-a-real-token"))
    assert found["way in"].state is State.FAILED
    assert "connections:write" in found["way in"].mend


@pytest.mark.parametrize(
    ("secret", "state"), [("0123456789abcdef" * 2, State.OK), ("not-a-signing-secret", State.LOOK)]
)
async def test_over_http_the_signing_secret_must_have_its_form(practice, secret, state):
    kind = type(practice.settings.bot_token)
    found = await practice.finds(app_token=None, signing_secret=kind(secret))
    assert found["way in"].state is state
    assert secret not in found["way in"].found


async def test_an_archived_channel_fails(practice):
    practice.slack.add_channel("changes").is_archived = True
    found = (await practice.finds())["channels"]
    assert found.state is State.FAILED
    assert "#changes: archived" in found.found


async def test_a_group_that_falls_back_is_shown_with_how_to_mend_it(practice):
    practice.slack.paid_plan = False
    found = (await practice.finds())["groups"]
    assert found.state is State.LOOK
    assert (
        "cab falls to the owners and admins (1 person): this workspace's Slack plan has no user groups" in found.found
    )
    assert "private channel" in found.mend


async def test_a_group_without_anybody_to_fall_to_fails(practice):
    practice.slack.paid_plan = False
    practice.slack.person("owner").user.deleted = True
    found = await practice.finds()
    assert (found["groups"].state, found["approvals"].state) == (State.FAILED, State.FAILED)


async def test_an_approval_that_too_few_can_give_is_told(practice, tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text("[approvals.requests]\ntypes = []\nstages = ['4 of cab']\nremind = '1d'\nexpires = '7d'\n")
    found = (await practice.finds(policy=file))["approvals"]
    assert found.state is State.LOOK
    assert "requests: “4 of cab” has 3 people, so that nothing is ever approved" in found.found
    file.write_text(file.read_text().replace("4 of", "3 of"))
    found = (await practice.finds(policy=file))["approvals"]
    assert (found.state, "too few where one of them asks" in found.found) == (State.LOOK, True)


async def test_a_standard_change_that_a_task_names_is_looked_up(practice, tmp_path):
    schema.migrate(practice.settings.database_url.get_secret_value())
    file = tmp_path / "policy.toml"
    file.write_text("[[requests.laptop.tasks]]\nid = 'port'\ntitle = 'Open it'\nchange = 'Open a port'\n")
    found = (await practice.finds(policy=file))["catalogue"]
    assert found.state is State.LOOK
    assert "no standard change “Open a port” is in use, which the task laptop.port names" in found.found


async def test_a_policy_with_a_fault_is_told_with_its_line(practice, tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text("\nwarn_at = 0")
    found = await practice.finds(policy=file)
    assert found["policy"].state is State.FAILED
    assert "line 2, warn_at" in found["policy"].found
    assert found["policy"].mend == f"deskbell policy check {file}"
    assert found["groups"].state is State.SKIPPED


async def test_a_policy_of_several_files_is_told_with_the_file_at_fault(practice, tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "times.toml").write_text("\nwarn_at = 0")
    assert "times.toml:2, warn_at" in (await practice.finds(policy=tmp_path / "policy"))["policy"].found
    (tmp_path / "policy" / "times.toml").write_text("warn_at = 80")
    assert (await practice.finds(policy=tmp_path / "policy"))["policy"].found == f"{tmp_path / 'policy'} is sound"
    (tmp_path / "policy" / "times.toml").unlink()
    found = (await practice.finds(policy=tmp_path / "policy"))["policy"]
    assert "without any file whose name ends in .toml" in found.found
    assert found.mend == "mend DESKBELL_POLICY"


async def test_a_database_that_does_not_answer_is_told_without_its_password(practice):
    kind = type(practice.settings.bot_token)
    found = (await practice.finds(database_url=kind("postgresql://desk:hunter2@127.0.0.1:1/x")))["database"]
    assert found.state is State.FAILED
    assert "does not answer" in found.found
    assert "hunter2" not in str(found)


async def test_an_empty_sqlite_file_is_brought_up_to_date_by_the_start(practice, tmp_path):
    (tmp_path / "desk.db").touch()
    found = (await practice.finds())["database"]
    assert found.state is State.LOOK
    assert "nothing yet" in found.found
    assert "deskbell migrate" in found.mend


async def test_a_schema_of_a_newer_version_that_this_one_may_serve_is_told(practice):
    url = practice.settings.database_url.get_secret_value()
    schema.migrate(url)
    with closing(sqlite3.connect(make_url(url).database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    found = (await practice.finds())["database"]
    assert (found.state, "may serve it still" in found.found) == (State.LOOK, True)
    assert "newer Deskbell" in found.mend


async def test_a_migrated_database_is_current(practice):
    schema.migrate(practice.settings.database_url.get_secret_value())
    assert "is current" in (await practice.finds())["database"].found


async def test_a_misspelt_variable_is_worth_a_look(practice, monkeypatch):
    monkeypatch.setenv("DESKBELL_PROT", "1")
    assert local.variables() == Check(
        "settings", State.LOOK, "nothing reads DESKBELL_PROT", "DESKBELL_PROT: did you mean DESKBELL_PORT?"
    )


def test_scopes_are_held_against_the_manifest():
    every = ",".join(manifest.bot_scopes())
    assert slack.scopes(every).state is State.OK
    assert slack.scopes(f"{every},identify").state is State.OK
    lacking = slack.scopes(every.replace("chat:write,", "").replace("users:read,", "users:readings,"))
    assert lacking.state is State.FAILED
    assert lacking.found == "the token lacks chat:write, users:read"
    assert "Reinstall" in lacking.mend


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0, State.OK, ""),
        (59, State.OK, ""),
        (-60, State.OK, ""),
        (61, State.FAILED, "61 s ahead of"),
        (-300, State.FAILED, "300 s behind"),
    ],
)
def test_a_clock_a_minute_off_fails(seconds, state, words):
    found = slack.clock(format_datetime(MONDAY, usegmt=True), MONDAY + timedelta(seconds=seconds))
    assert found.state is state
    assert words in found.found


async def test_a_rota_with_a_user_group_needs_the_optional_scope_and_the_group(practice, tmp_path):
    group = practice.slack.add_usergroup("vpn-on-call", ["agent"])
    policy = tmp_path / "policy.toml"
    policy.write_text(
        f'[rotas.vpn]\nzone = "UTC"\nuser_group = "{group.id}"\n'
        '[[rotas.vpn.layers]]\npeople = ["agent"]\nturn = "1 day"\nfrom = "2026-01-05T09:00"\n'
    )
    found = await practice.finds(policy=policy)
    assert (found["scopes"].state, found["user groups"].state) == (State.OK, State.OK)
    assert found["user groups"].found == "rota vpn: @vpn-on-call"
    practice.slack.disable_usergroup("vpn-on-call")
    ours = practice.slack.manifest
    practice.slack.manifest = replace(ours, scopes=ours.scopes - {"usergroups:write"})
    found = await practice.finds(policy=policy)
    assert (found["scopes"].state, found["user groups"].state) == (State.LOOK, State.LOOK)
    assert "usergroups:write, which is optional" in found["scopes"].found
    assert found["user groups"].found == f"rota vpn: {group.id} is disabled"
    assert (await practice.finds())["scopes"].state is State.OK, "no rota of this policy has one"
