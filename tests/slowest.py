"""The slowest tests are begun first, and the files that cost most are said at the end, in seconds of processor.

A pytest plugin. A file's seconds are those of the worker's own process and of those that it started and saw end: not of
PostgreSQL nor of Chromium, which serve many tests.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable
from enum import Enum, auto
from itertools import groupby
from typing import TypeVar

import pytest

_COST = "processor seconds"
_MOMENT = 0.1
"""What costs less is not worth a line."""

WAITING = "tests/faults/"
"""Tests in real time, of half a minute and more, which leave the processor to others most of it."""

One = TypeVar("One")
_began, _ended = pytest.StashKey[float](), pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slowest-files", type=int, default=0, metavar="N", help="say which files cost most processor")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--slowest-files"):
        config.pluginmanager.register(Slowest(config.getoption("--slowest-files")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A worker that takes a slow one last keeps all others waiting."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    if workers > 1:
        items[:] = slow_first([(one, one.nodeid.partition("::")[0], _pace(one)) for one in items], workers)


class Pace(Enum):
    QUICK = auto()
    SLOW = auto()
    WAITS = auto()


def _pace(item: pytest.Item) -> Pace:
    if item.nodeid.startswith(WAITING):
        return Pace.WAITS
    return Pace.QUICK if item.get_closest_marker("slow") is None else Pace.SLOW


def slow_first(tests: Iterable[tuple[One, str, Pace]], workers: int) -> list[One]:
    """In an order that has the slow ones in front of what the workers get to begin with.

    Those that wait are one worker's of three, one after the other, and the others have an equal share of the rest:
    where each began with some that wait, all waited at once, and the processors with them. Those of a file stay
    together, as they may share something.
    """
    rest: list[One] = []
    slow: list[list[One]] = []
    waiting: list[list[One]] = []
    for (_, pace), group in groupby(tests, key=lambda test: test[1:]):
        found = [one for one, *_ in group]
        if pace is Pace.QUICK:
            rest += found
        else:
            (waiting if pace is Pace.WAITS else slow).append(found)
    wait = max(workers // 3, 1)
    fronts = [waiting[worker::wait] for worker in range(wait)]
    if workers > wait:
        fronts += [slow[worker :: workers - wait] for worker in range(workers - wait)]
    else:
        fronts[0] += slow
    count = len(rest) + sum(map(len, [*slow, *waiting]))
    ordered: list[One] = []
    for worker, parts in enumerate(fronts):
        front = [one for part in parts for one in part]
        # As xdist's worksteal shares out what has not begun: to each in turn its part of what is left.
        size = (count - len(ordered)) // (workers - worker)
        behind = max(size - len(front), 0)
        ordered += [*front, *rest[:behind]]
        del rest[:behind]
    return [*ordered, *rest]


class Slowest:
    """Workers measure and tell with each test's last report; the process that prints the summary adds up."""

    def __init__(self, shown: int) -> None:
        self._shown = shown
        self._seconds: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        item.stash[_began] = _spent()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """The servers that served all tests end with the worker's last one, which must not answer for them."""
        if nextitem is None:
            item.stash[_ended] = _spent()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.when == "teardown":
            ended = item.stash[_ended] if _ended in item.stash else _spent()
            item.user_properties.append((_COST, ended - item.stash[_began]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self._seconds[report.nodeid.partition("::")[0]] += float(dict(report.user_properties).get(_COST, 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        slow = [(file, seconds) for file, seconds in self._seconds.most_common(self._shown) if seconds >= _MOMENT]
        terminalreporter.section(f"slowest files, in seconds of processor ({self._seconds.total():.0f} in all)")
        for file, seconds in slow:
            terminalreporter.write_line(f"{seconds:8.1f}  {file}")


def _spent() -> float:
    """Of this process with its threads, and of those of its processes that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
