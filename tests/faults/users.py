"""People at work while things break: they report, press again what was not acknowledged, and take up what they see."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from environment import Ground
from load import REPORTED

from bot.sandbox.person.people import CannotDo, Person

REPORTERS = 3
PRESSES = 40
PAUSE_SECONDS = 0.4


@dataclass
class Crowd:
    ground: Ground
    reports: dict[str, bool] = field(default_factory=dict)
    """By a word that only its summary has: whether the form closed."""
    taken_up: int = 0
    _words: "count[int]" = field(default_factory=count)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _stopping: bool = False

    def start(self) -> None:
        for number in range(REPORTERS):
            person = self.ground.slack.add_person(f"reporter-{number}")
            self._tasks.append(asyncio.create_task(self._reports(person)))
        self._tasks.append(asyncio.create_task(self._takes_up(self.ground.slack.person("agent"))))

    async def stop(self) -> None:
        """Everybody ends what they are at."""
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def _reports(self, person: Person) -> None:
        while not self._stopping:
            await self._report(person, f"trouble-{next(self._words)}")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _report(self, person: Person, word: str) -> None:
        """The same words until the form opens, the same form until it closes.

        One that comes late is shown in its place, as Slack does it: whether it was saved is not known then.
        """
        for _ in range(PRESSES):
            await person.runs(f"/incident {word}")
            if person.modal is not None:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
        form = person.top()
        self.reports[word] = False
        await person.fills(Service=f"Service {REPORTED}", Impact="Just me", Urgency="Low")
        for _ in range(PRESSES):
            if person.top() is form:
                await person.submit()
            shown = person.top()
            self.reports[word] = shown is None
            if shown is not form:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        if person.top() is not None:
            await person.close(everything=True)

    async def _takes_up(self, agent: Person) -> None:
        while not self._stopping:
            with suppress(LookupError, CannotDo):
                answer = await agent.clicks("I'm on it", f"team-{REPORTED}")
                self.taken_up += answer.ok
            await asyncio.sleep(PAUSE_SECONDS * 3)
