"""`deskbell demo`: sandbox, bot and cast in one process, with records of several days."""

import base64
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import yaml

from bot import manifest
from bot.app import Deskbell, running
from bot.demo import estate, improvement, on_call, preparation
from bot.demo.history import DAYS, LEAD, live_through
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.webhooks import PREFIX, WebhookReceiver
from bot.settings import Settings, secret

CAST = {
    "requester": ("Reports and asks", []),
    "agent": ("Works the service desk", ["service-desk"]),
    "approver": ("Approves changes", ["change-approvers", "cab"]),
    "manager": ("Runs change control", ["change-approvers", "change-managers", "cab", "security-desk"]),
    "engineer": ("Implements changes", ["cab"]),
    "outsider": ("Belongs to no group", []),
}
"""Who they are and which groups of the policy they are in."""

WEBHOOK_SECRET = "DEMO_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
WEBHOOKS = f"""
[webhooks.demo]
url = "{{url}}"
events = ["*"]
secret = "env:{WEBHOOK_SECRET}"
"""
"""A program on this machine that is told what happens, and shows it at that address."""
DATABASE = "demo.db"
CHANNELS = ("service-desk", "changes", "major-incidents")
"""Where all of them are already; Deskbell finds and joins these."""


@asynccontextmanager
async def demo(host: str, port: int, *, announce: Callable[[str], None]) -> AsyncIterator[Deskbell]:
    """A workspace at http://host:port/ until the block is left; `announce` is given the address once all is ready.

    Raises OSError where the port is taken. Nothing is left behind: what is kept is kept in a temporary folder.
    """
    slack = workspace(Clock())
    with tempfile.TemporaryDirectory(prefix="deskbell-demo-") as folder:
        async with opened(slack, Path(folder), host, port) as (server, bot):
            await live_through(slack, bot)
            announce(server.url)
            yield bot


@asynccontextmanager
async def opened(slack: Workspace, folder: Path, host: str, port: int) -> AsyncIterator[tuple[Server, Deskbell]]:
    """The workspace with its doors open and the bot at its service; the folder has what the bot keeps."""
    bots: list[Deskbell] = []

    async def time_moved() -> None:
        for bot in bots:
            await bot.jobs.sweep()
            await bot.jobs.long_timers()

    key = _secret()
    receiver = WebhookReceiver(key)
    async with Server(slack, host, port, on_clock=time_moved, webhooks=receiver) as server:
        settings = _settings(slack, server, folder)
        async with running(settings, now=slack.clock.now, serve_web=False) as bot:
            bot.webhooks.secret = lambda name: key if name == WEBHOOK_SECRET else secret(name)
            bots.append(bot)
            yield server, bot


def empty_workspace(clock: Clock) -> Workspace:
    return Workspace(yaml.safe_load(manifest.text()), clock=clock, name="Deskbell")


def workspace(clock: Clock) -> Workspace:
    """The cast in their groups, as DAYS and a little longer ago."""
    slack = empty_workspace(Clock(clock.now() - timedelta(days=DAYS) - LEAD))
    slack.busy = f"The last {DAYS} days are being played in it, which takes about ten seconds."
    for role, (title, _) in CAST.items():
        slack.add_person(role, title=title)
    slack.add_person("owner", title="Owns the workspace", is_owner=True, is_admin=True)
    for channel in CHANNELS:
        slack.add_channel(channel, members=CAST)
    for group in dict.fromkeys(group for _, groups in CAST.values() for group in groups):
        slack.add_usergroup(group, [role for role, (_, groups) in CAST.items() if group in groups])
    return slack


def _settings(slack: Workspace, server: Server, folder: Path) -> Settings:
    policy = folder / "policy.toml"
    told = WEBHOOKS.format(url=f"{server.url}/webhooks")
    said = on_call.POLICY + preparation.SCOPE + improvement.POLICY + estate.POLICY + told
    policy.write_text(said, encoding="utf-8")
    return Settings(
        _env_file=None,
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        slack_api_url=server.api_url,
        database_url=f"sqlite:///{folder / DATABASE}",
        policy=policy,
        webhooks_allow_private=True,
    )


def _secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
