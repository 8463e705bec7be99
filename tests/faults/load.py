"""Reminders by the thousand: promises whose warnings fall due evenly, each told in a channel and to three people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.policy.policy import Policy, default_text, parse
from bot.rules.policy_format.types import duration_text
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun
from bot.sandbox import Workspace
from bot.usecases import policy as desk_policy
from bot.usecases.sla import clocks
from storage import record_numbers
from storage.db.database import Database
from storage.incident import incidents
from storage.tables import Incident

CHANNELS = 40
REPORTED = CHANNELS
"""The number of the service and channel where people report: what the load is told, nobody takes up."""
GROUPS = 10
MEMBERS = 3
TOLD = 1 + MEMBERS
CLOCKS = 2
SHORTEST_STEP = 2.5
"""Seconds: of several thresholds that were passed when the sweep comes by, only the highest is told."""


@dataclass(frozen=True)
class Load:
    messages: int
    a_second: float
    rungs: int = 4
    """Thresholds of each promise, from one per cent of it on: its end is never reached."""

    @property
    def seconds(self) -> float:
        """Over which they fall due."""
        return max(self.messages / self.a_second, SHORTEST_STEP * (self.rungs + 1))

    @property
    def head_start(self) -> float:
        """Seconds that it takes to write it down, and to start the bots."""
        return 3.0 + 0.03 * self.incidents

    @property
    def incidents(self) -> int:
        return max(1, round(self.messages / (self.rungs * TOLD * CLOCKS)))

    @property
    def step(self) -> timedelta:
        """Between two warnings of one promise."""
        return timedelta(seconds=max(1, round(100 * self.seconds / (self.rungs + 1))) / 100)

    @property
    def target(self) -> timedelta:
        return self.step * 100

    def policy(self) -> Policy:
        lines = [
            f'[targets.P1]\nresponse = "{duration_text(self.target)}"\nresolution = "{duration_text(self.target)}"',
            "[alarms]",
            *(f"{shipped} = false" for shipped in parse(default_text()).alarms),
        ]
        lines += [f'[alarms.r{at}]\nat = {at}\nto = ["channel", "group"]' for at in range(1, self.rungs + 1)]
        lines += [f'[groups.g{n}]\ntitle = "Team {n}"\nusergroup = "g{n}"' for n in range(GROUPS)]
        for n in range(CHANNELS + 1):
            lines.append(f'[channels.c{n}]\nname = "team-{n}"')
            lines.append(
                f'[services.s{n}]\nname = "Service {n}"\nowner = "g{n % GROUPS}"\nchannel = "c{n}"\ncriticality = "low"'
            )
        return parse("\n".join(lines))


def furnish(slack: Workspace) -> None:
    """Channels and people whom the load is told to."""
    for n in range(CHANNELS + 1):
        slack.create_channel(f"team-{n}", creator=slack.bot_user.id, is_private=False)
    for n in range(GROUPS):
        members = [f"member-{n}-{m}" for m in range(MEMBERS)]
        for one in members:
            slack.add_person(one)
        slack.add_usergroup(f"g{n}", members)


async def promise(database: Database, load: Load, first: datetime) -> None:
    """Incidents whose warnings fall due from `first` on."""
    for n in range(load.incidents):
        opened = first + load.step * n / load.incidents - load.step
        async with database.begin() as tx:
            number = await record_numbers.next_number(tx, Noun.INCIDENT)
            incident = Incident(
                number=number, summary="Down", service=f"s{n % CHANNELS}", opened_at=opened, impact="high",
                urgency="high", priority="P1", reporter=SYSTEM, state="new",
                policy_version=(await desk_policy.in_force(tx)).version,
            )  # fmt: skip
            await incidents.add(tx, incident)
            await clocks.open(tx, incident, opened)
