"""How many files and functions of the house each thing goes through: what the next engineer has to read to follow it.

    PYTHONPATH=tests python tests/bench/bench_walks.py

Calls of the house's own functions alone, the sandbox and comprehensions left out. A change of file is a call from one
file into another; a return is one into a file that had been left already.
"""

import asyncio
import itertools
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from cast import CHANGE, Desk, open_desk
from databases import fresh_sqlite

ROOT = Path(__file__).parents[2]
HOUSE = tuple(f"{ROOT / folder}/" for folder in ("bot", "handlers", "storage"))
SANDBOX = f"{ROOT / 'bot' / 'sandbox'}/"
COLUMNS = ("files", "functions", "calls", "changes of file", "returns", "deepest")


class Walk:
    def __init__(self) -> None:
        self.codes: list[CodeType] = []
        self.deepest = 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and _is_ours(frame.f_code):
            self.codes.append(frame.f_code)
            self.deepest = max(self.deepest, _depth(frame))

    def figures(self) -> tuple[int, ...]:
        files = [code.co_filename for code in self.codes]
        changes = [after for before, after in itertools.pairwise(files) if before != after]
        seen, returns = set(files[:1]), 0
        for file in changes:
            returns += file in seen
            seen.add(file)
        return len(set(files)), len(set(self.codes)), len(files), len(changes), returns, self.deepest


def _is_ours(code: CodeType) -> bool:
    name = code.co_filename
    return name.startswith(HOUSE) and not name.startswith(SANDBOX) and not code.co_name.startswith("<")


def _depth(frame: FrameType | None) -> int:
    depth = 0
    while frame is not None:
        depth += _is_ours(frame.f_code)
        frame = frame.f_back
    return depth


async def walked(what: str, do: Callable[[], Awaitable[Any]]) -> None:
    walk = Walk()
    sys.setprofile(walk)
    try:
        await do()
    finally:
        sys.setprofile(None)
    print(f"{what:46}" + "".join(f"{figure:>17,}" for figure in walk.figures()), flush=True)


async def delivered(desk: Desk) -> None:
    await desk.slack.quiet()
    while await desk.bot.relay.deliver():
        desk.clock.forward(seconds=1)
    await desk.slack.quiet()


async def measure(url: str) -> None:
    async with open_desk(url) as desk:
        told = {"Service": "VPN", "Impact": "Everyone", "Urgency": "High"}

        async def submitted() -> None:
            assert not await desk.requester.submits(told)

        await desk.requester.runs("/incident Mail is slow")
        await submitted()
        await desk.settles()
        await walked(
            "/incident VPN is down, until its form is open", lambda: desk.requester.runs("/incident VPN is down")
        )
        await walked("the form filled and submitted", submitted)
        await walked("its card, receipt and Home delivered", lambda: delivered(desk))
        await desk.requester.runs("/change Upgrade the gateway")
        assert not await desk.requester.submits(CHANGE)
        await desk.settles()
        await walked("a click that decides", lambda: desk.manager.clicks("Approve", where="DM"))
        await walked("what came of it delivered", lambda: delivered(desk))
        desk.clock.forward(seconds=timedelta(hours=4).total_seconds())
        await walked("a sweep that rings a breach", desk.bot.jobs.sweep)
        await walked("its messages delivered", lambda: delivered(desk))


def main() -> None:
    print(f"{'':46}" + "".join(f"{column:>17}" for column in COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(fresh_sqlite(Path(folder))))


if __name__ == "__main__":
    main()
