"""Secrets in no output: known ones are put everywhere, the bot is run, and all that it says is searched for them."""

import asyncio
import io
import json
import logging
import os
import signal
import subprocess
import sys

import aiohttp
import pytest
from cast import Desk

from bot import logs
from bot.rules.journal import signing

SEED = signing.new_seed()
PASSWORD = "p%40ss-not-a-real-one"  # written as an address has it
GIVEN = {
    "SLACK_BOT_TOKEN": "xoxb-not-a-real-token",
    "SLACK_APP_TOKEN": "xapp-not-a-real-token",
    "SLACK_SIGNING_SECRET": "not-a-real-signing-secret",
    "DESKBELL_AUDIT_KEY": SEED,
    "DESKBELL_BOT_PASSWORD": "not-a-real-bot-password",
    "DESKBELL_SLACK_API_URL": "http://127.0.0.1:9/api/",
    "DESKBELL_LOG_LEVEL": "debug",
    "DESKBELL_PORT": "0",
}
SECRETS = [
    *(GIVEN[name] for name in GIVEN if name.startswith("SLACK") or name.endswith(("KEY", "PASSWORD"))),
    PASSWORD,
    "p@ss-not-a-real-one",
]
COMMANDS = (["run"], ["doctor"], ["doctor", "--json"], ["migrate"], ["migrate", "--roles"], ["policy", "show"],
            ["audit", "verify"], ["audit", "key", "--public"], ["outbox", "list"], ["preview", "help"])  # fmt: skip


UNREACHABLE = f"postgresql://deskbell:{PASSWORD}@127.0.0.1:9/deskbell"
NEXT = "the next command: "
EACH_IN_ITS_OWN_PROCESS = f"""
import os, sys
import bot.app, bot.cli.commands, bot.cli.run, bot.doctor
for command in {COMMANDS}:
    print("{NEXT}" + " ".join(command), flush=True)
    if os.fork() == 0:
        sys.exit(bot.cli.main(command))
    os.wait()
"""
"""What is imported is so once for all of them: to start Python ten times took ten seconds."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command says at its loudest, where the database cannot be reached."""
    done = subprocess.run(
        [sys.executable, "-c", EACH_IN_ITS_OWN_PROCESS], cwd=tmp_path_factory.mktemp("told"), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=300, check=True, text=True,
        env=environment(DESKBELL_DATABASE_URL=UNREACHABLE),
    )  # fmt: skip
    parts = [part.partition("\n") for part in done.stdout.split(NEXT)[1:]]
    return {command: said for command, _, said in parts}


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **GIVEN, **more}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_says_a_secret_whatever_goes_wrong(told: dict[str, str], command: list[str]) -> None:
    said = told[" ".join(command)]
    assert said
    assert [secret for secret in SECRETS if secret in said] == []


async def said_by_a_bot(folder, until: str, **more: str) -> str:
    """What it says; it is stopped once it has said `until`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, stdin=asyncio.subprocess.DEVNULL, env=environment(**more),
    )  # fmt: skip
    try:
        return await asyncio.wait_for(_read(process, until), 60)
    except TimeoutError:
        process.kill()
        raise


async def _read(process: asyncio.subprocess.Process, until: str) -> str:
    said = ""
    while line := (await process.stdout.readline()).decode():
        said += line
        if until in line:
            process.send_signal(signal.SIGTERM)
    await process.wait()
    return said


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_bot_that_cannot_reach_slack_says_no_secret(tmp_path, form: str) -> None:
    here = {"DESKBELL_DATABASE_URL": "sqlite:///x.db", "DESKBELL_LOG_FORMAT": form, "DESKBELL_LOG_LEVEL": "info"}
    said = await said_by_a_bot(tmp_path, "Trying again", **here)
    assert "Trying again" in said
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_days_work_at_its_loudest_logs_no_secret_no_feed_and_no_forged_line(desk_on_sqlite: Desk, form) -> None:
    desk, stream, root = desk_on_sqlite, io.StringIO(), logging.getLogger()
    before, level = root.handlers, root.level
    logs.set_up("debug", form, secrets=desk.bot.settings.secrets, stream=stream)
    forged = "2026-01-01T00:00:00.000Z INFO    bot: all is well"
    try:
        await desk.reports(f"VPN\n{forged}")
        answer = await desk.requester.runs("/change calendar subscribe")
        feed = answer.text.split("/calendar/")[1].split(".ics")[0]
        async with aiohttp.ClientSession() as http:
            doors = ["/health", "/ready", "/metrics", "/calendar/none.ics", f"/calendar/{feed}.ics"]
            told = [await (await http.get(f"{desk.url}{door}")).text() for door in doors]
        await desk.settles()
    finally:
        root.handlers = before
        root.setLevel(level)
    said = stream.getvalue()
    assert "handlers.request.app" in said
    for secret in (*desk.bot.settings.secrets, feed):
        assert secret not in said
        assert all(secret not in one for one in told)
    assert forged not in said.splitlines()
    assert form == "text" or all(json.loads(line) for line in said.splitlines())
