"""What `--quick` runs, so that `make quick` takes about a minute. A pytest plugin.

No PostgreSQL, no browser, nothing marked `slow`, and the first story of each file, mostly what a noun does when
all goes well. All stories take six times as long.
"""

from collections.abc import Iterable

import pytest

LEFT_OUT = frozenset({"postgres", "browser", "slow"})
STORIES = "tests/stories/"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="SQLite alone, nothing slow, and a story of each file")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.quick:
        wanted = set(chosen((one.nodeid, {mark.name for mark in one.iter_markers()}) for one in items))
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in wanted])
        items[:] = [one for one in items if one.nodeid in wanted]


def chosen(tests: Iterable[tuple[str, set[str]]]) -> list[str]:
    """Their ids, of those that are given with their marks, in the order in which they stand in their files."""
    found: list[str] = []
    told: set[str] = set()
    for test, marks in tests:
        file = test.partition("::")[0]
        if marks & LEFT_OUT or file in told:
            continue
        if file.startswith(STORIES):
            told.add(file)
        found.append(test)
    return found
