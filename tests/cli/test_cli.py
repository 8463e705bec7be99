"""The command line: what it prints, and how it ends."""

import asyncio
import json
import os
import re
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from databases import free_port

from bot.rules.policy.policy import parse
from bot.sandbox import Clock, Server, Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def test_it_tells_its_version(deskbell):
    code, out, _ = deskbell("--version")
    assert code == 0
    assert out.startswith("deskbell 0.")


def test_help_lists_every_command(deskbell):
    _, out, _ = deskbell("--help")
    assert all(command in out for command in ("run", "demo", "doctor", "migrate", "policy", "preview"))


def test_an_unknown_command_is_a_usage_error(deskbell):
    assert deskbell("rum")[0] == 2


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_without_settings_each_missing_one_is_a_sentence(deskbell, command):
    code, _, err = deskbell(command)
    assert code == 1
    assert "SLACK_BOT_TOKEN is not set" in err
    assert "SLACK_SIGNING_SECRET is not set" in err
    assert "Traceback" not in err


def test_policy_check_prints_every_fault_with_its_line(deskbell, policy_file):
    file = policy_file('warn_at = 0\n[services.vpn]\nowner = "netops"\n')
    code, out, err = deskbell("policy", "check", file)
    assert code == 1
    assert out == ""
    first, second, last = err.splitlines()
    assert first == "line 1, warn_at: must be 1 or more"
    assert second.startswith("line 3, services.vpn.owner: there is no group “netops”")
    assert last == f"{file}: 2 faults."


def test_policy_check_tells_what_a_sound_file_changes(deskbell, policy_file):
    file = policy_file('warn_at = 80\nservices.website = false\n[channels.net]\nname = "network"\n')
    code, out, _ = deskbell("policy", "check", file)
    assert code == 0
    assert "~ warn_at = 80 (was 75)" in out
    assert "- services.website.name = Website" in out
    assert "+ channels.net.name = network" in out
    assert "vpn" not in out


def test_policy_check_of_the_default_changes_nothing(deskbell, policy_file):
    assert deskbell("policy", "check", policy_file(""))[1].endswith("  nothing\n")


def test_policy_check_shows_no_list_that_nobody_wrote(deskbell, policy_file):
    code, out, _ = deskbell("policy", "check", policy_file('[calendars.x]\nzone = "UTC"\nhours = "24x7"\n'))
    assert code == 0
    assert "calendars.x.zone = UTC" in out
    assert "closed" not in out
    assert all(line.partition(" = ")[2] for line in out.splitlines() if line.startswith("  +")), out


@pytest.mark.parametrize(("content", "words"), [(None, "No such file"), (b"\xff", "is not UTF-8 text")])
def test_a_policy_that_cannot_be_read_is_a_sentence(deskbell, tmp_path, content, words):
    if content is not None:
        (tmp_path / "policy.toml").write_bytes(content)
    code, _, err = deskbell("policy", "check", "policy.toml")
    assert code == 1
    assert words in err


def test_a_policy_saved_with_a_byte_order_mark_is_read(deskbell, tmp_path):
    (tmp_path / "policy.toml").write_text("warn_at = 80", encoding="utf-8-sig")
    assert deskbell("policy", "check", "policy.toml")[0] == 0


def test_policy_show_prints_the_whole_that_results(deskbell, policy_file):
    _, out, _ = deskbell("policy", "show", policy_file("warn_at = 80"))
    assert parse(out) == parse("warn_at = 80")


def test_policy_show_makes_no_database(deskbell, tmp_path):
    _, out, _ = deskbell("policy", "show")
    assert out.startswith("# No policy is in force yet; the first start adopts the default")
    assert list(tmp_path.iterdir()) == []


def test_policy_apply_puts_a_version_in_force(deskbell, policy_file):
    file = policy_file("warn_at = 80")
    assert "Version 1 is in force" in deskbell("policy", "apply", file)[1]
    assert "Version 1 says the same" in deskbell("policy", "apply", file)[1]
    _, out, _ = deskbell("policy", "show")
    assert out.startswith("# Version 1, in force since ")
    assert "warn_at = 80" in out


def test_policy_apply_warns_when_the_next_start_would_undo_it(deskbell, policy_file, tmp_path, monkeypatch):
    (tmp_path / "other.toml").touch()
    monkeypatch.setenv("DESKBELL_POLICY", "other.toml")
    assert "DESKBELL_POLICY names other.toml" in deskbell("policy", "apply", policy_file(""))[1]


def test_a_faulty_policy_is_not_applied(deskbell, policy_file, tmp_path):
    assert deskbell("policy", "apply", policy_file("warn_at = 0"))[0] == 1
    assert not (tmp_path / "deskbell.db").exists()


def test_migrate_says_from_where_to_where(deskbell):
    assert "went from nothing to" in deskbell("migrate")[1]
    assert "already" in deskbell("migrate")[1]


def test_a_database_that_does_not_answer_is_a_sentence_without_its_password(deskbell, monkeypatch):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "postgresql://desk:hunter2@127.0.0.1:1/x")
    code, _, err = deskbell("migrate")
    assert code == 1
    assert err.startswith("The database postgresql+psycopg://[struck out]@127.0.0.1:1/x cannot be opened: ")
    assert "hunter2" not in err
    assert "Traceback" not in err


def test_what_nobody_foresaw_is_a_sentence_too(deskbell, monkeypatch):
    monkeypatch.setattr("storage.db.schema.migrate", lambda _: 1 / 0)
    code, _, err = deskbell("migrate")
    assert code == 1
    assert err.strip() == (
        "Something unexpected went wrong: ZeroDivisionError: division by zero. DESKBELL_LOG_LEVEL=debug shows where."
    )


def test_preview_prints_every_view_as_json(deskbell):
    drawn = json.loads(deskbell("preview")[1])
    assert drawn["incident form"]["type"] == "modal"
    assert drawn["incident card, new"]["blocks"]


def test_preview_of_one_view_is_that_view(deskbell):
    assert json.loads(deskbell("preview", "incident form")[1])["type"] == "modal"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("incident frm", "Did you mean “incident form”"),
        ("form", "more?"),
        ("zzzz", "most begin with"),
    ],
)
def test_preview_of_no_view_names_those_that_were_meant(deskbell, name, says):
    code, _, err = deskbell("preview", name)
    assert code == 1
    assert err.startswith(f"There is no view “{name}”.")
    assert says in err
    assert len(err) < 600


@asynccontextmanager
async def deskbell_process(folder, *arguments, **environ):
    """Ended with the test: one that has failed would leave it at work."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=folder, env=os.environ | {"TMPDIR": str(folder)} | environ, start_new_session=True,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.mark.parametrize(("plan", "expected"), [(True, 0), (False, 1)])
async def test_doctor_ends_with_one_when_something_failed(deskbell, monkeypatch, plan, expected):
    slack = Workspace(MANIFEST, clock=Clock())
    slack.add_person("owner", is_owner=plan)
    async with Server(slack) as server:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        monkeypatch.setenv("DESKBELL_SLACK_API_URL", server.api_url)
        code, out, err = await asyncio.to_thread(deskbell, "doctor", "--json")
    assert code == expected, err
    found = {check["name"]: check for check in json.loads(out)}
    assert found["token"]["state"] == "ok"
    assert found["groups"]["state"] == ("look" if plan else "failed")
    assert slack.bot_token not in out + err


SEEDED = {
    "/request list all": ("REQ-4 .*new", "REQ-3 .*being fulfilled", "REQ-2 .*waiting for approval", "REQ-1 .*closed"),
    "/problem list all": ("PRB-[12] VPN.*proposed", "PRB-[12] Build machines.*investigating, with @agent"),
    "/problem known-errors": ("KE-1 .*published",),
    "/review list all": ("REV-1 .*published · version 1",),
    "/incident list new": ("INC-12 ", "INC-11 "),
    "/change list all": ("CHG-4 .*waiting for approval", "CHG-2 .*approved and scheduled"),
    "/action list all": ("of REV-1", "of PRB-", "of FND-1", "of CI-"),
    "/complaint list all": ("CMP-1 .*acknowledged",),
}
"""What lists show once all seeds were played; a refused one leaves its record in another state."""
PLAYED_SECONDS = 600
"""Ten take it on a quiet machine; it is a bound for one that hangs."""
LOOK_SECONDS = 0.05


async def first_seen(url):
    """What a browser is shown that was opened too early: the first answer there is."""
    async with asyncio.timeout(PLAYED_SECONDS), aiohttp.ClientSession() as browser:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                answer = await browser.get(url)
                return answer.status, await answer.text()
            await asyncio.sleep(LOOK_SECONDS)


async def test_the_demo_opens_as_it_was_played_says_where_and_leaves_nothing_behind(tmp_path):
    port = free_port()
    async with deskbell_process(tmp_path, "demo", "--port", str(port)) as process:
        begun = (await asyncio.wait_for(process.stdout.readline(), PLAYED_SECONDS)).decode()
        assert "playing the last 3 days in it" in begun
        status, early = await first_seen(f"http://127.0.0.1:{port}/")
        assert (status, "The last 3 days are being played in it" in early, "Channels" in early) == (503, True, False)
        said = (await asyncio.wait_for(process.stdout.readline(), PLAYED_SECONDS)).decode()
        opened = re.search(r"The workspace is open at (http://127\.0\.0\.1:\d+)", said)
        async with aiohttp.ClientSession(opened[1]) as page:
            shown = await page.get("/")
            assert (shown.status, "Channels" in await shown.text()) == (200, True)
            for typed, patterns in SEEDED.items():
                asked = {"as": "agent", "channel": "general", "text": typed}
                listed = (await (await page.post("/_/command", json=asked)).json())["note"]
                for pattern in patterns:
                    assert re.search(pattern.replace(".*", "(?:.|\n(?!:))*"), listed), (typed, pattern, listed)
            came = await (await page.get("/webhooks")).text()
            assert re.search(r"signed  incident\.opened INC-1  msg_", came)
            assert re.search(r"signed  change\.\w+ CHG-1  msg_", came)
            assert "REFUSED" not in came
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
        assert (process.returncode, err.decode()) == (0, "")
        assert "/webhooks?follow" in out.decode()
        assert "nothing is left behind" in out.decode()
        assert list(tmp_path.iterdir()) == []
