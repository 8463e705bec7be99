"""How late reminders are: from the instant they fall due to the sandbox's acceptance, the bot running as it does.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_lateness.py [alarms])

A thousand promises reach three quarters within one minute, over fifty channels. Figures are seconds of real time; what
Slack's own pace (a message a second a channel) takes is in them. The ceiling that the sandbox sets to a whole workspace
("several hundred a minute") is lifted: it alone would spread a thousand messages over three minutes.
"""

import asyncio
import logging
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cast import settings_for, workspace
from databases import fresh_sqlite

from bot.app import Deskbell, running
from bot.rules.policy.policy import Policy, parse
from bot.rules.policy_format.types import duration_text
from bot.rules.record.facts import SYSTEM
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.app import rate_limits
from bot.usecases import policy as desk_policy
from bot.usecases.sla import clocks
from storage.db.database import Database
from storage.incident import incidents
from storage.tables import Incident

CHANNELS = 50
TIMERS = 1000
HEAD_START = timedelta(seconds=45)
"""Before the first falls due, to write them all down."""
MINUTE = timedelta(minutes=1)
WARN_AT = 75


def rules() -> Policy:
    """A service a channel. Of a target of P1 three quarters are four minutes; only the channel is warned."""
    target = duration_text(4 * MINUTE * 100 / WARN_AT)
    lines = [f'[targets.P1]\nresponse = "{target}"\nresolution = "9d"', '[alarms.reminder]\nto = ["channel"]']
    for number in range(CHANNELS):
        lines.append(f'[channels.c{number}]\nname = "team-{number}"')
        lines.append(
            f'[services.s{number}]\nname = "Service {number}"\nowner = "service-desk"\n'
            f'channel = "c{number}"\ncriticality = "low"'
        )
    return parse("\n".join(lines))


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[tuple[Workspace, Deskbell]]:
    slack = workspace(Clock())
    rate_limits.POSTS_PER_MINUTE = 60 * CHANNELS
    for number in range(CHANNELS):  # there already: Slack would let no more than twenty a minute be made
        slack.create_channel(f"team-{number}", creator=slack.bot_user.id, is_private=False)
    async with Server(slack) as server:
        policy = folder / "policy.toml"
        policy.write_text(rules().text, encoding="utf-8")
        settings = settings_for(slack, server, fresh_sqlite(folder), "socket").model_copy(update={"policy": policy})
        async with running(settings, now=slack.clock.now, serve_web=False) as bot:
            yield slack, bot


async def promise(database: Database, timers: int, first: datetime, span: timedelta = MINUTE) -> dict[str, datetime]:
    """Incidents whose reminders fall due evenly over a span; the instant of each, by its reference."""
    due = {f"INC-{one + 1}": first + span * one / timers for one in range(timers)}
    async with database.begin() as tx:
        version = (await desk_policy.in_force(tx)).version
        for number, at in enumerate(due.values(), start=1):
            opened = at - 4 * MINUTE
            values = {"impact": "high", "urgency": "high", "priority": "P1", "reporter": SYSTEM, "state": "new"}
            incident = Incident(
                number=number,
                summary="Down",
                service=f"s{number % CHANNELS}",
                opened_at=opened,
                policy_version=version,
                **values,
            )
            await incidents.add(tx, incident)
            await clocks.open(tx, incident, opened)
    return due


def accepted(slack: Workspace) -> dict[str, datetime]:
    """When each reminder was accepted, by the reference that its text names."""
    said = [call for call in slack.calls if call.method == "chat.postMessage" and call.ok]
    return {str(call.args["text"]).split()[4]: call.at for call in said if "at risk" in str(call.args["text"])}


async def measure(timers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with desk(Path(folder)) as (slack, bot):
            due = await promise(bot.database, timers, bot.now() + HEAD_START)
            await slack.clock.until(max(due.values()) + timedelta(seconds=10))
            told = accepted(slack)
    late = sorted((told[ref] - at).total_seconds() for ref, at in due.items() if ref in told)
    print(f"{len(late)} of {timers} told in {CHANNELS} channels")
    cuts = statistics.quantiles(late, n=100)
    print(f"late by: median {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, p99 {cuts[98]:.2f} s, most {late[-1]:.2f} s")


def main() -> None:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep that runs into the next says so each second
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else TIMERS))


if __name__ == "__main__":
    main()
