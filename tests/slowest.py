"""Which files of tests cost most, in seconds of processor: said at the end of a run, over all its workers.

A pytest plugin. A file's seconds are those of the worker's own process and of those that it started and saw end: not of
PostgreSQL nor of Chromium, which serve many tests.
"""

import os
import time
from collections import Counter

import pytest

_COST = "processor seconds"
_MOMENT = 0.1
"""What costs less is not worth a line."""

_began, _ended = pytest.StashKey[float](), pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slowest-files", type=int, default=0, metavar="N", help="say which files cost most processor")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--slowest-files"):
        config.pluginmanager.register(Slowest(config.getoption("--slowest-files")))


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
