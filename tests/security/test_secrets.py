"""Secrets in no output: known ones are put everywhere, the bot is run, and all that it says is searched for them."""

import io
import json
import logging
import os
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
TRYING = "Trying again"
FORMS = ("text", "json")
BOTS = {
    f"a bot: {form}": {
        "DESKBELL_DATABASE_URL": f"sqlite:///{form}.db", "DESKBELL_LOG_FORMAT": form, "DESKBELL_LOG_LEVEL": "info"
    }
    for form in FORMS
}  # fmt: skip
RUNS = [*((" ".join(one), one, {}) for one in COMMANDS), *((name, ["run"], here) for name, here in BOTS.items())]
EACH_IN_ITS_OWN_PROCESS = f"""
import gc, os, signal, sys
import bot.app, bot.cli.commands, bot.cli.run, bot.doctor
gc.collect()
gc.freeze()
for name, command, here in {RUNS}:
    print("{NEXT}" + name, flush=True)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.environ.update(here)
        sys.exit(bot.cli.main(command))
    os.close(writing)
    with open(reading) as said:
        for line in said:
            print(line, end="")
            if "{TRYING}" in line:
                os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
"""
"""What is imported is so once for all of them, and is let go by none: to start Python for each took a second and a half
of processor, and each one's end as much. A bot is stopped once it tries again."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command says at its loudest where the database cannot be reached, and a bot that cannot reach Slack."""
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


@pytest.mark.parametrize("form", FORMS)
def test_a_bot_that_cannot_reach_slack_says_no_secret(told: dict[str, str], form: str) -> None:
    said = told[f"a bot: {form}"]
    assert TRYING in said
    assert said.startswith("{") is (form == "json")
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.parametrize("form", FORMS)
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
